"""One step of the network in NumPy, for a batch of names at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dino_names.config.architecture import GATES, Architecture
from dino_names.engine.cells import CELLS, by_gate, split_bias
from dino_names.errors import OptionError

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.integer]
Tensors = Mapping[str, npt.NDArray[Any]]


class Recurrent(Protocol):
    """What a predictor remembers of a batch of names, changed in place by each step."""

    def keep(self, rows: Ids) -> None:
        """Drop all rows but these, which may also come in another order."""

    def tile(self, batch: int) -> Recurrent:
        """A copy for a batch of this size, from a batch of 1."""


class Predictor(Protocol):
    """Anything that says what character may come next, and with which logits.

    The generator knows no more of a network than this, so whatever has these three serves.
    """

    @property
    def vocab_size(self) -> int:
        """Characters, the boundary included."""

    def initial_state(self, batch: int) -> Any:
        """The state (see `Recurrent`) before the first character of `batch` names."""

    def step(self, ids: Ids, state: Any) -> Floats:
        """Read one character of each name and change the state.

        Arguments:
            ids: shape (batch,), each from 0 to vocab_size - 1.
            state: from `initial_state`, `tile` or an earlier step.

        Returns:
            float32 logits of shape (batch, vocab_size). They are the caller's to change, until
            the next step with this state.
        """


class State:
    """The hidden (and, for an LSTM, cell) vectors of each layer, and room to work in.

    Arguments:
        vectors: arrays of shape (batch, units).
        buffers: what a step writes into, each of shape (..., batch, width).
    """

    def __init__(self, vectors: list[Floats], buffers: list[Floats]) -> None:
        self.vectors = vectors
        self.buffers = buffers

    def keep(self, rows: Ids) -> None:
        """Drop all rows but these."""
        self.vectors = [vector[rows] for vector in self.vectors]
        self.buffers = [_shorten(buffer, len(rows)) for buffer in self.buffers]

    def tile(self, batch: int) -> State:
        """A copy for a batch of this size, from a batch of 1."""
        vectors = [np.repeat(vector, batch, axis=0) for vector in self.vectors]
        shapes = [(*buffer.shape[:-2], batch, buffer.shape[-1]) for buffer in self.buffers]
        return State(vectors, [np.empty(shape, np.float32) for shape in shapes])


def _shorten(buffer: Floats, batch: int) -> Floats:
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

    def step(self, ids: Ids, state: State) -> Floats:
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


def _encode(architecture: Architecture, tensors: Tensors, kernel: Floats) -> Floats:
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


class States:
    """The states of several predictors that read the same names."""

    def __init__(self, states: Sequence[Any]) -> None:
        self.states = tuple(states)

    def keep(self, rows: Ids) -> None:
        """Drop all rows but these."""
        for state in self.states:
            state.keep(rows)

    def tile(self, batch: int) -> States:
        """A copy for a batch of this size, from a batch of 1."""
        return States([state.tile(batch) for state in self.states])


class Ensemble:
    """Several predictors as one: the logits are the logarithm of their mean probability.

    Arguments:
        predictors: at least one, of one vocabulary.
    """

    def __init__(self, predictors: Sequence[Predictor]) -> None:
        self.predictors = tuple(predictors)
        self.vocab_size = self.predictors[0].vocab_size

    def initial_state(self, batch: int) -> States:
        """The states of all of them before the first character."""
        return States([predictor.initial_state(batch) for predictor in self.predictors])

    def step(self, ids: Ids, state: States) -> Floats:
        """The logits after one more character of each name; see `Predictor.step`."""
        pairs = zip(self.predictors, state.states, strict=True)
        first, *others = (log_softmax(one.step(ids, its)) for one, its in pairs)
        for other in others:
            np.logaddexp(first, other, out=first)
        first -= np.float32(np.log(len(self.predictors)))
        return first


def log_softmax(logits: Floats) -> Floats:
    """Logarithms of the probabilities, in place of the logits, shape (batch, vocab_size)."""
    logits -= logits.max(axis=1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return logits


def build(
    architecture: Architecture, tensors: Tensors, partner: Mapping[str, Any] | None = None
) -> Predictor:
    """What steps for a model file: its network, or several, or those and an n-gram.

    Arguments:
        architecture: the sizes.
        tensors: under the names of `Architecture.all_shapes`, and those of the partner.
        partner: the section of the n-gram beside the networks, if there is one.

    Raises:
        OptionError: the tensors are not those of the architecture.
        ModelFileError: the partner is not one.
    """
    networks: list[Predictor] = []
    make: Callable[[Architecture, Tensors], Predictor] = Network
    if architecture.cell == "gpt":
        from dino_names.engine.gpt import Gpt  # the others do without it

        make = Gpt
    for number in range(architecture.networks):
        prefix = f"network{number}."
        names = [name for name in tensors if name.startswith(prefix)]
        own = {name.removeprefix(prefix): tensors[name] for name in names}
        networks.append(make(architecture, own))
    predictor = networks[0] if len(networks) == 1 else Ensemble(networks)
    if partner is None:
        return predictor
    from dino_names.engine.mixture import Mixture  # only a model that has a partner pays for it

    return Mixture.from_bundle(predictor, partner, tensors)
