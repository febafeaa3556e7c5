"""Ctrl-C after a number of batches, to see a training go on after it."""

from __future__ import annotations

import signal

from dino_names.training.progress import Silent


class Interrupt(Silent):
    """Progress that presses Ctrl-C.

    Arguments:
        after: batches.
    """

    def __init__(self, *, after: int) -> None:
        self.left = after

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Count a batch."""
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)
