"""N-grams of several lists on one trie, each backed off to that of all lists at every length.

With h a context, h' the same without its oldest character, p_c the n-gram of a list and p_0 that
of all, a name of the list is read by the chain (h, c), (h, 0), (h', c), (h', 0), ...:

    p(w | h) = a(h w) + g(h) p(w | h')
    a(h w) = s a_c(h w) + (1 - s (1 - g_c(h))) a_0(h w)
    g(h) = (1 - s (1 - g_c(h))) g_0(h)

where a is the discounted share of an entry and g what a context leaves over, as in `kneser_ney`;
a_c is 0 and g_c is 1 where the list has not seen h. The shrink s of a list, from 0 for nothing of
its own to 1, is found on held-out names. So the n-gram of a list is the trie of all with other
numbers, and that of a blend has the weighted means of s a_c and s (1 - g_c). Backing off along two
lines at once is that of J. A. Bilmes and K. Kirchhoff, "Factored language models and generalized
parallel backoff", 2003.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from dino_names.arrays import Array, Float64s, Int64s
from dino_names.corpus import Rows, Vocabulary
from dino_names.ngram.category_blend import blend
from dino_names.ngram.counts import estimate_discounts
from dino_names.ngram.fitting import levels_of
from dino_names.ngram.kneser_ney import Ngram
from dino_names.ngram.trie import smallest_type

SHRINKS = (0.25, 0.5, 0.75, 1.0)
USUAL_SHRINK = 0.75
# What all lists' characters say of a list's shrink counts as much as so many of its own.
PULL = 100
# Inputs with tags in front, what follows each, and whether it counts, each (batch, time).
Judged = tuple[Array, Array, Array]


class CategoryNgrams:
    """The n-grams of several lists.

    Arguments:
        whole: of all names.
        parts: for each category the entries of the whole's trie that it has, ascending, and their
            counts; and its discounts, (order, 3).
        shrinks: how far each is to be trusted beside the whole, 0 to 1.
    """

    def __init__(
        self,
        whole: Ngram,
        parts: Sequence[tuple[Int64s, Int64s, Float64s]],
        shrinks: Sequence[float] | None = None,
    ) -> None:
        self.whole, self.parts = whole, list(parts)
        self.shrinks = list(shrinks or [USUAL_SHRINK] * len(self.parts))
        self.vocab_size = whole.vocab_size
        # Names mostly come list after list.
        self._last: tuple[tuple[int, float], Ngram] | None = None

    @classmethod
    def fit(
        cls, rows: Rows, vocabulary: Vocabulary, *, order: int, categories: int
    ) -> CategoryNgrams:
        """Those of some names.

        Arguments:
            rows: names with their categories and weights; a category may have none here.
            vocabulary: with every character of them.
            order: characters of the longest context, plus one.
            categories: how many there are.
        """
        whole = Ngram.fit(rows.counted(), vocabulary, order=order)
        parts = [
            _part(whole, rows.of_category(tag).counted(), vocabulary) for tag in range(categories)
        ]
        return cls(whole, parts)

    @property
    def section(self) -> dict[str, Any]:
        """That of the whole, with what the categories add."""
        largest = max([int(counts.max(initial=1)) for _, counts, _ in self.parts])
        own = {
            "entries": [len(entries) for entries, _, _ in self.parts],
            "count_type": smallest_type(largest),
            "shrinks": self.shrinks,
        }
        return {**self.whole.section, "categories": own}

    def to_tensors(self) -> dict[str, Array]:
        """Those of the whole, and of the categories one after another."""
        entries, counts, discounts = zip(*self.parts, strict=True)
        kind = self.section["categories"]["count_type"]
        return {
            **self.whole.to_tensors(),
            "ngram.category_entries": np.concatenate(entries).astype(np.int32),
            "ngram.category_counts": np.concatenate(counts).astype(kind),
            "ngram.category_discounts": np.stack(discounts),
        }

    def of(self, tag: int) -> Ngram:
        """The n-gram of one category."""
        return self._of(tag, self.shrinks)

    def _of(self, tag: int, shrinks: Sequence[float]) -> Ngram:
        own = [float(tag == other) for other in range(len(self.parts))]
        section = {**self.section["categories"], "blend": own, "shrinks": shrinks}
        return self.whole.reweighted(*blend(self.whole.trie, section, self._tensors))

    @cached_property
    def _tensors(self) -> dict[str, Array]:
        return self.to_tensors()

    def logits(self, ids: Array) -> Array:
        """What follows each character, (batch, time, vocab_size) as logarithms.

        Arguments:
            ids: (batch, time), with the tag of a name's list in front.
        """
        found = np.empty((*ids.shape, self.vocab_size), np.float32)
        for tag, rows, inputs in self._by_list(ids):
            key = tag, self.shrinks[tag]
            if self._last is None or self._last[0] != key:
                self._last = key, self.of(tag)
            found[rows] = self._last[1].logits(inputs)
        return found

    def _by_list(self, ids: Array) -> Iterator[tuple[int, Int64s, Array]]:
        """The rows of each list among some names, and these with the boundary in front."""
        tags = ids[:, 0].astype(np.int64) - self.vocab_size
        for tag in np.unique(tags).tolist():
            rows = np.flatnonzero(tags == tag)
            inputs = ids[rows].copy()
            inputs[:, 0] = 0
            yield tag, rows, inputs

    def nats(self, batches: Sequence[Judged]) -> tuple[Float64s, Int64s]:
        """How likely names are under each of `SHRINKS`.

        Arguments:
            batches: of names that were not counted.

        Returns:
            Nats, (shrinks, categories), and how many characters these are of, (categories,).
        """
        lists = len(self.parts)
        found, characters = np.zeros((len(SHRINKS), lists)), np.zeros(lists, np.int64)
        # List by list, since making the n-gram of one takes longer than reading with it.
        judged: dict[int, list[Judged]] = {}
        for ids, targets, counted in batches:
            for tag, rows, inputs in self._by_list(ids):
                judged.setdefault(tag, []).append((inputs, targets[rows], counted[rows]))
                characters[tag] += np.count_nonzero(counted[rows])
        for tag, parts in judged.items():
            for place, shrink in enumerate(SHRINKS):
                ngram = self._of(tag, [shrink] * lists)
                for inputs, targets, counted in parts:
                    wanted = targets[..., None].astype(np.int64)
                    chosen = np.take_along_axis(ngram.logits(inputs), wanted, 2)[..., 0]
                    found[place, tag] -= float(chosen[counted].sum(dtype=np.float64))
        return found, characters


def choose_shrinks(nats: Float64s, characters: Int64s) -> list[float]:
    """The shrink of each category under which its names are likeliest.

    Arguments:
        nats, characters: as `CategoryNgrams.nats` gives them.
    """
    pull = nats.sum(axis=1, keepdims=True) / max(1, characters.sum()) * PULL
    return [SHRINKS[place] for place in (nats + pull).argmin(axis=0)]


def fit_rows(
    rows: Rows, vocabulary: Vocabulary, *, order: int, start_boundary: bool = True
) -> Ngram | CategoryNgrams:
    """The n-gram of some names, or n-grams where they have categories.

    Arguments:
        rows: names, with their categories and weights.
        vocabulary: with every character of them, and a tag for each category.
        order: characters of the longest context, plus one.
        start_boundary: whether a boundary precedes each name, too.
    """
    if rows.tags:
        return CategoryNgrams.fit(rows, vocabulary, order=order, categories=vocabulary.tags)
    return Ngram.fit(rows.counted(), vocabulary, order=order, start_boundary=start_boundary)


def _part(
    whole: Ngram, names: Sequence[str], vocabulary: Vocabulary
) -> tuple[Int64s, Int64s, Float64s]:
    """The counts of one category, at the entries of the whole's trie."""
    trie = whole.trie
    if not names:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, np.full((whole.order, 3), 0.5)
    levels = levels_of(names, vocabulary, whole.order, True)
    nodes = np.zeros(1, np.int64)
    entries, counts = list[Int64s](), list[Int64s]()
    for level in levels:
        # A context that the whole has pruned is -1, and so is what follows from it.
        keys = nodes[level.nodes] * trie.vocab_size + level.chars
        places = np.minimum(np.searchsorted(trie.keys, keys), len(trie.keys) - 1)
        there = (trie.keys[places] == keys) & (nodes[level.nodes] >= 0)
        entries.append(places[there])
        counts.append(level.counts[there])
        nodes = np.where(there, trie.children[places], -1)[level.sizes > 0]
    discounts = np.array([estimate_discounts(level.counts) for level in levels])
    return np.concatenate(entries), np.concatenate(counts), discounts
