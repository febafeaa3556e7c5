"""Names row by row, as training reads them: which list each comes from, and how much it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dino_names.arrays import Array, Float64s, Int64s

# Of lists of unlike size each gives a share of the rows like the square root of its own: as often
# as it is long, a short one would hardly be seen; as often as all others, it would be learned by
# heart (the exponent between the two for lists of languages is that of A. Conneau and others,
# "Unsupervised cross-lingual representation learning at scale", 2020, rounded).
BALANCE = 0.5


@dataclass(frozen=True, eq=False)
class Rows:
    """Names to learn from, each as often as there are rows of it.

    Arguments:
        names: of each row.
        tags: the number of each row's category, from 0; none without categories.
        weights: how much each row counts beside the others; none where all count alike.
    """

    names: tuple[str, ...]
    tags: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()

    @classmethod
    def of(cls, names: Sequence[str] | Rows) -> Rows:
        """Names that stand for themselves; rows as they are."""
        return names if isinstance(names, Rows) else cls(tuple(names))

    def __len__(self) -> int:
        return len(self.names)

    def only(self, names: Sequence[str]) -> Rows:
        """The rows of some names."""
        wanted = set(names)
        return self.at([place for place, name in enumerate(self.names) if name in wanted])

    def by_list(self) -> Rows:
        """The rows list after list, each by name."""
        tags = self.tags or (0,) * len(self)
        return self.at(sorted(range(len(self)), key=lambda row: (tags[row], self.names[row])))

    def of_category(self, tag: int) -> Rows:
        """The rows of one category, without its number."""
        found = self.at([place for place, other in enumerate(self.tags) if other == tag])
        return Rows(found.names, (), found.weights)

    def at(self, places: Sequence[int] | Int64s) -> Rows:
        """Some of the rows, in an order of their own."""

        def taken(values: tuple[object, ...]) -> tuple[object, ...]:
            return tuple(values[place] for place in places) if values else ()

        return Rows(taken(self.names), taken(self.tags), taken(self.weights))  # type: ignore[arg-type]

    def starts(self, characters: int) -> Array:
        """The id in front of each name: the boundary, or behind all characters that of its list.

        Arguments:
            characters: how many there are.
        """
        return np.array([characters + tag for tag in self.tags] or [0] * len(self), np.int32)

    def draw(self, rng: np.random.Generator) -> Int64s:
        """The rows of an epoch in an order by chance: each as often as it should be, or 1 more.

        What is left of a whole number is drawn by one random offset (systematic sampling), so an
        epoch has always as many rows as there are.

        Returns:
            int64 of shape (rows,).
        """
        order = rng.permutation(len(self))
        if self._expected is None:
            return order
        ends = np.cumsum(self._expected[order])
        ends[-1] = len(self)
        counts = np.diff(np.floor(ends + rng.random()), prepend=0).astype(np.int64)
        return np.asarray(rng.permutation(np.repeat(order, counts)))

    def counted(self) -> tuple[str, ...]:
        """Each name as often as a count has it: by its weight, but once at least."""
        if not self.weights:
            return self.names
        weights = np.array(self.weights)
        times = np.maximum(1, np.rint(weights * (len(self) / weights.sum()))).astype(int)
        return tuple(name for name, n in zip(self.names, times, strict=True) for _ in range(n))

    @cached_property
    def _expected(self) -> Float64s | None:
        """How often each row should come in an epoch; None for once each."""
        weights = np.array(self.weights or [1.0] * len(self))
        if self.tags:
            tags = np.array(self.tags)
            weights /= (np.bincount(tags, weights) ** BALANCE)[tags]
        even = bool((weights == weights[0]).all())
        return None if even else weights * (len(self) / weights.sum())


def gather(
    names: Sequence[str],
    labels: Sequence[str],
    weights: Sequence[float],
    *,
    keep_repeats: bool,
) -> tuple[Rows, tuple[str, ...]]:
    """Rows out of what lists hold, sorted, and the labels of their categories.

    Arguments:
        names: in the order of the lists, spelled as names are.
        labels: of the category of each, or none.
        weights: of each, or none.
        keep_repeats: whether a name that comes again is another row; otherwise weights add up.
    """
    known = tuple(sorted(set(labels)))
    numbers = {label: number for number, label in enumerate(known)}
    tags = [numbers[label] for label in labels] or [0] * len(names)
    entries = list(zip(names, tags, weights or [1.0] * len(names), strict=True))
    if not keep_repeats:
        sums: dict[tuple[str, int], float] = {}
        for name, tag, weight in entries:
            sums[name, tag] = sums.get((name, tag), 0.0) + weight
        entries = [(name, tag, weight) for (name, tag), weight in sums.items()]
    entries.sort()
    rows = Rows(
        tuple(name for name, _, _ in entries),
        tuple(tag for _, tag, _ in entries) if labels else (),
        tuple(weight for _, _, weight in entries) if weights else (),
    )
    return rows, known
