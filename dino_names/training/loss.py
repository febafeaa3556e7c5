"""A loss that is comparable whatever the padding."""

from __future__ import annotations

import keras
import tensorflow as tf

from dino_names.corpus import BOUNDARY_ID


class NatsPerCharacter(keras.metrics.Metric):
    """Cross-entropy per character of a name and of the boundary that ends it.

    What follows that boundary is padding: easy to predict, so that a loss which counts it looks
    better the wider the batches are padded. Sums and counts are kept, so the result over many
    batches is exact. For names without a boundary before them, and for those with one.

    Arguments:
        name: under which `fit` reports it.
    """

    def __init__(self, name: str = "nats_per_char") -> None:
        super().__init__(name=name)
        self.total = self.add_variable((), "zeros", name="total")
        self.characters = self.add_variable((), "zeros", name="characters")

    def update_state(
        self, y_true: tf.Tensor, y_pred: tf.Tensor, sample_weight: tf.Tensor | None = None
    ) -> None:
        """Count a batch.

        Arguments:
            y_true: ids, (batch, time).
            y_pred: logits, (batch, time, vocab_size).
            sample_weight: not used; what counts follows from the ids.
        """
        y_true = tf.cast(y_true, tf.int32)
        ends = tf.cast(tf.equal(y_true, BOUNDARY_ID), tf.float32)
        counted = tf.cast(tf.equal(tf.cumsum(ends, axis=1, exclusive=True), 0.0), tf.float32)
        nats = tf.nn.sparse_softmax_cross_entropy_with_logits(y_true, y_pred)
        self.total.assign_add(tf.reduce_sum(nats * counted))
        self.characters.assign_add(tf.reduce_sum(counted))

    def result(self) -> tf.Tensor:
        """Nats per character so far, 0 where nothing was counted."""
        return tf.math.divide_no_nan(
            tf.convert_to_tensor(self.total), tf.convert_to_tensor(self.characters)
        )


def token_loss() -> keras.losses.Loss:
    """Cross-entropy in nats, averaged over the characters that count in a batch."""
    return keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
