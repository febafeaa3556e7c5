"""A GRU and an LSTM for the processor: Keras's own with the same weights and results, faster.

Three things make them so:

- the input's share of all gates, for all steps, is one matrix product before the loop; above an
  embedding, whose few rows are all there is to multiply, it is a table to look up in;
- the way back through time is written out, see `time_loop`;
- the products may run in bfloat16, where the processor has it, with float32 weights,
  gate arithmetic and gradients.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from dino_names.training.network.cell_equations import Equations, GRUEquations, LSTMEquations
from dino_names.training.network.time_loop import Source, product, run_over_time

GRU_EQUATIONS, LSTM_EQUATIONS = GRUEquations(), LSTMEquations()


@keras.saving.register_keras_serializable(package="dino_names")
class Embedding(keras.layers.Embedding):
    """`keras.layers.Embedding`, whose result says which rows of which table it consists of.

    It says so as Keras passes masks on, by an attribute of the tensor, so a layer between, such
    as dropout, makes it an ordinary tensor again.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Look up: int32 (batch, time) to (batch, time, features)."""
        outputs = super().call(inputs)
        outputs.looked_up = (inputs, self.embeddings)
        return outputs


class OneHot(keras.layers.Layer):
    """1 at the place of each id: what `CategoryEncoding` gives, which fails in a graph.

    Arguments:
        size: ids there are.
    """

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.size = size

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """int32 (batch, time) to (batch, time, size)."""
        return keras.ops.one_hot(inputs, self.size, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """What makes it again."""
        return {**super().get_config(), "size": self.size}


class WeightDropped(keras.layers.RNN):
    """Dropout on the recurrent kernel; stands before the stock layer among the bases."""

    def __init__(self, units: int, *, weight_dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.weight_dropout = weight_dropout
        # Made only where it is used: the weight files of both layers are then the same.
        self.weight_seeds = (
            keras.random.SeedGenerator(kwargs.get("seed")) if weight_dropout else None
        )

    def get_config(self) -> dict[str, Any]:
        """The stock layer's configuration and the weight dropout."""
        return {**super().get_config(), "weight_dropout": self.weight_dropout}

    def inner_loop(
        self,
        sequences: tf.Tensor,
        initial_state: Any,
        mask: tf.Tensor | None,
        training: bool = False,
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Run over a sequence, on whichever path Keras has for it."""
        with reading(self.cell, self.recurrent_kernel(training)):
            return super().inner_loop(sequences, initial_state, mask, training)

    def recurrent_kernel(self, training: bool) -> tf.Tensor:
        """The recurrent kernel of one call, in training without some of its numbers."""
        kernel = tf.convert_to_tensor(self.cell.recurrent_kernel)
        if not (training and self.weight_dropout):
            return kernel
        # Drawn in float32, so that what is left out is the same under every policy.
        whole = tf.cast(kernel, tf.float32)
        dropped = keras.random.dropout(whole, self.weight_dropout, seed=self.weight_seeds)
        return tf.cast(dropped, kernel.dtype)


class Fast(WeightDropped):
    """What both layers share; stands before the stock layer among the bases."""

    equations: Equations

    def __init__(self, units: int, *, precision: str = "float32", **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.precision = precision

    def get_config(self) -> dict[str, Any]:
        """The stock layer's configuration, the weight dropout and the precision."""
        return {**super().get_config(), "precision": self.precision}

    def inner_loop(
        self,
        sequences: tf.Tensor,
        initial_state: Any,
        mask: tf.Tensor | None,
        training: bool = False,
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Run over a sequence; called by the stock layer's `call`.

        Arguments:
            sequences: (batch, time, features).
            initial_state: the states, each (batch, units), in a list or not.
            mask: None, or the stock layer takes over.
            training: whether dropout applies.

        Returns:
            The last output (batch, units), all outputs (batch, time, units), the last states.
        """
        if mask is not None or not self._fast():
            return super().inner_loop(sequences, initial_state, mask, training)
        kernel = self.recurrent_kernel(training)
        states = initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
        source = self._source(sequences, training)
        biases = self.equations.biases(tf.convert_to_tensor(self.cell.bias))
        outputs, *further = run_over_time(self.equations, source, biases, kernel, tuple(states))
        return outputs[-1], tf.transpose(outputs, (1, 0, 2)), [outputs[-1], *further]

    def _source(self, sequences: tf.Tensor, training: bool) -> Source:
        """Where the inputs' share of the gates comes from; see `run_over_time`."""
        kernel = tf.convert_to_tensor(self.cell.kernel)
        looked_up = getattr(sequences, "looked_up", None)
        if training and self.dropout:
            sequences = sequences * self.cell.get_dropout_mask(sequences[:, 0])[:, None]
        elif training and looked_up is not None:
            numbers, table = looked_up
            return product(tf.convert_to_tensor(table), kernel, self.precision), tf.transpose(
                numbers
            )
        features, width = kernel.shape
        turned = tf.transpose(sequences, (1, 0, 2))
        shape = tf.concat([tf.shape(turned)[:2], [width]], 0)
        flat = product(tf.reshape(turned, (-1, features)), kernel, self.precision)
        rows = tf.reshape(flat, shape)
        rows.set_shape((sequences.shape[1], sequences.shape[0], width))
        return (rows,)

    def _fast(self) -> bool:
        cell = self.cell
        return (
            cell.use_bias
            and cell.activation is keras.activations.tanh
            and cell.recurrent_activation is keras.activations.sigmoid
            and cell.compute_dtype == "float32"
            and not self.recurrent_dropout
            and not self.go_backwards
            and (self.precision == "bfloat16" or not tf.config.list_logical_devices("GPU"))
        )


@contextlib.contextmanager
def reading(cell: keras.layers.Layer, kernel: tf.Tensor) -> Iterator[None]:
    """Let a cell read another recurrent kernel than its own, whichever path of Keras runs it.

    Past Keras's own way to set an attribute, which would make the weight another.
    """
    own = cell.recurrent_kernel
    object.__setattr__(cell, "recurrent_kernel", kernel)
    try:
        yield
    finally:
        object.__setattr__(cell, "recurrent_kernel", own)


@keras.saving.register_keras_serializable(package="dino_names")
class SimpleRNN(WeightDropped, keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN` with the weight dropout of `GRU` here."""


@keras.saving.register_keras_serializable(package="dino_names")
class GRU(Fast, keras.layers.GRU):
    """A drop-in for `keras.layers.GRU`.

    Arguments:
        units: width of the state.
        precision: `float32` or `bfloat16`, of the matrix products alone.
        weight_dropout: share of the recurrent kernel left out in each training step, the same
            for all characters of it (Merity, Keskar, Socher 2018, "Regularizing and optimizing
            LSTM language models").
        kwargs: those of `keras.layers.GRU`.

    Masks, recurrent dropout, `reset_after=False`, other activations, other policies than float32
    and, in float32, a GPU are left to the stock layer's path, weight dropout with them.
    """

    equations = GRU_EQUATIONS

    def _fast(self) -> bool:
        return self.cell.reset_after and super()._fast()


@keras.saving.register_keras_serializable(package="dino_names")
class LSTM(Fast, keras.layers.LSTM):
    """A drop-in for `keras.layers.LSTM`; the arguments are those of `GRU` here."""

    equations = LSTM_EQUATIONS
