"""One step of the network in NumPy, for a batch of names at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dino_names.arrays import Array, Float32s, Integers
from dino_names.config import GATES, Architecture
from dino_names.engine.cells import CELLS, by_gate, split_bias
from dino_names.errors import OptionError

Tensors = Mapping[str, Array]


class State:
    """The hidden (and, for an LSTM, cell) vectors of each layer, and room to work in.

    Arguments:
        vectors: arrays of shape (batch, units).
        buffers: what a step writes into, each of shape (..., batch, width).
    """

    def __init__(self, vectors: list[Float32s], buffers: list[Float32s]) -> None:
        self.vectors = vectors
        self.buffers = buffers

    def keep(self, rows: Integers) -> None:
        """Drop all rows but these."""
        self.vectors = [vector[rows] for vector in self.vectors]
        self.buffers = [_shorten(buffer, len(rows)) for buffer in self.buffers]

    def pick(self, rows: Integers) -> State:
        """A copy of these rows, each of which may come more than once."""
        vectors = [vector[rows] for vector in self.vectors]
        shapes = [(*buffer.shape[:-2], len(rows), buffer.shape[-1]) for buffer in self.buffers]
        return State(vectors, [np.empty(shape, np.float32) for shape in shapes])


def _shorten(buffer: Float32s, batch: int) -> Float32s:
    """The same memory for a smaller batch, without gaps between the blocks."""
    shape = (*buffer.shape[:-2], batch, buffer.shape[-1])
    return buffer.reshape(-1)[: buffer.size // buffer.shape[-2] * batch].reshape(shape)


class Network:
    """A network whose weights were made by Keras.

    The first layer's input projection is looked up, since it can only have vocab_size values.

    Arguments:
        architecture: the sizes.
        tensors: of one network, under the names of `Architecture.shapes`.

    Raises:
        OptionError: the tensors are not those of the architecture.
    """

    def __init__(self, architecture: Architecture, tensors: Tensors) -> None:
        _check_shapes(architecture, tensors)
        cell, layers = architecture.cell, range(architecture.num_layers)
        self.vocab_size = architecture.vocab_size
        self._cell = cell
        self._units = architecture.rnn_units
        self._kernels = [by_gate(cell, tensors[f"layer{layer}.kernel"]) for layer in layers]
        self._recurrent = [
            by_gate(cell, tensors[f"layer{layer}.recurrent_kernel"], recurrent=True)
            for layer in layers
        ]
        biases = [split_bias(cell, tensors[f"layer{layer}.bias"]) for layer in layers]
        self._biases = [bias[0] for bias in biases]
        self._late_biases = [bias[1] for bias in biases]
        self._table = _encode(architecture, tensors, self._kernels[0]) + self._biases[0]
        self._output = np.ascontiguousarray(tensors["output.kernel"], np.float32)
        self._output_bias = np.asarray(tensors["output.bias"], np.float32)

    def initial_state(self, batch: int) -> State:
        """The state before the first character: zeros."""
        vectors = len(self._kernels) * (2 if self._cell == "lstm" else 1)
        row = (batch, self._units)
        gates = (GATES[self._cell], *row)
        return State(
            [np.zeros(row, np.float32) for _ in range(vectors)],
            [
                np.empty(shape, np.float32)
                for shape in (gates, gates, row, (batch, self.vocab_size))
            ],
        )

    def step(self, ids: Integers, state: State) -> Float32s:
        """The logits after one more character of each name; see `Predictor.step`."""
        projected, gates, spare, logits = state.buffers
        # Clipping changes no id that is in the vocabulary and spares take a copy of its result.
        np.take(self._table, ids, axis=1, out=projected, mode="clip")
        advance = CELLS[self._cell]
        below = state.vectors[0]
        for layer, recurrent in enumerate(self._recurrent):
            if layer:
                np.matmul(below, self._kernels[layer], out=projected)
                np.add(projected, self._biases[layer], out=projected)
            below = state.vectors[layer]
            np.matmul(below, recurrent, out=gates)
            cell = state.vectors[-1 - layer] if self._cell == "lstm" else spare
            advance(projected, gates, below, cell, self._late_biases[layer])
        np.matmul(below, self._output, out=logits)
        return np.add(logits, self._output_bias, out=logits)


def _encode(architecture: Architecture, tensors: Tensors, kernel: Float32s) -> Float32s:
    """The first layer's input projection of every character, (gates, vocab_size, units)."""
    if architecture.encoder == "onehot":
        return kernel
    if architecture.encoder == "tanh":
        encoded = np.tanh(tensors["encoder.kernel"] + tensors["encoder.bias"])
    else:
        encoded = tensors["encoder.embedding"]
    return np.asarray(encoded, np.float32) @ kernel


def _check_shapes(architecture: Architecture, tensors: Tensors) -> None:
    received = {name: tensors[name].shape for name in tensors}
    if received != architecture.shapes():
        raise OptionError(f"tensors: expected {architecture.shapes()}, received {received}.")
