"""Recurrent layers, one above the other, that read characters and predict the next.

    h[0] = one-hot characters                 (time, vocab_size)
    h[k] = layer k reads h[k - 1]             (time, units)
    logits = h[layers] Wya.T + by.T           (time, vocab_size)
    loss = - sum over t of log softmax(logits<t>)[Y<t>]

The parameters of all layers lie in one flat dictionary: those of layer 1 as `1.Wax`, those of
the readout as `Wya` (vocab_size, units) and `by` (vocab_size, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.scratch import gru, lstm, rnn_cell
from dino_names.scratch.cell import Backward, Cell, State, Trace
from dino_names.scratch.errors import LabError
from dino_names.scratch.rnn import Array, Parameters, one_hot, softmax

CELLS = ("rnn", "lstm", "gru")


def cell_named(name: str) -> Cell:
    """The cell of that name.

    Raises:
        LabError: there is none.
    """
    if name == "rnn":
        return rnn_cell
    if name == "lstm":
        return lstm
    if name == "gru":
        return gru
    raise LabError(f"cell: expected one of {', '.join(CELLS)}, received {name!r}.")


@dataclass(frozen=True)
class Network:
    """The sizes of a network; the numbers are kept apart, as parameters.

    Arguments:
        vocab_size: characters.
        cell: `rnn`, `lstm` or `gru`.
        units: units of each layer, 128 by default.
        layers: 1 by default.

    Raises:
        LabError: no such cell, or a size below 1.
    """

    vocab_size: int
    cell: str = "rnn"
    units: int = 128
    layers: int = 1

    def __post_init__(self) -> None:
        cell_named(self.cell)
        for name in ("vocab_size", "units", "layers"):
            if getattr(self, name) < 1:
                raise LabError(f"{name}: expected at least 1, received {getattr(self, name)!r}.")

    def initial_parameters(self, rng: np.random.Generator) -> Parameters:
        """Weights times 0.01 from a normal distribution, layer after layer, then the readout."""
        parameters: Parameters = {}
        for layer in range(1, self.layers + 1):
            n_x = self.vocab_size if layer == 1 else self.units
            own = cell_named(self.cell).initial_parameters(n_x, self.units, rng)
            parameters |= {f"{layer}.{name}": value for name, value in own.items()}
        parameters["Wya"] = rng.standard_normal((self.vocab_size, self.units)) * 0.01
        parameters["by"] = np.zeros((self.vocab_size, 1))
        return parameters

    def initial_states(self) -> list[State]:
        """Zeros, for each layer."""
        return [cell_named(self.cell).initial_state(self.units) for _ in range(self.layers)]

    def forward(
        self, parameters: Parameters, X: Sequence[int], states: Sequence[State]
    ) -> tuple[Array, list[Trace]]:
        """Read ids.

        Arguments:
            parameters: of all layers and the readout.
            X: ids.
            states: one for each layer, from `initial_states` or from the traces before.

        Returns:
            logits (time, vocab_size), and the trace of each layer.
        """
        h, traces = one_hot(X, self.vocab_size), []
        for layer, state in enumerate(states, start=1):
            own = self._of_layer(parameters, layer)
            traces.append(cell_named(self.cell).forward(own, h, state))
            h = traces[-1].out
        return h @ parameters["Wya"].T + parameters["by"].T, traces

    def backward(
        self, parameters: Parameters, traces: Sequence[Trace], d_logits: Array
    ) -> tuple[Parameters, list[Backward]]:
        """Gradients of every parameter, from those at the logits (time, vocab_size).

        Returns:
            The gradients under the parameters' own names, and what each layer found.
        """
        gradients = {"Wya": d_logits.T @ traces[-1].out, "by": d_logits.sum(axis=0)[:, None]}
        d_h, found = d_logits @ parameters["Wya"], []
        for layer in range(self.layers, 0, -1):
            own = self._of_layer(parameters, layer)
            found.append(cell_named(self.cell).backward(own, traces[layer - 1], d_h))
            d_h = found[-1].d_x
            of_layer = found[-1].gradients
            gradients |= {f"{layer}.{name}": value for name, value in of_layer.items()}
        return gradients, found[::-1]

    @staticmethod
    def _of_layer(parameters: Parameters, layer: int) -> Parameters:
        mark = f"{layer}."
        return {
            name.removeprefix(mark): value
            for name, value in parameters.items()
            if name.startswith(mark)
        }


def cross_entropy(logits: Array, Y: Sequence[int]) -> tuple[float, Array]:
    """The loss in nats summed over the steps, and its gradient at the logits.

    Arguments:
        logits: (time, vocab_size).
        Y: the ids that should have been predicted.

    Returns:
        The loss, and softmax(logits) - one_hot(Y), (time, vocab_size).
    """
    largest = logits.max(axis=1)
    total = np.log(np.exp(logits - largest[:, None]).sum(axis=1)) + largest  # (time,)
    loss = (total - logits[range(len(Y)), Y]).sum()
    return float(loss), softmax(logits) - one_hot(Y, logits.shape[1])
