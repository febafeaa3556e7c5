"""The recurrent cells, in place on the buffers of a step, and their weights made ready for it.

Each gate has a block of memory of its own, (gates, batch, units), which NumPy passes over
several times faster than over the columns of one wide matrix. Sigmoids are computed as tanh,
sigmoid(2x) = (1 + tanh(x)) / 2, which cannot overflow; the halves this asks for are multiplied
into the weights once, exactly, being powers of 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dino_names.arrays import Float32s

# Each takes the input projection and the recurrent one (gates, batch, units), the hidden state
# (batch, units), the cell state or a spare of that shape, and the bias of `split_bias`.
Cell = Callable[[Float32s, Float32s, Float32s, Float32s, Float32s], None]


def _gru(
    projected: Float32s, gates: Float32s, hidden: Float32s, spare: Float32s, bias: Float32s
) -> None:
    """The GRU, h' = z h + (1 - z) c, c = tanh(x_c + r (h R_c + b_c)).

    Cho et al. 2014, with the reset gate applied after the product, as cuDNN and Keras have it.
    """
    np.add(gates[:2], projected[:2], out=gates[:2])
    np.tanh(gates[:2], out=gates[:2])
    update, reset, candidate = gates
    np.add(candidate, bias, out=candidate)
    np.add(reset, 1, out=reset)
    np.multiply(candidate, reset, out=candidate)
    np.add(candidate, projected[2], out=candidate)
    np.tanh(candidate, out=candidate)
    # With z = (1 + t) / 2: h' = (h + c + t (h - c)) / 2.
    np.subtract(hidden, candidate, out=spare)
    np.multiply(spare, update, out=spare)
    np.add(hidden, candidate, out=hidden)
    np.add(hidden, spare, out=hidden)
    np.multiply(hidden, 0.5, out=hidden)


def _lstm(
    projected: Float32s, gates: Float32s, hidden: Float32s, cell: Float32s, _: Float32s
) -> None:
    """The LSTM, c' = f c + i g, h' = o tanh(c'): Gers et al. 2000, without peepholes."""
    np.add(gates, projected, out=gates)
    np.tanh(gates, out=gates)
    entry, forget, candidate, exit_ = gates
    np.add(gates[:2], 1, out=gates[:2])
    np.multiply(cell, forget, out=cell)
    np.multiply(entry, candidate, out=entry)
    np.add(cell, entry, out=cell)
    np.multiply(cell, 0.5, out=cell)
    np.tanh(cell, out=hidden)
    np.add(exit_, 1, out=exit_)
    np.multiply(hidden, exit_, out=hidden)
    np.multiply(hidden, 0.5, out=hidden)


def _rnn(projected: Float32s, gates: Float32s, hidden: Float32s, _: Float32s, __: Float32s) -> None:
    """The plain cell, h' = tanh(x + h R): Elman 1990."""
    np.add(gates, projected, out=gates)
    np.tanh(gates[0], out=hidden)


CELLS: dict[str, Cell] = {"gru": _gru, "lstm": _lstm, "rnn": _rnn}
# What each gate's weights are multiplied by: a half for a sigmoid, and another one where the
# reset gate's own half goes into what it multiplies.
SCALES = {"gru": (0.5, 0.5, 1.0), "lstm": (0.5, 0.5, 1.0, 0.5), "rnn": (1.0,)}
RECURRENT_SCALES = {**SCALES, "gru": (0.5, 0.5, 0.5)}


def by_gate(cell: str, kernel: Any, *, recurrent: bool = False) -> Float32s:
    """A kernel or a bias, scaled and made one block for each gate.

    Arguments:
        cell: which.
        kernel: as Keras has it, (inputs, gates x units) or (gates x units,).
        recurrent: whether it is multiplied with the state.

    Returns:
        float32 of shape (gates, inputs, units), with one input for a bias.
    """
    scales = np.array((RECURRENT_SCALES if recurrent else SCALES)[cell], np.float32)
    blocks = np.asarray(kernel, np.float32).reshape(
        -1, len(scales), kernel.shape[-1] // len(scales)
    )
    return np.ascontiguousarray((blocks * scales[:, None]).transpose(1, 0, 2))


def split_bias(cell: str, bias: Any) -> tuple[Float32s, Float32s]:
    """What can be added to the input projection, and what only the reset gate may multiply.

    Arguments:
        cell: which.
        bias: as Keras has it, (gates x units,), for a GRU (2, gates x units).

    Returns:
        Shapes (gates, 1, units) and (1, units).
    """
    if cell != "gru":
        whole = by_gate(cell, bias)
        return whole, whole[0]
    early, late = by_gate(cell, bias[0]), by_gate(cell, bias[1], recurrent=True)
    early[:2] += late[:2]
    return early, late[2]
