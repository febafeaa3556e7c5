"""Whether names are new: copies of the training list, repeats, and near copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.arrays import Int64s
from dino_names.generation import PAIRS_AT_ONCE, edit_distances

SHOWN = 5


@dataclass(frozen=True)
class Neighbour:
    """A name and the training name that is nearest to it.

    Arguments:
        name: the name.
        nearest: the first in alphabetical order, where several are as near.
        distance: letters to insert, to delete or to change.
    """

    name: str
    nearest: str
    distance: int


@dataclass(frozen=True, kw_only=True)
class Originality:
    """Shares of some names, from 0 to 1.

    Arguments:
        names: how many there are, repeats included.
        new: are not in the training list; None where that list is not known.
        repeats: equal one before.
        within_1: are a training name or one edit from one; None without the list itself.
        read: are among those that the base has read, of which 1 in 100 is chance; None where the
            model was not started from a base.
        closest: the new names that are nearest to a training name.
        distances: from each distinct name to the training list, by name.
    """

    names: int
    new: float | None
    repeats: float
    within_1: float | None = None
    read: float | None = None
    closest: tuple[Neighbour, ...] = ()
    distances: tuple[Neighbour, ...] = ()


def measure(
    names: Sequence[str],
    *,
    listed: Sequence[bool] | None,
    training: Sequence[str] = (),
    read: Sequence[bool] | None = None,
) -> Originality:
    """Count what is new in names.

    Arguments:
        names: at least one.
        listed: which of them are in the training list; None where nobody knows.
        training: that list, for the distances; none are measured without.
        read: which of them the base has read; None where there was no base.

    Raises:
        MissingExtraError: distances are wanted and rapidfuzz is not installed.
    """
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    found = nearest(list(counts), training) if training else ()
    near = sum(counts[each.name] for each in found if each.distance <= 1)
    others = sorted(
        (each for each in found if each.distance),
        key=lambda each: (each.distance, -len(each.name), each.name),
    )
    return Originality(
        names=len(names),
        new=None if listed is None else 1 - sum(listed) / len(names),
        repeats=1 - len(counts) / len(names),
        within_1=near / len(names) if training else None,
        read=None if read is None else sum(read) / len(names),
        closest=tuple(others[:SHOWN]),
        distances=found,
    )


def nearest(names: Sequence[str], training: Sequence[str]) -> tuple[Neighbour, ...]:
    """The training name nearest to each name, by V. I. Levenshtein's distance (1965).

    Arguments:
        names: any number.
        training: at least one name.

    Raises:
        MissingExtraError: rapidfuzz is not installed.
    """
    training = sorted(set(training))
    at_once = max(1, PAIRS_AT_ONCE // len(training))
    found: list[Neighbour] = []
    for first in range(0, len(names), at_once):
        part = names[first : first + at_once]
        table = edit_distances(part, training, what="distances to training names")
        places: Int64s = table.argmin(axis=1)
        distances = table[np.arange(len(part)), places]
        found += [
            Neighbour(name, training[place], int(distance))
            for name, place, distance in zip(part, places, distances, strict=True)
        ]
    return tuple(found)
