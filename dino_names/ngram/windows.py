"""Counts for an n-gram that are gathered in pieces, of lists that do not fit into memory.

A window is a character with those before it in its name, as many as the order has. Read as a
number to the base of the vocabulary's size, with zeros before a shorter one, a window is a key; the
boundary is 0, so that a name's first window begins with it or with nothing, and either n-gram, with
a boundary at the start or without, follows from the same keys. All counts of Kneser and Ney do: the
counts of shorter contexts are of the distinct longer ones.

Where there are too many windows, the rarest are left out, as in the lossy counting of G. S. Manku
and R. Motwani, "Approximate frequency counts over data streams", 2002.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.arrays import Array, Booleans, Int64s, UInt64s
from dino_names.corpus import Vocabulary, mixed
from dino_names.errors import CorpusError
from dino_names.ngram.counts import Level, assemble
from dino_names.ngram.kneser_ney import Ngram

# Of 16 bytes each; what an n-gram of a million entries is made of is counted well enough.
MOST = 1 << 22
# Windows for each entry that an n-gram may have. More give contexts that are pruned again, the
# longest first, and fewer leave shorter contexts out (of 2.3 and 8.7 million invented names, nats
# per character of others: 2.77 and 2.85; with all windows, 12 and 7 for each entry, 3.14 and 3.04;
# with 0.9 and 0.7, 2.91 and 3.20).
FOR_EACH_ENTRY = 1.5
KEYS = 1 << 64
NO_NAMES = "n-gram: expected at least one name, received none."
# Names whose windows are found at once.
AT_ONCE = 1 << 19


def longest_order(order: int, vocab_size: int) -> int:
    """The order, or the highest below it whose windows a key of 64 bits holds."""
    while vocab_size**order >= KEYS:
        order -= 1
    return order


@dataclass(frozen=True, eq=False)
class Windows:
    """How often each window was seen.

    Arguments:
        keys: ascending, (windows,).
        counts: (windows,).
        order: characters of a window.
        vocab_size: characters there are, the boundary among them.
    """

    keys: UInt64s
    counts: Int64s
    order: int
    vocab_size: int

    @classmethod
    def of(cls, ids: Array, lengths: Array, *, order: int, vocab_size: int) -> Windows:
        """Those of some names.

        Arguments:
            ids: of the characters of all names, one after another, without boundaries.
            lengths: characters of each name, (names,).
            order: at most `longest_order`.
            vocab_size: characters there are.
        """
        names = np.arange(len(lengths))
        # With a boundary behind each name, and in front of it zeros, which are no characters.
        spread = np.zeros(len(ids) + (len(names) + 1) * order, np.uint64)
        spread[np.arange(len(ids)) + np.repeat(names * order + order - 1, lengths)] = ids
        ends = np.arange(len(ids) + len(names))
        ends += np.repeat(names * (order - 1), lengths + 1)
        keys = spread[ends]
        for place in range(1, order):
            keys *= np.uint64(vocab_size)
            keys += spread[ends + place]
        return cls(*_counted(keys), order, vocab_size)

    @classmethod
    def of_names(
        cls, names: Sequence[str], vocabulary: Vocabulary, order: int, *, most: int = MOST
    ) -> Windows:
        """Those of names as texts, many at a time; `most` as for `joined`.

        Raises:
            CorpusError: no names.
            PromptError: a character is not in the vocabulary.
        """
        if not len(names):
            raise CorpusError(NO_NAMES)
        size, whole = len(vocabulary.characters), None
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            lengths = np.fromiter(map(len, some), np.int64, len(some))
            ids = vocabulary.encode("".join(some))
            part = cls.of(ids, lengths, order=order, vocab_size=size)
            whole = part if whole is None else whole.joined(part, most=most)
        assert whole is not None
        return whole

    def __len__(self) -> int:
        return len(self.keys)

    def joined(self, other: Windows, *, most: int = MOST) -> Windows:
        """Both together, and of more than `most` the most frequent half of so many."""
        summed = _summed([self.keys, other.keys], [self.counts, other.counts])
        both = Windows(*summed, self.order, self.vocab_size)
        return both.most_frequent(max(1, most // 2)) if len(both) > most else both

    def most_frequent(self, count: int) -> Windows:
        """At most so many; of equally frequent ones those that a hash of the key decides for."""
        if len(self) <= count:
            return self
        rarest = np.partition(self.counts, len(self) - count)[len(self) - count]
        kept = self.counts > rarest
        among = np.flatnonzero(self.counts == rarest)
        drawn = np.argsort(mixed(self.keys[among], 0), kind="stable")
        kept[among[drawn[: count - np.count_nonzero(kept)]]] = True
        return Windows(self.keys[kept], self.counts[kept], self.order, self.vocab_size)

    def without(self, other: Windows) -> Windows:
        """These without others that were counted among them."""
        counts = self.counts.copy()
        there, places = _found(self.keys, other.keys)
        counts[places[there]] -= other.counts[there]
        left = counts > 0
        return Windows(self.keys[left], counts[left], self.order, self.vocab_size)

    def shortened(self, order: int) -> Windows:
        """The windows of a lower order, or of the same."""
        if order >= self.order:
            return self
        keys = self.keys % np.uint64(self.vocab_size**order)
        return Windows(*_summed([keys], [self.counts]), order, self.vocab_size)

    def ngram(self, *, start_boundary: bool = True, max_entries: int = 1_000_000) -> Ngram:
        """The n-gram of the names, as `Ngram.fit` makes it where no window is left out.

        Arguments:
            start_boundary, max_entries: as for `Ngram.fit`.

        Raises:
            CorpusError: there are no windows.
        """
        if not len(self):
            raise CorpusError(NO_NAMES)
        kept = self.most_frequent(int(FOR_EACH_ENTRY * max_entries))
        return Ngram(*assemble(kept.levels(start_boundary), self.vocab_size, max_entries))

    def levels(self, start_boundary: bool) -> list[Level]:
        """The trie of all contexts, its discounts not yet known; see `count_levels`."""
        return _levels([*self._entries(start_boundary)][::-1], self.vocab_size)

    def _entries(self, start_boundary: bool) -> Iterator[tuple[UInt64s, Int64s]]:
        """The keys and counts of each level, from the longest context to none."""
        size, start = self.vocab_size, int(start_boundary)

        def at_start(length: int) -> slice:
            """The windows of a name's first characters, after contexts of one length."""
            edges = [
                size**power if power >= 0 else 0 for power in (length - start, length + 1 - start)
            ]
            return slice(*np.searchsorted(self.keys, np.array(edges, np.uint64)))

        longest = slice(at_start(self.order - 1).start if self.order > 1 else 0, None)
        keys, counts = self.keys[longest], self.counts[longest]
        yield keys, counts
        for length in range(self.order - 2, -1, -1):
            shorter, before = _counted(keys % np.uint64(size ** (length + 1)))
            first = at_start(length)
            # Nothing precedes a boundary; without one, the start is one thing that precedes.
            seen = self.counts[first] if start else np.ones(len(self.counts[first]), np.int64)
            keys, counts = _summed([shorter, self.keys[first]], [before, seen])
            yield keys, counts


def _levels(entries: list[tuple[UInt64s, Int64s]], size: int) -> list[Level]:
    """The levels of a trie, of entries by the length of their context."""
    levels: list[Level] = []
    below = np.zeros(0, np.uint64)
    for keys, counts in entries:
        nodes = np.zeros(len(keys), np.int64)
        if levels:
            contexts = keys // np.uint64(size)
            # A context may be left out, though what followed it here was seen often.
            there, _ = _found(below, contexts)
            keys, counts = keys[there], counts[there]
            distinct, nodes = np.unique(contexts[there], return_inverse=True)
            levels[-1].sizes[np.searchsorted(below, distinct)] = np.bincount(nodes)
        chars = (keys % np.uint64(size)).astype(np.int64)
        levels.append(Level(nodes.astype(np.int64), chars, counts, np.zeros(len(keys), np.int64)))
        below = keys
    return levels


def _found(keys: UInt64s, wanted: UInt64s) -> tuple[Booleans, Int64s]:
    """Which of some keys are among others, which are ascending, and where these are."""
    places = np.searchsorted(keys, wanted)
    there = places < len(keys)
    there[there] = keys[places[there]] == wanted[there]
    return there, places


def _counted(keys: UInt64s) -> tuple[UInt64s, Int64s]:
    """Each key once, ascending, and how often it was there."""
    found, counts = np.unique(keys, return_counts=True)
    return found, counts.astype(np.int64)


def _summed(keys: list[UInt64s], counts: list[Int64s]) -> tuple[UInt64s, Int64s]:
    """Each key once, ascending, and the sum of its counts."""
    joined, values = np.concatenate(keys), np.concatenate(counts)
    if not len(joined):
        return joined, values
    order = np.argsort(joined, kind="stable")  # quick with parts that are sorted
    joined, values = joined[order], values[order]
    first = np.flatnonzero(np.concatenate([[True], joined[1:] != joined[:-1]]))
    return joined[first], np.add.reduceat(values, first)
