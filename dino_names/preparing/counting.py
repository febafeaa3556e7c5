"""What an n-gram of a prepared list needs, counted a stretch of it at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from dino_names.corpus import PreparedNames
from dino_names.ngram import Windows

# What is told of the work: so many of so many parts are done.
Told = Callable[[str, int, int], None]
# Counts the windows of an order of a prepared list.
Counter = Callable[[PreparedNames, int, Told], Windows]

# Blocks that are counted at once: larger stretches take no less time, and more memory.
STRETCH = 4


def stretches(names: PreparedNames) -> list[tuple[int, int]]:
    """The first block of each stretch of a list, and the one to stop before."""
    return [
        (first, min(first + STRETCH, names.blocks)) for first in range(0, names.blocks, STRETCH)
    ]


def count_stretch(names: PreparedNames, first: int, end: int, order: int) -> Windows:
    """The windows of some blocks of a prepared list."""
    parts = [names.block(number) for number in range(first, end)]
    ids, lengths = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Windows.of(ids, lengths, order=order, vocab_size=len(names.characters))


def join_all(parts: Iterable[Windows]) -> Windows:
    """Those of all stretches, in their order: where some are left out, it decides which."""
    rest = iter(parts)
    whole = next(rest)
    for part in rest:
        whole = whole.joined(part)
    return whole


def count_here(names: PreparedNames, order: int, told: Told) -> Windows:
    """Count all of a list in this process."""
    calls = stretches(names)

    def counted() -> Iterator[Windows]:
        told("counting", 0, len(calls))
        for done, (first, end) in enumerate(calls, 1):
            yield count_stretch(names, first, end, order)
            told("counting", done, len(calls))

    return join_all(counted())
