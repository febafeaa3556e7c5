"""What a training tells whoever waits for it: a bar on a terminal, lines elsewhere, nothing.

All of it goes to standard error.
"""

from __future__ import annotations

import sys
import time
from typing import Any, Protocol

from dino_names.config import Config

REPORT_EVERY = 100


class Progress(Protocol):
    """What a session reports to."""

    def begin(self, config: Config, batches: int, names: int) -> None:
        """Training begins: batches and names of an epoch."""

    def resumed(self, epoch: int, batch: int) -> None:
        """Training goes on after this many epochs and batches."""

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """A batch ended: its number counted from 1, the mean loss of the epoch so far."""

    def epoch(self, row: dict[str, Any]) -> None:
        """An epoch ended: its row of the history."""

    def end(self) -> None:
        """Nothing more will come."""


class Silent:
    """Says nothing: what the Python API uses unless told otherwise."""

    def begin(self, config: Config, batches: int, names: int) -> None:
        """Say nothing."""

    def resumed(self, epoch: int, batch: int) -> None:
        """Say nothing."""

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Say nothing."""

    def epoch(self, row: dict[str, Any]) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


class Lines(Silent):
    """A line an epoch and one every hundred batches, for logs and pipes."""

    def begin(self, config: Config, batches: int, names: int) -> None:
        """Say what is to be done."""
        self.epochs, self.batches = config.train.epochs, batches
        _say(f"training on {names:,} names: {self.epochs} epochs of {batches} batches")

    def resumed(self, epoch: int, batch: int) -> None:
        """Say from where."""
        _say(f"going on after epoch {epoch}, batch {batch}")

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Report every hundredth batch."""
        if batch % REPORT_EVERY == 0:
            _say(f"epoch {epoch + 1}, batch {batch} of {self.batches}: loss {loss:.4f}")

    def epoch(self, row: dict[str, Any]) -> None:
        """Report the epoch."""
        _say(f"epoch {row['epoch']} of {self.epochs}: {describe(row)}")


class Bar:
    """A progress bar with loss, validation, speed and time left, for a terminal."""

    def begin(self, config: Config, batches: int, names: int) -> None:
        """Draw the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self.batches, self.names = batches, names
        self.epochs = config.train.epochs
        self.validation = ""
        self.bar = Progress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self.task = self.bar.add_task(
            "training", total=self.epochs * batches, epoch=f"1/{self.epochs}", figures=""
        )
        self.bar.start()
        self.started, self.first = time.monotonic(), 0

    def resumed(self, epoch: int, batch: int) -> None:
        """Move the bar to where training goes on."""
        self.first = epoch * self.batches + batch
        self.bar.update(self.task, completed=self.first)

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Move the bar."""
        done = epoch * self.batches + batch
        elapsed = max(time.monotonic() - self.started, 1e-9)
        speed = (done - self.first) / elapsed * self.names / self.batches
        self.bar.update(
            self.task,
            completed=done,
            epoch=f"{epoch + 1}/{self.epochs}",
            figures=f"loss {loss:.3f}{self.validation}  {speed:,.0f} names/s",
        )

    def epoch(self, row: dict[str, Any]) -> None:
        """Keep the validation figure for the bar."""
        if "val_nats_per_char" in row:
            self.validation = f"  validation {row['val_nats_per_char']:.3f}"

    def end(self) -> None:
        """Leave the bar as it stands."""
        self.bar.stop()


def describe(row: dict[str, Any]) -> str:
    """A row of the history as words."""
    words = [f"loss {row['loss']:.4f}"]
    if "val_nats_per_char" in row:
        words.append(f"validation {row['val_nats_per_char']:.4f} nats per character")
    words += [f"{row['names_per_second']:,.0f} names/s", f"{row['seconds']:.1f} s"]
    return ", ".join(words)


def for_terminal() -> Progress:
    """Choose a bar where standard error is a terminal, lines elsewhere."""
    return Bar() if sys.stderr.isatty() else Lines()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
