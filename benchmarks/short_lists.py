"""How good the default settings are on short lists, against the same without the base.

A folder of lists, each with `N-SEED.train.txt` of N names and `N-SEED.test.txt` of others.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import dino_names.training  # imported before anything is timed
from benchmarks.quality import lines, measure

assert dino_names.training
SIZES = (30, 100, 300, 1000)
HEAD = (
    "| list | names | 6-gram | from nothing | default | gain | seconds from nothing | seconds |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


def splits(folder: Path, size: int) -> Iterator[tuple[str, Path, Path]]:
    """The name of each list that has this size, its training names and others."""
    for train in sorted(folder.glob(f"*/{size}-*.train.txt")):
        yield train.parent.name, train, Path(str(train).replace(".train.", ".test."))


def table(folder: Path, sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """Rows of a table, as they are known: means over the splits of each list, and of all lists.

    Arguments:
        folder: of lists.
        sizes: names in a training list.
    """
    yield HEAD
    for size in sizes:
        found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for name, train, test in splits(folder, size):
            known, new = lines(str(train)), lines(str(test))
            nothing, default = measure(known, new, base="none"), measure(known, new)
            found[name].append(
                (
                    *(nothing["ngram"], nothing["model"], default["model"]),
                    *(nothing["seconds"], default["seconds"]),
                )
            )
        means = {name: _means(rows) for name, rows in found.items()}
        for name, row in means.items():
            yield _row(name, size, row)
        gains = [row[1] - row[2] for row in means.values()]
        yield _row(f"**mean**, least gain {min(gains):+.3f}", size, _means(list(means.values())))


def _means(rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(statistics.mean(column) for column in zip(*rows, strict=True))


def _row(name: str, size: int, row: Sequence[float]) -> str:
    ngram, nothing, default, before, after = row
    return (
        f"| {name} | {size:,} | {ngram:.3f} | {nothing:.3f} | {default:.3f} "
        f"| {nothing - default:+.3f} | {before:.1f} | {after:.1f} |"
    )
