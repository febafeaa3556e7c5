"""What a training tells whoever waits for it: a bar on a terminal, lines elsewhere, nothing.

All of it goes to standard error.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
import warnings
from typing import Any, Protocol

from dino_names.config.configuration import Config

REPORT_EVERY = 100
STOPPING = "stopping: finishing the batch and saving; once more leaves at once"


class Progress(Protocol):
    """What a session reports to."""

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

    def log(self, step: int, loss: float) -> None:
        """So many batches were done in all; the mean loss since this was last told."""

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

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Say nothing."""

    def log(self, step: int, loss: float) -> None:
        """Say nothing."""

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


class Lines(Silent):
    """A line an epoch and one every hundred batches, for logs and pipes."""

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Say what is to be done."""
        self.epochs, self.batches = config.train.epochs, batches
        self.quiet = config.train.log_every is not None
        _say(f"training on {amount:,} {unit}: {self.epochs} epochs of {batches} batches")

    def note(self, sentence: str) -> None:
        """Say it."""
        _say(f"warning: {sentence}")

    def stopping(self) -> None:
        """Say what happens now, past what may be in the middle of a line."""
        _say_at_once(STOPPING)

    def resumed(self, epoch: int, batch: int) -> None:
        """Say from where."""
        _say(f"going on after epoch {epoch}, batch {batch}")

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Report every hundredth batch."""
        if batch % REPORT_EVERY == 0 and not self.quiet:
            _say(f"epoch {epoch + 1}, batch {batch} of {self.batches}: loss {loss:.4f}")

    def log(self, step: int, loss: float) -> None:
        """Report the loss."""
        _say(describe_log(step, loss))

    def sample(self, step: int, text: str) -> None:
        """Show what the model makes."""
        _say(describe_sample(step, text))

    def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
        """Say where it ended."""
        _say(describe_round(epoch, batch, figures))

    def epoch(self, row: dict[str, Any]) -> None:
        """Report the epoch."""
        _say(f"epoch {row['epoch']} of {self.epochs}: {describe(row)}")


class Bar:
    """A progress bar with loss, validation, speed and time left, for a terminal."""

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Draw the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self.batches, self.amount, self.unit = batches, amount, unit
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

    def note(self, sentence: str) -> None:
        """Say it above the bar."""
        self.bar.console.print(f"warning: {sentence}", highlight=False, markup=False)

    def stopping(self) -> None:
        """Say what happens now, past what may be in the middle of a line."""
        _say_at_once(STOPPING)

    def resumed(self, epoch: int, batch: int) -> None:
        """Move the bar to where training goes on."""
        self.first = epoch * self.batches + batch
        self.bar.update(self.task, completed=self.first)

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Move the bar."""
        done = epoch * self.batches + batch
        elapsed = max(time.monotonic() - self.started, 1e-9)
        speed = (done - self.first) / elapsed * self.amount / self.batches
        self.bar.update(
            self.task,
            completed=done,
            epoch=f"{epoch + 1}/{self.epochs}",
            figures=f"loss {loss:.3f}{self.validation}  {speed:,.0f} {self.unit}/s",
        )

    def log(self, step: int, loss: float) -> None:
        """Report the loss above the bar."""
        self.bar.console.print(describe_log(step, loss), highlight=False)

    def sample(self, step: int, text: str) -> None:
        """Show what the model makes above the bar."""
        self.bar.console.print(describe_sample(step, text), highlight=False, markup=False)

    def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
        """Say where it ended, above the bar."""
        self.bar.console.print(describe_round(epoch, batch, figures), highlight=False)

    def epoch(self, row: dict[str, Any]) -> None:
        """Keep the validation figure for the bar."""
        if "val_nats_per_char" in row:
            figure = row.get("val_nats_with_ngram", row["val_nats_per_char"])
            self.validation = f"  validation {figure:.3f}"

    def end(self) -> None:
        """Leave the bar as it stands."""
        self.bar.stop()


def describe(row: dict[str, Any]) -> str:
    """A row of the history as words."""
    words = [f"loss {row['loss']:.4f}"]
    if "val_nats_per_char" in row:
        words.append(_validation(row))
    for unit in ("names", "characters"):
        if f"{unit}_per_second" in row:
            words.append(f"{row[f'{unit}_per_second']:,.0f} {unit}/s")
    return ", ".join([*words, f"{row['seconds']:.1f} s"])


def describe_log(step: int, loss: float) -> str:
    """A loss on the way as words."""
    return f"batch {step}: loss {loss:.4f} nats, {to_bits(loss):.4f} bits per character"


def describe_sample(step: int, text: str) -> str:
    """A sample as words, on lines of its own."""
    return f"batch {step}, a sample:\n{text}\n"


def describe_round(epoch: int, batch: int, figures: dict[str, float]) -> str:
    """The end of a part of an epoch as words."""
    place = f"stopped in epoch {epoch + 1} after batch {batch}, to go on with --resume"
    return ", ".join([place, _validation(figures)]) if "val_nats_per_char" in figures else place


def _validation(figures: dict[str, Any]) -> str:
    nats = figures["val_nats_per_char"]
    words = f"validation {nats:.4f} nats per character ({to_bits(nats):.4f} bits)"
    mixed = figures.get("val_nats_with_ngram")
    return words if mixed is None else f"{words}, {mixed:.4f} with the n-gram"


def to_bits(nats: float) -> float:
    """Nats as bits."""
    return nats / math.log(2)


def for_terminal() -> Progress:
    """Choose a bar where standard error is a terminal, lines elsewhere."""
    return Bar() if sys.stderr.isatty() else Lines()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_at_once(line: str) -> None:
    # Python's own stream may be in the middle of a write, and cannot be entered twice.
    with contextlib.suppress(OSError):
        os.write(2, f"\n{line}\n".encode())
