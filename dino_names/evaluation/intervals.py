"""How far chance alone may have moved a figure: intervals by resampling whole names.

The percentile bootstrap of B. Efron, "Bootstrap methods: another look at the jackknife", Annals
of Statistics 7, 1979. Names are drawn again and not characters, since the characters of a name
depend on each other; several systems share their draws, so that differences are paired.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dino_names.arrays import ArrayLike, Float64s

LEVEL = 0.95
RESAMPLES = 1_000
# With fewer names the draws are too much alike to say anything.
FEWEST = 10
DRAWS_AT_ONCE = 2**20


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Nats per character, or a difference of two such.

    Arguments:
        nats_per_char: of all names.
        interval: of 95 %; None of too few names.
    """

    nats_per_char: float
    interval: tuple[float, float] | None = None

    @property
    def bits_per_char(self) -> float:
        """The same in bits."""
        return self.nats_per_char / math.log(2)

    @property
    def perplexity(self) -> float:
        """Between how many characters the choice is open, on average."""
        return math.exp(self.nats_per_char)


def resample_rates(
    nats: Float64s, characters: ArrayLike, *, resamples: int = RESAMPLES, seed: int = 0
) -> Float64s:
    """The rates of lists of as many names, drawn from these with replacement.

    Arguments:
        nats: of each name in each system, (systems, names).
        characters: of each name, (names,).
        resamples: how many lists.
        seed: of the draws.

    Returns:
        Nats per character, the sum over the sum, (resamples, systems).
    """
    rng = np.random.default_rng(seed)
    rows = np.concatenate([nats, np.asarray(characters, np.float64)[None]])
    names = rows.shape[1]
    sums, at_once = np.empty((resamples, len(rows))), max(1, DRAWS_AT_ONCE // names)
    for first in range(0, resamples, at_once):
        part = slice(first, min(first + at_once, resamples))
        drawn = rng.integers(names, size=(part.stop - first, names))
        for column, row in enumerate(rows):
            sums[part, column] = row[drawn].sum(axis=1)
    return sums[:, :-1] / sums[:, -1:]


def rates(nats: Float64s, characters: ArrayLike, *, seed: int = 0) -> list[Rate]:
    """The rate of each system with its interval, and of each but the last minus the last.

    Arguments:
        nats: of each name in each system, (systems, names).
        characters: of each name, (names,).
        seed: of the draws.

    Returns:
        `systems` rates, then `systems - 1` differences.
    """
    points = nats.sum(axis=1) / np.sum(characters)
    points = np.concatenate([points, points[:-1] - points[-1]])
    if nats.shape[1] < FEWEST:
        return [Rate(nats_per_char=float(point)) for point in points]
    drawn = resample_rates(nats, characters, seed=seed)
    drawn = np.concatenate([drawn, drawn[:, :-1] - drawn[:, -1:]], axis=1)
    return [
        Rate(nats_per_char=float(point), interval=interval(column))
        for point, column in zip(points, drawn.T, strict=True)
    ]


def interval(values: Float64s, *, level: float = LEVEL) -> tuple[float, float]:
    """Between which two numbers the middle `level` of some values lies."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def share_interval(hits: int, trials: int) -> tuple[float, float]:
    """The interval of a share (E. B. Wilson, Journal of the ASA 22, 1927).

    Arguments:
        hits: how many did, from 0 to trials.
        trials: of how many, at least 1.
    """
    z = 1.959964  # 95 % of a normal distribution lie within so many deviations.
    middle = (hits + z * z / 2) / (trials + z * z)
    half = z * math.sqrt(hits * (trials - hits) / trials + z * z / 4) / (trials + z * z)
    return max(0.0, middle - half), min(1.0, middle + half)
