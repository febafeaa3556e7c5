"""What a training tells whoever waits for it: a bar on a terminal, lines elsewhere, nothing.

All of it goes to standard error.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from dino_names.config import Config
from dino_names.progress.protocol import Progress, Silent
from dino_names.progress.words import describe, describe_log, describe_round, describe_sample

REPORT_EVERY = 100
STOPPING = "stopping: finishing the batch and saving; once more leaves at once"


class Announcements(Silent):
    """What comes before training: lines in any case."""

    def found(self, source: str, amount: int, unit: str, warnings: Sequence[str]) -> None:
        """Say it."""
        for sentence in warnings:
            _say(f"warning: {sentence}")
        _say(f"{source}: {amount:,} {unit}")

    def counted(self, names: Callable[[], Sequence[str]]) -> None:
        """Show them."""
        if found := names():
            _say(f"first names, from counting alone: {', '.join(found)}")

    def waiting(self, for_what: str) -> None:
        """Say it."""
        _say(for_what)


class Lines(Announcements):
    """A line an epoch and one every hundred batches, for logs and pipes."""

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Say what is to be done."""
        self.epochs, self.batches = config.train.epochs, batches
        self.quiet = config.train.log_every is not None
        # An epoch of a text predicts some of its characters twice, or leaves some out.
        all_of_it = f"training on {amount:,} {unit}: {self.epochs} epochs of {batches} batches"
        a_text = f"training: {self.epochs} epochs of {batches} batches, {amount:,} {unit} each"
        _say(all_of_it if unit == "names" else a_text)

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

    def log(self, epoch: int, batch: int, loss: float) -> None:
        """Report the loss."""
        _say(describe_log(epoch, batch, loss))

    def sample(self, step: int, text: str) -> None:
        """Show what the model makes."""
        _say(describe_sample(step, text))

    def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
        """Say where it ended."""
        _say(describe_round(epoch, batch, figures))

    def epoch(self, row: dict[str, Any]) -> None:
        """Report the epoch."""
        _say(f"epoch {row['epoch']} of {self.epochs}: {describe(row)}")


class Bar(Announcements):
    """A progress bar with loss, validation, speed and time left, for a terminal."""

    bar: Any = None

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

    def log(self, epoch: int, batch: int, loss: float) -> None:
        """Report the loss above the bar."""
        self.bar.console.print(describe_log(epoch, batch, loss), highlight=False)

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
        if self.bar is not None:
            self.bar.stop()


def for_terminal() -> Progress:
    """Choose a bar where standard error is a terminal and rich is installed, lines elsewhere."""
    return Bar() if sys.stderr.isatty() and find_spec("rich") else Lines()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_at_once(line: str) -> None:
    # Python's own stream may be in the middle of a write, and cannot be entered twice.
    with contextlib.suppress(OSError):
        os.write(2, f"\n{line}\n".encode())
