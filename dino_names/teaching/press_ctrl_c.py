"""Ctrl-C, or another signal, after a number of batches, to see a training go on after it."""

from __future__ import annotations

import signal

from dino_names.progress import Silent


class Interrupt(Silent):
    """Progress that presses Ctrl-C.

    Arguments:
        after: batches.
        number: of the signal; that of Ctrl-C by default.
    """

    def __init__(self, *, after: int, number: int = signal.SIGINT) -> None:
        self.left, self.number = after, number

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Count a batch."""
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(self.number)
