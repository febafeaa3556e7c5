"""How well a network foretells held-out data, measured exactly, while it trains."""

from __future__ import annotations

import contextlib

import keras
import tensorflow as tf

from dino_names.training.batches import Measured, Source
from dino_names.training.loss import token_loss
from dino_names.training.network import read_state, stateless, write_state
from dino_names.training.ngram_mixing import NgramPartner


class Validator:
    """Measures a model with the weights it has, dropout off.

    Arguments:
        model: built; the graph that runs it is made once.
        carried: whether what it is measured on goes on from batch to batch, as streams do.
    """

    def __init__(self, model: keras.Sequential, *, carried: bool = False) -> None:
        self.model = model

        def logits(ids: tf.Tensor) -> tf.Tensor:
            with contextlib.nullcontext() if carried else stateless(model):
                return model(ids, training=False)

        self._logits = tf.function(logits, reduce_retracing=True, autograph=False)

    def figures(self, valid: Measured, partner: NgramPartner | None = None) -> dict[str, float]:
        """Measure held-out data.

        Arguments:
            valid: what is held out.
            partner: the n-gram beside the network, whose weights are found here.

        Returns:
            `val_nats_per_char`: exact, over all characters that count, the boundary that ends
            a name among them. `val_nats_with_ngram`: the same for the network and the n-gram
            together, where that is better.
        """
        total, tokens, kept = 0.0, 0.0, []
        for inputs, targets, weights in valid.walk(self.model):
            logits = self._logits(inputs)
            nats = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            total += float(tf.reduce_sum(nats * weights))
            if partner and tokens < partner.most:
                kept.append(tuple(t.numpy() for t in (inputs, targets, weights, logits)))
            tokens += float(tf.reduce_sum(weights))
        figures = {"val_nats_per_char": total / tokens}
        mixed = partner.mix(kept) if partner else None
        return figures if mixed is None else {**figures, "val_nats_with_ngram": mixed}

    def first_loss(self, train: Source) -> float:
        """Nats per character of the first batch, the state put back after."""
        kept = read_state(self.model)
        inputs, targets, weights = next(iter(train.dataset(0, 1)))
        loss = token_loss()(targets, self._logits(inputs), sample_weight=weights)
        write_state(self.model, kept)
        return float(loss)
