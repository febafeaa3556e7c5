"""The gated recurrent unit: one gate decides how much of the old state stays.

Symbols (n_x inputs, n_a units; s is the logistic function, * works number by number)::

    z<t> = s(   p<t>[0] + q<t>[0])           update gate: how much of the old state stays
    r<t> = s(   p<t>[1] + q<t>[1])           reset gate: how much of it the candidate sees
    g<t> = tanh(p<t>[2] + r<t> * q<t>[2])    candidate
    a<t> = z<t> * a<t-1> + (1 - z<t>) * g<t>

    with p<t> = W x<t> + b and q<t> = U a<t-1> + d, three blocks of n_a rows: z, r, g

    W (3 n_a, n_x)  U (3 n_a, n_a)  b (3 n_a, 1)  d (3 n_a, 1)

The reset gate works on U a<t-1> + d, after the product. Cho and others had it before; this is
the form that Keras (`reset_after`) and cuDNN compute, because the product is then one matrix.
A gate z near 1 carries both the state and its gradient over many steps.

Source: Cho and others, "Learning phrase representations using RNN encoder-decoder", 2014. The
order of the blocks is that of Keras, whose kernels are W.T and U.T, its bias the rows b and d.
"""

from __future__ import annotations

import numpy as np

from dino_names.scratch.cell import Backward, State, Trace, sigmoid
from dino_names.scratch.rnn import Array, Parameters


def initial_parameters(n_x: int, n_a: int, rng: np.random.Generator) -> Parameters:
    """Weights times 0.01 from a normal distribution, zero biases."""
    return {
        "W": rng.standard_normal((3 * n_a, n_x)) * 0.01,
        "U": rng.standard_normal((3 * n_a, n_a)) * 0.01,
        "b": np.zeros((3 * n_a, 1)),
        "d": np.zeros((3 * n_a, 1)),
    }


def initial_state(n_a: int) -> State:
    """a<0> = 0."""
    return (np.zeros(n_a),)


def forward(parameters: Parameters, x: Array, state: State) -> Trace:
    """Read a sequence.

    Arguments:
        parameters: W, U, b, d.
        x: inputs, (time, n_x).
        state: a<0>, (n_a,), in a tuple of one.

    Returns:
        A trace with the state a, the gates z, r, g, and q[2], which r works on.
    """
    U, d = parameters["U"], parameters["d"][:, 0]
    time, n_a = len(x), U.shape[1]
    p = (x @ parameters["W"].T + parameters["b"].T).reshape(time, 3, n_a)
    a = np.empty((time + 1, n_a))
    z, r, g, q2 = np.empty((4, time, n_a))
    (a[0],) = state
    for t in range(time):  # a[t] is a<t>; the gates of step t + 1 stand in row t
        q = (U @ a[t] + d).reshape(3, n_a)
        z[t], r[t], q2[t] = sigmoid(p[t, 0] + q[0]), sigmoid(p[t, 1] + q[1]), q[2]
        g[t] = np.tanh(p[t, 2] + r[t] * q[2])
        a[t + 1] = z[t] * a[t] + (1 - z[t]) * g[t]
    return Trace(x, (a,), (z, r, g, q2))


def backward(parameters: Parameters, trace: Trace, d_out: Array) -> Backward:
    """Backward through time.

    Arguments:
        parameters: W, U, b, d.
        trace: as `forward` left it.
        d_out: gradient that reaches a<1> to a<time> from their own outputs, (time, n_a).

    Returns:
        dW, dU, db, dd under the names of W, U, b, d; the gradients at the inputs and at a.
    """
    (a,), (z, r, g, q2) = trace.states, trace.gates
    W, U = parameters["W"], parameters["U"]
    dp, dq = np.empty((2, len(z), 3, z.shape[1]))
    da = np.empty_like(z)
    later = np.zeros(z.shape[1])
    for t in reversed(range(len(z))):
        da_t = d_out[t] + later
        dp[t, 0] = dq[t, 0] = da_t * (a[t] - g[t]) * z[t] * (1 - z[t])
        dp[t, 2] = da_t * (1 - z[t]) * (1 - g[t] ** 2)
        dp[t, 1] = dq[t, 1] = dp[t, 2] * q2[t] * r[t] * (1 - r[t])
        dq[t, 2] = dp[t, 2] * r[t]
        da[t] = later = da_t * z[t] + U.T @ dq[t].ravel()
    dp, dq = dp.reshape(len(z), -1), dq.reshape(len(z), -1)  # (time, 3 n_a)
    gradients = {
        "W": dp.T @ trace.x,
        "U": dq.T @ a[:-1],
        "b": dp.sum(axis=0)[:, None],
        "d": dq.sum(axis=0)[:, None],
    }
    return Backward(gradients, dp @ W, (da,))
