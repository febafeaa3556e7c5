"""A GRU over whole names, forward and back, many names at once.

Cho et al. 2014, the reset gate applied after the product, as cuDNN and Keras have it::

    z, r = sigmoid(x_zr + h_zr)
    c = tanh(x_c + r (h_c + b))
    h' = z h + (1 - z) c

with x the input's share of the gates and h the state's, each gates side by side: z, r, c.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dino_names.arrays import Floats


class Trace(NamedTuple):
    """What the way back needs of a run, time first.

    Arguments:
        states: the state before the first character, and after each, (time + 1, batch, units).
        gates: z and r side by side, (time, batch, 2 x units).
        candidates: c, (time, batch, units).
        late: what the reset gate multiplies, (time, batch, units).
    """

    states: Floats
    gates: Floats
    candidates: Floats
    late: Floats


def forward(inputs: Floats, kernel: Floats, bias: Floats) -> Trace:
    """Run from a state of zeros.

    Arguments:
        inputs: the input's share of the gates, all biases but `bias` in it,
            (time, batch, 3 x units).
        kernel: the recurrent kernel, (units, 3 x units).
        bias: of the candidate's share of the state, (units,).
    """
    time, batch, width = inputs.shape
    units, kind = width // 3, inputs.dtype
    trace = Trace(
        np.zeros((time + 1, batch, units), kind),
        np.empty((time, batch, 2 * units), kind),
        np.empty((time, batch, units), kind),
        np.empty((time, batch, units), kind),
    )
    hidden, spare = np.empty((batch, width), kind), np.empty((batch, units), kind)
    for t in range(time):
        gates, candidate, late = trace.gates[t], trace.candidates[t], trace.late[t]
        np.matmul(trace.states[t], kernel, out=hidden)
        np.add(inputs[t, :, : 2 * units], hidden[:, : 2 * units], out=gates)
        # sigmoid(x) = (1 + tanh(x / 2)) / 2, which cannot overflow.
        gates *= 0.5
        np.tanh(gates, out=gates)
        gates += 1
        gates *= 0.5
        np.add(hidden[:, 2 * units :], bias, out=late)
        np.multiply(gates[:, units:], late, out=candidate)
        candidate += inputs[t, :, 2 * units :]
        np.tanh(candidate, out=candidate)
        np.subtract(trace.states[t], candidate, out=spare)
        spare *= gates[:, :units]
        np.add(candidate, spare, out=trace.states[t + 1])
    return trace


class Gradients(NamedTuple):
    """Of a loss by what `forward` was given.

    Arguments:
        inputs: (time, batch, 3 x units).
        kernel: (units, 3 x units).
        bias: (units,).
    """

    inputs: Floats
    kernel: Floats
    bias: Floats


def backward(trace: Trace, kernel: Floats, upstream: Floats) -> Gradients:
    """The gradients of a loss.

    Arguments:
        trace: from `forward`.
        kernel: as there.
        upstream: gradient of the loss by each state, (time, batch, units); it is changed.
    """
    time, batch, units = upstream.shape
    d_inputs = np.empty((time, batch, 3 * units), upstream.dtype)
    d_hidden = np.empty_like(d_inputs)
    z, r = trace.gates[:, :, :units], trace.gates[:, :, units:]
    # What each gate's gradient is in proportion to does not depend on the way back.
    by_candidate = (1 - z) * (1 - trace.candidates**2)
    by_update = (trace.states[:-1] - trace.candidates) * z * (1 - z)
    by_reset = trace.late * r * (1 - r)
    turned = np.ascontiguousarray(kernel.T)
    for t in range(time - 1, -1, -1):
        d_state, d_input, d_late = upstream[t], d_inputs[t], d_hidden[t]
        d_candidate = d_input[:, 2 * units :]
        np.multiply(d_state, by_candidate[t], out=d_candidate)
        np.multiply(d_state, by_update[t], out=d_input[:, :units])
        np.multiply(d_candidate, by_reset[t], out=d_input[:, units : 2 * units])
        d_late[:, : 2 * units] = d_input[:, : 2 * units]
        np.multiply(d_candidate, r[t], out=d_late[:, 2 * units :])
        if t:
            upstream[t - 1] += d_state * z[t]
            upstream[t - 1] += d_late @ turned
    before = trace.states[:-1].reshape(-1, units)
    flat = d_hidden.reshape(-1, 3 * units)
    return Gradients(d_inputs, before.T @ flat, flat[:, 2 * units :].sum(axis=0))
