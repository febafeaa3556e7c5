"""Training on longer and longer lists: time per name, and memory of the whole process.

Each size is a process of its own that trains as `dino-names train` does, with the settings for
long lists: for so many batches, in whole epochs or the first part of one, and then it measures
what is held out and writes its model. The names are the shipped model's own.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.processes import measure_module
from benchmarks.settings import Settings
from benchmarks.timing import ratio, table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
# Batches before those that count, in which functions are still compiled; and batches in all.
WARM, BATCHES = 20, 250
TINY = {"rnn_units": 8, "batch_size": 8}
BASE = 1  # The list that the others are held against: the second.
HEADINGS = (
    "names",
    "preparing: reading to the model built, s",
    "the same, us per name",
    "a batch, us per name",
    "held-out names and saving, us per name",
    "an epoch, us per name",
    "times that at 10,000",
    "MB at most",
)


def run(settings: Settings) -> str:
    """Measure each size in turn."""
    sizes = (60, 120) if settings.quick else [n for n in SIZES if n <= settings.largest]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.txt"
        names = _make(sizes[-1])
        for size in sizes:
            path.write_text("".join(f"{name}\n" for name in names[:size]), encoding="utf-8")
            place = Path(folder) / str(size)
            found.append(measure_module("benchmarks.growth", path, place, int(settings.quick)))
    base = found[min(BASE, len(found) - 1)]
    rows = [_row(size, numbers, base) for size, numbers in zip(sizes, found, strict=True)]
    return table(HEADINGS, rows)


def _row(size: int, found: dict[str, float], base: dict[str, float]) -> list[str]:
    return [
        f"{size:,}",
        f"{found['ready']:.1f}",
        f"{found['ready'] / size * 1e6:,.0f}",
        f"{found['step'] * 1e6:,.0f}",
        f"{found['end'] * 1e6:,.0f}",
        f"{(found['step'] + found['end']) * 1e6:,.0f}",
        ratio(found["step"] + found["end"], base["step"] + base["end"]),
        f"{found['memory']:,.0f}",
    ]


def _make(count: int) -> list[str]:
    """So many different names that the shipped model makes."""
    import dino_names

    return dino_names.generate_many(n=count, seed=0)


def child(path: Path, folder: Path, *, quick: bool) -> dict[str, float]:
    """Train on a list, for a number of batches that does not grow with it.

    Arguments:
        path: the list, or the folder of one that was prepared.
        folder: of the run.
        quick: whether a tiny network will do.

    Returns:
        Seconds: `ready` until the model is built, TensorFlow's import left out; `step` of a batch
        and `end` of what follows an epoch, both for one name.
    """
    from dino_names.config import LONG_LIST_OPTIONS
    from dino_names.progress import Silent
    from dino_names.training import train

    class Clock(Silent):
        def __init__(self) -> None:
            self.begun, self.last, self.steps, self.ends = 0.0, 0.0, list[float](), list[float]()

        def begin(self, *_: object) -> None:
            self.begun = time.perf_counter()

        def batch(self, epoch: int, batch: int, loss: float) -> None:
            now = time.perf_counter()
            if batch > 1:
                self.steps.append(now - self.last)
            self.last = now

        def epoch(self, row: dict[str, Any]) -> None:
            self.ends.append(time.perf_counter() - self.last)

        def round(self, *_: object) -> None:
            self.ends.append(time.perf_counter() - self.last)

    options: dict[str, Any] = {**LONG_LIST_OPTIONS, **(TINY if quick else {})}
    names = _count(path)
    epoch = math.ceil(names / options["batch_size"])
    batches = 6 if quick else BATCHES
    epochs = max(1, round(batches / epoch))
    clock, started = Clock(), time.perf_counter()
    train(
        path,
        out=folder,
        loop="tape",
        progress=clock,
        epochs=epochs,
        rounds=min(batches / epoch, epochs),
        **options,
    )
    counted = clock.steps[0 if quick else WARM :]
    return {
        "ready": clock.begun - started,
        # The middle one, since some batches are saved after.
        "step": statistics.median(counted) / options["batch_size"],
        "end": min(clock.ends) / names,
    }


def _count(path: Path) -> int:
    """How many names there are in a file or a prepared list."""
    from dino_names.corpus import PreparedNames

    if path.is_dir():
        return len(PreparedNames.read(path))
    with path.open(encoding="utf-8") as file:
        return sum(1 for _ in file)


if __name__ == "__main__":
    where, out, is_quick = sys.argv[1:]
    print(json.dumps(child(Path(where), Path(out), quick=bool(int(is_quick)))))
