"""How far generated names are from real ones as a crowd, and how far real ones are from those.

The distance of two distributions is the divergence of J. Lin, "Divergence measures based on the
Shannon entropy", IEEE Transactions on Information Theory 37, 1991, in bits: 0 where they are the
same, 1 where they have nothing in common. Between samples of one distribution it is above 0, the
more the smaller they are; so generated and real names are compared in samples of one size, and
beside the distance of generated names from held-out ones stands that of other real names from
the same held-out ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.arrays import ArrayLike, Integers
from dino_names.corpus import Vocabulary
from dino_names.evaluation.intervals import interval

RESAMPLES = 200
# Fewer names than these say nothing about a distribution.
FEWEST = 20


@dataclass(frozen=True, kw_only=True)
class Distance:
    """From held-out names, in bits (Jensen-Shannon), the mean over samples.

    Arguments:
        generated: of generated names.
        real: of other real names.
        real_interval: in which 95 % of samples of real names lie.
        names: how many each sample holds.
    """

    generated: float
    real: float
    real_interval: tuple[float, float]
    names: int

    @property
    def like_real(self) -> bool:
        """Whether real names are often as far away."""
        return self.generated <= self.real_interval[1]


def jensen_shannon(first: ArrayLike, second: ArrayLike) -> float:
    """The divergence of two distributions in bits, from 0 to 1.

    Arguments:
        first, second: how often each thing was seen, in one order; at least one thing each.
    """
    pair = np.stack([np.asarray(first, np.float64), np.asarray(second, np.float64)])
    pair /= pair.sum(axis=1, keepdims=True)
    middle = pair.mean(axis=0)
    seen = pair > 0
    ratios = pair[seen] / np.broadcast_to(middle, pair.shape)[seen]
    return max(0.0, float((pair[seen] * np.log2(ratios)).sum()) / 2)


def name_lengths(*lists: Sequence[str]) -> list[Integers]:
    """The length of each name, as a table for `compare`, (names, 1), for each list."""
    return [np.array([len(name) for name in names], np.int64)[:, None] for names in lists]


def name_pairs(*lists: Sequence[str]) -> list[Integers]:
    """The pairs of neighbouring characters of each name, boundaries before and after included.

    Returns:
        A table for `compare` for each list, (names, pairs), -1 where a name has no more; the
        same number is the same pair in all of them.
    """
    vocabulary = Vocabulary.of(name for names in lists for name in names)
    tables = []
    for names in lists:
        ids = vocabulary.encode_names(names).astype(np.int64) if names else np.zeros((0, 2), int)
        pairs = ids[:, :-1] * len(vocabulary) + ids[:, 1:]
        pairs[:, 1:][ids[:, 1:-1] == 0] = -1  # A pair that begins after the name's end.
        tables.append(pairs)
    known = np.unique(np.concatenate([table.ravel() for table in tables]))
    known = known[known >= 0]
    return [np.where(table < 0, -1, np.searchsorted(known, table)) for table in tables]


def compare(
    generated: Sequence[str],
    held_out: Sequence[str],
    training: Sequence[str] = (),
    *,
    features: Callable[..., list[Integers]],
    seed: int = 0,
) -> Distance | None:
    """The distances of generated and of other real names from held-out ones.

    Arguments:
        generated: names of a model.
        held_out: real names that it has not seen.
        training: real names of the same kind, those that it has. Without them the held-out
            names are halved, again and again, and the distance between the halves counted.
        features: `name_lengths` or `name_pairs`.
        seed: of the samples.

    Returns:
        None where there are fewer than FEWEST names to a sample.
    """
    halves = not training
    names = min(len(generated), len(training) or len(held_out), len(held_out) // (1 + halves))
    if names < FEWEST:
        return None
    tables = features(generated, held_out, training)
    things = max(int(table.max(initial=0)) for table in tables) + 1
    rng = np.random.default_rng(seed)

    def count(table: Integers, rows: Integers) -> Integers:
        return np.bincount(table[rows].ravel() + 1, minlength=things + 1)[1:]

    found = np.empty((RESAMPLES, 2))
    for row in range(RESAMPLES):
        mine, theirs = (rng.permutation(len(table)) for table in tables[:2])
        target = count(tables[1], theirs[:names])
        if halves:
            other = count(tables[1], theirs[names : 2 * names])
        else:
            other = count(tables[2], rng.permutation(len(training))[:names])
        found[row] = (
            jensen_shannon(count(tables[0], mine[:names]), target),
            jensen_shannon(other, target),
        )
    means = found.mean(axis=0)
    return Distance(
        generated=float(means[0]),
        real=float(means[1]),
        real_interval=interval(found[:, 1]),
        names=names,
    )
