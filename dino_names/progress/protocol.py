"""What a training tells whoever waits for it, and one that says nothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from dino_names.config import Config


class Progress(Protocol):
    """What a training reports to."""

    def found(self, source: str, amount: int, unit: str, warnings: Sequence[str]) -> None:
        """The data was read: where from, its names or characters, what looks wrong in it."""

    def counted(self, names: Callable[[], Sequence[str]]) -> None:
        """A few names from counting alone, before training begins, if they are called for."""

    def waiting(self, for_what: str) -> None:
        """Something takes its time before training begins."""

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Training begins: batches of an epoch, and its names or characters."""

    def note(self, sentence: str) -> None:
        """Something that its user must know."""

    def stopping(self) -> None:
        """A signal has asked to stop; called in the middle of whatever goes on."""

    def resumed(self, epoch: int, batch: int) -> None:
        """Training goes on after this many epochs and batches."""

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """A batch ended: its number counted from 1, the mean loss of the epoch so far."""

    def log(self, epoch: int, batch: int, loss: float) -> None:
        """As `batch`, where it was asked for; the mean loss since this was last told."""

    def curious(self) -> bool:
        """Whether a sample would be welcome now, where none was asked for."""

    def sample(self, step: int, text: str) -> None:
        """What the model makes after so many batches."""

    def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
        """A part of an epoch ended, and training with it: its place, what was measured."""

    def epoch(self, row: dict[str, Any]) -> None:
        """An epoch ended: its row of the history."""

    def end(self) -> None:
        """Nothing more will come."""


class Silent:
    """Says nothing: what the Python API uses unless told otherwise."""

    def found(self, source: str, amount: int, unit: str, warnings: Sequence[str]) -> None:
        """Say nothing."""

    def counted(self, names: Callable[[], Sequence[str]]) -> None:
        """Say nothing."""

    def waiting(self, for_what: str) -> None:
        """Say nothing."""

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Say nothing."""

    def log(self, epoch: int, batch: int, loss: float) -> None:
        """Say nothing."""

    def curious(self) -> bool:
        """Ask for nothing."""
        return False

    def sample(self, step: int, text: str) -> None:
        """Say nothing."""

    def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
        """Say nothing."""

    def note(self, sentence: str) -> None:
        """Warn of it, as Python does."""
        warnings.warn(sentence, stacklevel=2)

    def stopping(self) -> None:
        """Say nothing."""

    def resumed(self, epoch: int, batch: int) -> None:
        """Say nothing."""

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Say nothing."""

    def epoch(self, row: dict[str, Any]) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
