"""What moves while a notebook's longer cells run: counts of steps, curves of Keras's `fit`.

Where no notebook is there to show it, nothing is shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from dino_names.config import preset
from dino_names.progress import Display, Notebook, in_notebook

T = TypeVar("T")
WIDTH, HEIGHT = 460, 30
BETWEEN_DRAWINGS = 0.25


class Steps:
    """So many of so many steps, as a bar.

    Arguments:
        total: how many there will be.
        what: is counted, such as `names`.
    """

    def __init__(self, total: int, what: str) -> None:
        self.total, self.what = total, what
        self.display = Display() if in_notebook() else None
        self.started = self.drawn = time.monotonic()

    def __call__(self, done: int, loss: float | None = None, sample: str = "") -> None:
        """Show how far it is.

        Arguments:
            done: steps so far.
            loss: shown too, where there is one.
            sample: not shown; so that this may be what `scratch.train` reports to.
        """
        now = time.monotonic()
        if self.display is None or (now - self.drawn < BETWEEN_DRAWINGS and done < self.total):
            return
        self.drawn = now
        text = f"{done:,} of {self.total:,} {self.what}"
        if done < self.total:
            left = (now - self.started) / max(done, 1) * (self.total - done)
            text += f", {left:.0f} s left"
        self.display.show(_bar(min(done / max(self.total, 1), 1.0), text), text)


def ticking(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Pass items on and show how many have gone by."""
    steps = Steps(total, what)
    for done, item in enumerate(items, 1):
        yield item
        steps(done)


def live_curve(epochs: int, batches: int) -> Any:
    """A callback for Keras's `fit` that draws its losses while they come.

    Arguments:
        epochs: of the training.
        batches: in each.

    Returns:
        A `keras.callbacks.Callback`.
    """
    import keras

    told = Notebook() if in_notebook() else None

    class Curve(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
        def on_train_begin(self, logs: Any = None) -> None:
            if told:
                told.begin(preset("default", epochs=epochs), batches, 0, "names")

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if told:
                told.batch(told.done // batches, batch + 1, float((logs or {})["loss"]))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if told:
                logs = logs or {}
                row = {"epoch": epoch + 1, "loss": float(logs["loss"])}
                for name in ("val_nats_per_char", "val_loss"):
                    if name in logs:
                        row["val_nats_per_char"] = float(logs[name])
                        break
                told.epoch(row)

        def on_train_end(self, logs: Any = None) -> None:
            if told:
                told.end()

    return Curve()


def _bar(share: float, text: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="#777">'
        f'<rect x="4" y="8" width="160" height="14" fill="none" stroke="#999"/>'
        f'<rect x="4" y="8" width="{160 * share:.0f}" height="14" fill="#3b7dd8"/>'
        f'<text x="174" y="20">{text}</text></svg>'
    )
