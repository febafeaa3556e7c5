"""What a training tells a notebook: one output that changes, with curve, time left and names."""

from __future__ import annotations

import html
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dino_names.config import Config
from dino_names.progress.protocol import Silent
from dino_names.progress.words import describe_round

WIDTH, HEIGHT, LINE = 640, 170, 18
LEFT, RIGHT, TOP = 46, 400, 30
BETWEEN_DRAWINGS, BETWEEN_SAMPLES = 0.25, 4.0
# Told apart by those who see no red or no green, and on white and on black.
COLOURS = {"loss": "#3b7dd8", "held out": "#d9730d"}


def in_notebook() -> bool:
    """Whether a kernel runs this, whose outputs can change; nothing is imported to find out."""
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


class Display:
    """One output of a cell, shown anew when it changes.

    What shows no SVG shows the text.
    """

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, drawing: str, text: str) -> None:
        """Show a drawing (SVG), or its text where there can be none."""
        from IPython.display import display

        bundle = {"image/svg+xml": drawing, "text/plain": text}
        metadata = {"image/svg+xml": {"alt": text}}
        if self._handle is None:
            self._handle = display(bundle, metadata=metadata, raw=True, display_id=True)
        else:
            self._handle.update(bundle, metadata=metadata, raw=True)


class Notebook(Silent):
    """The curve of the losses, the time left, and some names as they are now."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.curves: dict[str, list[tuple[float, float]]] = {name: [] for name in COLOURS}
        self.names: list[str] = []
        self._now: tuple[int, float] | None = None
        self.display = Display()
        self.last = "training"
        self.done = self.total = self.first = 0
        self.started = self.drawn = self.sampled = time.monotonic()

    def found(self, source: str, amount: int, unit: str, warnings: Sequence[str]) -> None:
        """Keep what looks wrong in the data."""
        self.notes.extend(warnings)

    def counted(self, names: Callable[[], Sequence[str]]) -> None:
        """Show them until there are better ones."""
        if found := names():
            self.names = list(found)
            self._draw("counted; the network is next")

    def waiting(self, for_what: str) -> None:
        """Say what takes its time."""
        self.last = f"{for_what}: done"
        self._draw(for_what)

    def begin(self, config: Config, batches: int, amount: int, unit: str) -> None:
        """Begin to count."""
        self.epochs, self.batches = config.train.epochs, batches
        self.total = self.epochs * batches
        self.started = self.sampled = time.monotonic()

    def note(self, sentence: str) -> None:
        """Show it under the curve."""
        self.notes.append(sentence)

    def resumed(self, epoch: int, batch: int) -> None:
        """Count from there."""
        self.done = self.first = epoch * self.batches + batch

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        """Count, and draw now and then."""
        self.done = epoch * self.batches + batch
        # Not all that train tell of each epoch.
        if self._now and self._now[0] != epoch:
            self.curves["loss"].append((self._now[0] + 1, self._now[1]))
        self._now = epoch, loss
        now = time.monotonic()
        if now - self.drawn >= BETWEEN_DRAWINGS:
            self._draw(f"epoch {epoch + 1} of {self.epochs}, loss {loss:.3f}{self._left(now)}")

    def curious(self) -> bool:
        """Whether the names shown are old."""
        old = time.monotonic() - self.sampled >= BETWEEN_SAMPLES
        if old:
            self.sampled = time.monotonic()
        return old

    def sample(self, step: int, text: str) -> None:
        """Keep what the model makes."""
        self.names = [line for line in text.splitlines() if line.strip()][:6]

    def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
        """Say where it ended."""
        self.last = describe_round(epoch, batch, figures)

    def epoch(self, row: dict[str, Any]) -> None:
        """Add to the curves."""
        self._now = None
        self.curves["loss"].append((row["epoch"], row["loss"]))
        # Without the times, which no two runs share.
        words = f"epoch {row['epoch']} of {max(self.epochs, row['epoch'])}: loss {row['loss']:.3f}"
        if "val_nats_per_char" in row:
            figure = row.get("val_nats_with_ngram", row["val_nats_per_char"])
            self.curves["held out"].append((row["epoch"], figure))
            words += f", held out {row['val_nats_per_char']:.3f} nats per character"
        if "val_nats_with_ngram" in row:
            words += f", {row['val_nats_with_ngram']:.3f} with the n-gram"
        self.last = words

    def end(self) -> None:
        """Draw once more, as it came out."""
        self.names = []
        self._draw(self.last)

    def _left(self, now: float) -> str:
        done = self.done - self.first
        if not done or now - self.started < 1:
            return ""
        return f", {_minutes((now - self.started) / done * (self.total - self.done))} left"

    def _draw(self, line: str) -> None:
        self.drawn = time.monotonic()
        notes = [f"warning: {note}" for note in self.notes]
        text = "\n".join([line, *(", ".join(names) for names in [self.names] if names), *notes])
        self.display.show("".join(self._svg(line, notes)), text)

    def _svg(self, line: str, notes: Sequence[str]) -> Iterator[str]:
        drawn = any(len(points) > 1 for points in self.curves.values())
        height = (HEIGHT if drawn or self.names else TOP) + LINE * len(notes)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13" '
            'fill="#777">'
        )
        yield _text(4, 18, line)
        if drawn:
            yield from _curves({name: p for name, p in self.curves.items() if len(p) > 1})
        for number, name in enumerate(self.names):
            yield _text(RIGHT + 40, TOP + 20 + number * LINE, name)
        for number, note in enumerate(notes):
            yield _text(4, height - LINE * (len(notes) - number) + 12, note)
        yield "</svg>"


def _curves(curves: dict[str, list[tuple[float, float]]]) -> Iterator[str]:
    """Axes and lines, with their names at their ends."""
    points = [point for curve in curves.values() for point in curve if math.isfinite(point[1])]
    if not points:
        return
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    bottom = HEIGHT - 24
    yield _text(4, TOP + 10, f"{high:.2f}")
    yield _text(4, bottom, f"{low:.2f}")
    yield _text(LEFT, HEIGHT - 6, f"epoch {first:g} to {last:g}; nats per character")
    for number, (name, curve) in enumerate(curves.items()):
        places = " ".join(
            f"{LEFT + (x - first) / max(last - first, 1e-9) * (RIGHT - LEFT - 70):.1f},"
            f"{bottom - (y - low) / max(high - low, 1e-9) * (bottom - TOP - 6):.1f}"
            for x, y in curve
            if math.isfinite(y)
        )
        yield (
            f'<polyline points="{places}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>'
        )
        yield _text(RIGHT - 60, TOP + 10 + number * LINE, name, COLOURS[name])


def _text(x: int, y: int, text: str, colour: str = "") -> str:
    fill = f' fill="{colour}"' if colour else ""
    return f'<text x="{x}" y="{y}"{fill}>{html.escape(text)}</text>'


def _minutes(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"
