"""One step of a GRU and of an LSTM, and the way back through it, as bare equations."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

import tensorflow as tf

Tensors = tuple[tf.Tensor, ...]


class Equations(Hashable, Protocol):
    """What a loop over time asks of a cell; every tensor is float32, batch first.

    `inputs` (batch, gates x units) is the input's share of the gates with its bias, `hidden`
    the state's share without, `late` (units,) a bias that belongs to the state's share alone.
    `states` are (batch, units) each, the one that is the output first.
    """

    # Whether the gradients of both shares are the same tensors.
    shared: bool

    def biases(self, bias: tf.Tensor) -> Tensors:
        """What is added to `inputs`, and `late`, from the bias as Keras has it."""

    def widths(self, units: int) -> tuple[int, ...]:
        """How wide each tensor is that `forward` keeps for `backward`."""

    def forward(
        self, inputs: tf.Tensor, hidden: tf.Tensor, late: tf.Tensor, states: Tensors
    ) -> tuple[Tensors, Tensors]:
        """The states after the step, and what to keep."""

    def backward(
        self, kept: Tensors, states: Tensors, d_states: Tensors
    ) -> tuple[Tensors, Tensors, Tensors]:
        """The gradients of `inputs` and of `hidden`, by gate, and of the states before.

        Arguments:
            kept: from `forward`.
            states: before the step.
            d_states: gradients of the states after it.

        Returns:
            The last without what comes through `hidden`, which is for the loop to add.
        """


class GRUEquations:
    """Cho et al. 2014, the reset gate applied after the product, as cuDNN and Keras have it.

    ::

        z, r = sigmoid(x_zr + h_zr)
        c = tanh(x_c + r (h_c + b))
        h' = z h + (1 - z) c
    """

    shared = False

    def biases(self, bias: tf.Tensor) -> Tensors:
        """Of (2, 3 x units): all but the candidate's part of the state's; that part."""
        units = bias.shape[1] // 3
        early = tf.concat([bias[1, : 2 * units], tf.zeros(units)], 0)
        return bias[0] + early, bias[1, 2 * units :]

    def widths(self, units: int) -> tuple[int, ...]:
        """Both gates side by side, the candidate, what the reset gate multiplies."""
        return 2 * units, units, units

    def forward(
        self, inputs: tf.Tensor, hidden: tf.Tensor, late: tf.Tensor, states: Tensors
    ) -> tuple[Tensors, Tensors]:
        """The state after the step; see `Equations`."""
        units = late.shape[0]
        both = tf.sigmoid(inputs[:, : 2 * units] + hidden[:, : 2 * units])
        z, r = both[:, :units], both[:, units:]
        late_c = hidden[:, 2 * units :] + late
        c = tf.tanh(inputs[:, 2 * units :] + r * late_c)
        return (c + z * (states[0] - c),), (both, c, late_c)

    def backward(
        self, kept: Tensors, states: Tensors, d_states: Tensors
    ) -> tuple[Tensors, Tensors, Tensors]:
        """The gradients; see `Equations`."""
        (both, c, late_c), (h,), (dh,) = kept, states, d_states
        z, r = tf.split(both, 2, axis=1)
        dc = dh * (1 - z) * (1 - c * c)
        dz = dh * (h - c) * z * (1 - z)
        dr = dc * late_c * r * (1 - r)
        return (dz, dr, dc), (dz, dr, dc * r), (dh * z,)


class LSTMEquations:
    """Gers et al. 2000, without peepholes, as cuDNN and Keras have it.

    ::

        i, f, o = sigmoid(x_ifo + h_ifo)
        g = tanh(x_g + h_g)
        c' = f c + i g
        h' = o tanh(c')
    """

    shared = True

    def biases(self, bias: tf.Tensor) -> Tensors:
        """Of (4 x units,): all of it; nothing is late."""
        return bias, tf.zeros(bias.shape[0] // 4)

    def widths(self, units: int) -> tuple[int, ...]:
        """All gates side by side, the hyperbolic tangent of the cell's state."""
        return 4 * units, units

    def forward(
        self, inputs: tf.Tensor, hidden: tf.Tensor, late: tf.Tensor, states: Tensors
    ) -> tuple[Tensors, Tensors]:
        """The output and the cell's state after the step; see `Equations`."""
        units = late.shape[0]
        # sigmoid(x) = (1 + tanh(x / 2)) / 2: so all four gates are one function of one tensor.
        halves = tf.reshape(tf.constant([0.5, 0.5, 1.0, 0.5]), (1, 4, 1))
        x = tf.reshape(inputs + hidden, (-1, 4, units))
        gates = tf.reshape(tf.tanh(x * halves) * halves + (1 - halves), (-1, 4 * units))
        i, f, g, o = tf.split(gates, 4, axis=1)
        c = f * states[1] + i * g
        t = tf.tanh(c)
        return (o * t, c), (gates, t)

    def backward(
        self, kept: Tensors, states: Tensors, d_states: Tensors
    ) -> tuple[Tensors, Tensors, Tensors]:
        """The gradients; see `Equations`."""
        (gates, t), (_, c), (dh, dc) = kept, states, d_states
        i, f, g, o = tf.split(gates, 4, axis=1)
        dc = dc + dh * o * (1 - t * t)
        di = dc * g * i * (1 - i)
        df = dc * c * f * (1 - f)
        dg = dc * i * (1 - g * g)
        do = dh * t * o * (1 - o)
        d_gates = (di, df, dg, do)
        return d_gates, d_gates, (tf.zeros_like(dh), dc * f)
