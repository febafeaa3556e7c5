"""What every recurrent layer of the lab has in common: its parts, and their shapes.

A cell is a module with four functions: `initial_parameters`, `initial_state`, `forward` and
`backward`. `rnn_cell`, `lstm` and `gru` are cells; `network` stacks them. One sequence at a
time, one row per step: inputs (time, n_x), outputs and states (time, n_a), float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dino_names.scratch.rnn import Array, Parameters

State = tuple[Array, ...]


@dataclass(frozen=True)
class Trace:
    """What a forward pass leaves behind for the backward pass.

    Attributes:
        x: the inputs, (time, n_x).
        states: for each part of the state, (time + 1, n_a); row 0 is what was carried in. The
            first part is the output.
        gates: whatever else the cell needs again, each (time, n_a).
    """

    x: Array
    states: tuple[Array, ...]
    gates: tuple[Array, ...] = ()

    @property
    def out(self) -> Array:
        """The output after each step, (time, n_a)."""
        return self.states[0][1:]

    @property
    def last(self) -> State:
        """The state to carry on with, each part (n_a,)."""
        return tuple(part[-1] for part in self.states)


@dataclass(frozen=True)
class Backward:
    """What a backward pass finds.

    Attributes:
        gradients: for each parameter, under the parameter's own name.
        d_x: gradient at the inputs, (time, n_x).
        d_states: for each part of the state, (time, n_a): row t is the gradient at the state
            that step t + 1 was handed, so row 0 belongs to what was carried in.
    """

    gradients: Parameters
    d_x: Array
    d_states: tuple[Array, ...]


class Cell(Protocol):
    """A recurrent layer, as four functions."""

    def initial_parameters(self, n_x: int, n_a: int, rng: np.random.Generator) -> Parameters:
        """Weights times 0.01 from a normal distribution, and biases."""

    def initial_state(self, n_a: int) -> State:
        """Zeros, one array (n_a,) for each part of the state."""

    def forward(self, parameters: Parameters, x: Array, state: State) -> Trace:
        """Read the inputs (time, n_x), starting from a state."""

    def backward(self, parameters: Parameters, trace: Trace, d_out: Array) -> Backward:
        """Gradients, from those at the outputs (time, n_a)."""


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), written with tanh because exp overflows for large negative z."""
    return np.asarray(0.5 * np.tanh(0.5 * z) + 0.5)
