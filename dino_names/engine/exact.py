"""What steps for a model file to the same bits on every processor: slower, for names by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names import exact_math
from dino_names.arrays import Array, Float64s, Integers
from dino_names.config import Architecture
from dino_names.engine.network import Tensors
from dino_names.engine.predictor import States
from dino_names.engine.sampling import Sampler
from dino_names.errors import OptionError
from dino_names.ngram import Ngram

TINY = 1e-30


class ExactSampler(Sampler):
    """A sampler whose weights are the same everywhere."""

    def _exp(self, values: Any) -> Any:
        return exact_math.exp(values)

    def total(self, weights: Any) -> Any:
        """The sums of rows of weights, in order."""
        return exact_math.total(weights)[:, 0]


class ExactState:
    """The vectors of each layer, (batch, units) each, and of an LSTM its cells behind them."""

    def __init__(self, vectors: list[Float64s]) -> None:
        self.vectors = vectors

    def keep(self, rows: Integers) -> None:
        """Drop all rows but these."""
        self.vectors = [vector[rows] for vector in self.vectors]

    def pick(self, rows: Integers) -> ExactState:
        """A copy of these rows, each of which may come more than once."""
        return ExactState([vector[rows] for vector in self.vectors])


class ExactNetwork:
    """A network of Keras's cells, written out; see `cells` for their sources.

    Arguments:
        architecture: the sizes.
        tensors: of one network, under the names of `Architecture.shapes`.
    """

    def __init__(self, architecture: Architecture, tensors: Tensors) -> None:
        self.vocab_size = architecture.vocab_size
        self._sizes = architecture
        self._weights = {name: np.asarray(value, np.float64) for name, value in tensors.items()}
        weights = self._weights
        if architecture.encoder == "embedding":
            encoded = weights["encoder.embedding"]
        elif architecture.encoder == "tanh":
            encoded = exact_math.tanh(weights["encoder.kernel"] + weights["encoder.bias"])
        else:
            encoded = np.eye(architecture.vocab_size)
        self._table = exact_math.product(encoded, weights["layer0.kernel"])
        self._matrices = {
            name: exact_math.Matrix(value) for name, value in weights.items() if "kernel" in name
        }

    def initial_state(self, batch: int) -> ExactState:
        """The state before the first character: zeros."""
        vectors = self._sizes.num_layers * (2 if self._sizes.cell == "lstm" else 1)
        return ExactState([np.zeros((batch, self._sizes.rnn_units)) for _ in range(vectors)])

    def step(self, ids: Integers, state: ExactState) -> Any:
        """Read one character of each name; logits, float64 of shape (batch, vocab_size)."""
        projected, layers = self._table[ids], self._sizes.num_layers
        for layer in range(layers):
            if layer:
                projected = self._matrices[f"layer{layer}.kernel"].times(state.vectors[layer - 1])
            bias = self._weights[f"layer{layer}.bias"]
            hidden = state.vectors[layer]
            recurrent = self._matrices[f"layer{layer}.recurrent_kernel"].times(hidden)
            if self._sizes.cell == "gru":
                state.vectors[layer] = _gru(projected + bias[0], recurrent + bias[1], hidden)
            elif self._sizes.cell == "lstm":
                cell = state.vectors[layers + layer]
                state.vectors[layer], state.vectors[layers + layer] = _lstm(
                    projected + recurrent + bias, cell
                )
            else:
                state.vectors[layer] = exact_math.tanh(projected + recurrent + bias)
        hidden = state.vectors[layers - 1]
        return self._matrices["output.kernel"].times(hidden) + self._weights["output.bias"]


def _gru(projected: Float64s, recurrent: Float64s, hidden: Float64s) -> Float64s:
    units = hidden.shape[1]
    update, reset = np.split(
        exact_math.sigmoid(projected[:, : 2 * units] + recurrent[:, : 2 * units]), 2, axis=1
    )
    candidate = exact_math.tanh(projected[:, 2 * units :] + reset * recurrent[:, 2 * units :])
    return np.asarray(update * hidden + (1 - update) * candidate)


def _lstm(gates: Float64s, cell: Float64s) -> tuple[Float64s, Float64s]:
    entry, forget, candidate, leave = np.split(gates, 4, axis=1)
    cell = exact_math.sigmoid(forget) * cell + exact_math.sigmoid(entry) * exact_math.tanh(
        candidate
    )
    return exact_math.sigmoid(leave) * exact_math.tanh(cell), cell


class ExactMixture:
    """Networks whose probabilities are averaged, and perhaps an n-gram beside them.

    Arguments:
        networks: at least one.
        ngram: in float64, or None.
        weights: the exponents of both; see `mixture`.
    """

    def __init__(
        self,
        networks: list[ExactNetwork],
        ngram: Ngram | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self.vocab_size = networks[0].vocab_size
        self.ngram = ngram
        self._networks = networks
        self._weights = weights or {"network": 1.0, "ngram": 0.0}

    def initial_state(self, batch: int) -> States:
        """The states of all before anything was read."""
        readers: list[Any] = [*self._networks, *([self.ngram] if self.ngram else [])]
        return States([reader.initial_state(batch) for reader in readers])

    def step(self, ids: Integers, state: States) -> Any:
        """Read one character of each name; see `ExactNetwork.step`."""
        count = len(self._networks)
        pairs = zip(self._networks, state.states[:count], strict=True)
        logits = [network.step(ids, own) for network, own in pairs]
        found = logits[0]
        if count > 1:
            shares = [exact_math.exp(each - each.max(axis=1, keepdims=True)) for each in logits]
            mean = sum(share / exact_math.total(share) for share in shares) / count
            found = exact_math.log(np.maximum(mean, TINY))
        found = found * self._weights["network"]
        if self.ngram is not None:
            chances = self.ngram.read(ids, state.states[count])
            found += self._weights["ngram"] * exact_math.log(np.maximum(chances, TINY))
        return found


def build_exact(
    architecture: Architecture, tensors: Tensors, partner: Mapping[str, Any] | None
) -> ExactMixture:
    """What steps for a model file; see `assembly.build`.

    Raises:
        OptionError: a network that this cannot do.
    """
    if architecture.cell == "gpt":
        raise OptionError(
            "key: expected a model of gru, lstm or rnn, whose names come out alike on every "
            "processor, received one of gpt; use a seed."
        )
    networks = []
    for number in range(architecture.networks):
        prefix = f"network{number}."
        own: dict[str, Array] = {
            name.removeprefix(prefix): tensor
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
        networks.append(ExactNetwork(architecture, own))
    if partner is None:
        return ExactMixture(networks)
    ngram = Ngram(partner["ngram"], tensors, dtype=np.float64)
    return ExactMixture(networks, ngram, partner["mixing"])
