"""The long short-term memory: a cell that forgets only what a gate tells it to.

Symbols (n_x inputs, n_a units; s is the logistic function, * works number by number)::

    i<t> = s(   z<t>[0])     input gate: how much of the new candidate is written
    f<t> = s(   z<t>[1])     forget gate: how much of the cell stays
    g<t> = tanh(z<t>[2])     candidate
    o<t> = s(   z<t>[3])     output gate: how much of the cell is shown
    c<t> = f<t> * c<t-1> + i<t> * g<t>
    a<t> = o<t> * tanh(c<t>)

    with z<t> = W x<t> + U a<t-1> + b, four blocks of n_a rows in the order i, f, g, o

    W (4 n_a, n_x)  U (4 n_a, n_a)  b (4 n_a, 1)

The way back along c<t> is a product of forget gates and nothing else: no matrix, no tanh. A
gate near 1 lets the gradient through unharmed over many steps, which is why b starts at 1 for
f (Jozefowicz and others, 2015).

Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997; Gers and others,
"Learning to forget", 2000. The order of the blocks is that of Keras, whose kernels are W.T and
U.T.
"""

from __future__ import annotations

import numpy as np

from dino_names.scratch.cell import Backward, State, Trace, sigmoid
from dino_names.scratch.rnn import Array, Parameters


def initial_parameters(n_x: int, n_a: int, rng: np.random.Generator) -> Parameters:
    """Weights times 0.01 from a normal distribution; biases 0, that of the forget gate 1."""
    b = np.zeros((4 * n_a, 1))
    b[n_a : 2 * n_a] = 1.0
    return {
        "W": rng.standard_normal((4 * n_a, n_x)) * 0.01,
        "U": rng.standard_normal((4 * n_a, n_a)) * 0.01,
        "b": b,
    }


def initial_state(n_a: int) -> State:
    """a<0> = 0 and c<0> = 0."""
    return np.zeros(n_a), np.zeros(n_a)


def forward(parameters: Parameters, x: Array, state: State) -> Trace:
    """Read a sequence.

    Arguments:
        parameters: W, U, b.
        x: inputs, (time, n_x).
        state: a<0> and c<0>, each (n_a,).

    Returns:
        A trace with the states a, c and the gates i, f, g, o.
    """
    U, b = parameters["U"], parameters["b"][:, 0]
    drive = x @ parameters["W"].T  # (time, 4 n_a)
    time, n_a = len(x), U.shape[1]
    a, c = np.empty((time + 1, n_a)), np.empty((time + 1, n_a))
    i, f, g, o = np.empty((4, time, n_a))
    a[0], c[0] = state
    for t in range(time):  # a[t] is a<t>; the gates of step t + 1 stand in row t
        z = (drive[t] + U @ a[t] + b).reshape(4, n_a)
        i[t], f[t], g[t], o[t] = sigmoid(z[0]), sigmoid(z[1]), np.tanh(z[2]), sigmoid(z[3])
        c[t + 1] = f[t] * c[t] + i[t] * g[t]
        a[t + 1] = o[t] * np.tanh(c[t + 1])
    return Trace(x, (a, c), (i, f, g, o))


def backward(parameters: Parameters, trace: Trace, d_out: Array) -> Backward:
    """Backward through time.

    Arguments:
        parameters: W, U, b.
        trace: as `forward` left it.
        d_out: gradient that reaches a<1> to a<time> from their own outputs, (time, n_a).

    Returns:
        dW, dU, db under the names of W, U, b; the gradients at the inputs and at (a, c).
    """
    (a, c), (i, f, g, o) = trace.states, trace.gates
    W, U = parameters["W"], parameters["U"]
    tanh_c = np.tanh(c[1:])  # (time, n_a)
    dz = np.empty((len(i), 4, i.shape[1]))
    da, dc = np.empty_like(i), np.empty_like(i)
    da_later = dc_later = np.zeros(i.shape[1])
    for t in reversed(range(len(i))):
        da_t = d_out[t] + da_later
        dc_t = da_t * o[t] * (1 - tanh_c[t] ** 2) + dc_later
        dz[t, 0] = dc_t * g[t] * i[t] * (1 - i[t])
        dz[t, 1] = dc_t * c[t] * f[t] * (1 - f[t])
        dz[t, 2] = dc_t * i[t] * (1 - g[t] ** 2)
        dz[t, 3] = da_t * tanh_c[t] * o[t] * (1 - o[t])
        da[t] = da_later = U.T @ dz[t].ravel()
        dc[t] = dc_later = dc_t * f[t]
    rows = dz.reshape(len(i), -1)  # (time, 4 n_a)
    gradients = {"W": rows.T @ trace.x, "U": rows.T @ a[:-1], "b": rows.sum(axis=0)[:, None]}
    return Backward(gradients, rows @ W, (da, dc))
