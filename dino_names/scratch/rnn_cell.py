"""The plain RNN of `rnn.py` as a layer, for inputs of any kind and for stacking.

One equation, in the symbols of `rnn.py`::

    a<t> = tanh(Wax x<t> + Waa a<t-1> + b)

    Wax (n_a, n_x)  Waa (n_a, n_a)  b (n_a, 1)
"""

from __future__ import annotations

import numpy as np

from dino_names.scratch.cell import Backward, State, Trace
from dino_names.scratch.rnn import Array, Parameters, unroll, unroll_backward


def initial_parameters(n_x: int, n_a: int, rng: np.random.Generator) -> Parameters:
    """Weights times 0.01 from a normal distribution, zero biases."""
    return {
        "Wax": rng.standard_normal((n_a, n_x)) * 0.01,
        "Waa": rng.standard_normal((n_a, n_a)) * 0.01,
        "b": np.zeros((n_a, 1)),
    }


def initial_state(n_a: int) -> State:
    """a<0> = 0."""
    return (np.zeros(n_a),)


def forward(parameters: Parameters, x: Array, state: State) -> Trace:
    """Read the inputs (time, n_x) from state (a<0>,)."""
    drive = x @ parameters["Wax"].T  # (time, n_a)
    a = unroll(drive, parameters["Waa"], parameters["b"], state[0])
    return Trace(x, (a,))


def backward(parameters: Parameters, trace: Trace, d_out: Array) -> Backward:
    """Gradients, from those at the outputs (time, n_a)."""
    (a,) = trace.states
    dz, da = unroll_backward(d_out, parameters["Waa"], a)
    gradients = {"Wax": dz.T @ trace.x, "Waa": dz.T @ a[:-1], "b": dz.sum(axis=0)[:, None]}
    return Backward(gradients, dz @ parameters["Wax"], (da,))
