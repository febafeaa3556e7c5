"""What says which character may come next: the protocol of networks, n-gram and mixtures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from dino_names.arrays import Float32s, Floats, Integers


class Recurrent(Protocol):
    """What a predictor remembers of a batch of names, changed in place by each step."""

    def keep(self, rows: Integers) -> None:
        """Drop all rows but these, which may also come in another order."""

    def pick(self, rows: Integers) -> Recurrent:
        """A copy of these rows, each of which may come more than once."""


class Predictor(Protocol):
    """Anything that says what character may come next, and with which logits.

    The generator knows no more of a network than this, so whatever has these three serves.
    """

    @property
    def vocab_size(self) -> int:
        """Characters, the boundary included."""

    def initial_state(self, batch: int) -> Any:
        """The state (see `Recurrent`) before the first character of `batch` names."""

    def step(self, ids: Integers, state: Any) -> Float32s:
        """Read one character of each name and change the state.

        Arguments:
            ids: shape (batch,), each from 0 to vocab_size - 1.
            state: from `initial_state`, `pick` or an earlier step.

        Returns:
            float32 logits of shape (batch, vocab_size). They are the caller's to change, until
            the next step with this state.
        """


class States:
    """The states of several predictors that read the same names."""

    def __init__(self, states: Sequence[Any]) -> None:
        self.states = tuple(states)

    def keep(self, rows: Integers) -> None:
        """Drop all rows but these."""
        for state in self.states:
            state.keep(rows)

    def pick(self, rows: Integers) -> States:
        """A copy of these rows, each of which may come more than once."""
        return States([state.pick(rows) for state in self.states])


def log_softmax(logits: Floats) -> Floats:
    """Logarithms of the probabilities, in place of the logits, shape (batch, vocab_size)."""
    logits -= logits.max(axis=1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return logits
