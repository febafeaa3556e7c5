"""Files of a prepared list: numbers, read a few at a time, and numbers by chance that follow."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dino_names.arrays import Array, UInt64s
from dino_names.errors import CorpusError
from dino_names.storage import open_regular, show


def id_type(characters: int) -> str:
    """The type of an id in a file."""
    return "u1" if characters <= 256 else "<u2"


def read_numbers(path: Path, kind: str, first: int, count: int) -> Array:
    """Some of the numbers of a file.

    Raises:
        OSError: it has not so many.
    """
    size = np.dtype(kind).itemsize
    with open_regular(path) as file:
        file.seek(first * size)
        data = file.read(count * size)
    if len(data) != count * size:
        raise OSError(f"{path.name} ends early")
    return np.frombuffer(data, kind)


def mixed(marks: Array, seed: int) -> UInt64s:
    """A number by chance for each mark and a seed: SplitMix64, of G. L. Steele and others, 2014."""
    z = marks.astype(np.uint64) + np.uint64((seed + 1) * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = (z ^ z >> np.uint64(shift)) * np.uint64(factor)
    return z ^ z >> np.uint64(31)


def found_damaged(path: Path) -> CorpusError:
    """What to say of a folder that cannot be read."""
    return CorpusError(
        f"{show(path)}: expected a folder that dino-names prepare made, received none that is "
        "whole; prepare the list again."
    )
