"""Counting names for `Ngram`: the context trie and its discounts, by sorting integer keys.

A level of the trie holds the contexts of one length. Each entry is one character seen after
one context; each context of the next level is an entry of this one, seen with something
after it. So the whole trie is three arrays: the character, the count and the number of
entries of the context that the entry leads to, in the order of the contexts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dino_names.errors import CorpusError
from dino_names.ngram_trie import MIN_DISCOUNT
from dino_names.vocabulary import BOUNDARY, Vocabulary

Ints = npt.NDArray[np.integer[Any]]


@dataclass(eq=False)
class Level:
    """The entries of one context length, sorted by context and then by character.

    Arguments:
        nodes: the context of each entry, counted from 0 in this level, (entries,).
        chars: its character, (entries,).
        counts: how often (highest order, and contexts at the start of a name) or after how
            many different characters it was seen, (entries,).
        sizes: how many entries the context has that this entry leads to, 0 for none.
        discounts: what is taken off a count of 1, of 2, and of 3 or more.
    """

    nodes: Ints
    chars: Ints
    counts: Ints
    sizes: Ints
    discounts: tuple[float, float, float] = (0.5, 0.5, 0.5)


def count_levels(
    names: Sequence[str],
    vocabulary: Vocabulary,
    *,
    order: int,
    start_boundary: bool,
    max_entries: int,
) -> list[Level]:
    """The trie of all contexts of up to `order - 1` characters.

    A context never reaches beyond the start of its name. What precedes a context at the
    start of a name is one thing: the counts of lower orders are of different characters
    before, and the contexts that begin with the boundary, which nothing can precede, keep
    the number of times that they were seen.

    Arguments:
        names: at least one, each followed by a boundary here.
        vocabulary: with every character of the names.
        order: the longest context and the character after it.
        start_boundary: whether each name is preceded by a boundary too; without, its first
            letter is counted without a context only.
        max_entries: above this many, the rarest of the longest contexts are left out.

    Raises:
        CorpusError: no names.
        PromptError: a character is not in the vocabulary.
    """
    if not len(names):
        raise CorpusError("n-gram: expected at least one name, received none.")
    ids, reach = _stream(names, vocabulary, start_boundary)
    levels: list[Level] = []
    positions = np.flatnonzero(reach >= start_boundary)
    nodes = np.zeros(len(positions), np.int64)
    entry_at = np.zeros(len(ids), np.int64)  # The boundary before a name is entry 0 of the root.
    at_start = np.zeros(0, np.int64)
    for length in range(order):
        level, entries = _level(nodes, ids[positions], len(vocabulary))
        if levels:
            _continue(levels[-1], level, entry_at[positions], entries)
            levels[-1].counts += at_start if start_boundary else at_start > 0
        levels.append(level)
        entry_at[positions] = entries
        at_start = np.bincount(entries[reach[positions] == length], minlength=len(level.chars))
        positions = positions[reach[positions] > length]
        before = entry_at[positions - 1]
        level.sizes[before] = 1  # The next round counts them.
        nodes = (np.cumsum(level.sizes) - 1)[before]
    levels[-1].sizes[:] = 0
    for level in levels:
        level.discounts = estimate_discounts(level.counts)
    return prune(levels, max_entries)


def _stream(
    names: Sequence[str], vocabulary: Vocabulary, start_boundary: bool
) -> tuple[npt.NDArray[np.int32], Ints]:
    """All names in one row of ids, and how many characters of its name stand before each."""
    first = BOUNDARY if start_boundary else ""
    ids = vocabulary.encode("".join([f"{first}{name}{BOUNDARY}" for name in names]))
    lengths = np.fromiter(map(len, names), np.int64, len(names)) + 1 + start_boundary
    return ids, np.arange(len(ids)) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _level(nodes: Ints, chars: Ints, vocab_size: int) -> tuple[Level, Ints]:
    """The distinct pairs of context and character, and which of them each position holds."""
    keys, entries, seen = np.unique(
        nodes * vocab_size + chars, return_inverse=True, return_counts=True
    )
    return Level(*np.divmod(keys, vocab_size), seen, np.zeros_like(keys)), entries


def _continue(below: Level, level: Level, shorter: Ints, entries: Ints) -> None:
    """Tell a level what follows from the next: its sizes, and counts of distinct predecessors.

    Arguments:
        below: the level; its sizes hold 1 where an entry leads to a context.
        level: the next one.
        shorter, entries: at each position that the next one has, the entries of both.
    """
    without_oldest = np.empty(len(level.chars), np.int64)
    without_oldest[entries] = shorter
    below.counts = np.bincount(without_oldest, minlength=len(below.chars))
    leads = below.sizes > 0
    below.sizes[leads] = np.bincount(level.nodes, minlength=np.count_nonzero(leads))


def estimate_discounts(counts: Ints) -> tuple[float, float, float]:
    """What to take off a count of 1, of 2, and of 3 or more.

    The modified discounts of S. F. Chen and J. Goodman, "An empirical study of smoothing
    techniques for language modeling", 1999, equation 26, from the number n_i of entries
    with count i. Where one of n1 to n4 is 0 those say nothing, and one discount
    n1 / (n1 + 2 n2) serves all three, or 0.5 where that is undefined too.
    """
    n1, n2, n3, n4 = (int(n) for n in np.bincount(np.minimum(counts, 5), minlength=6)[1:5])
    y = n1 / (n1 + 2 * n2) if n1 and n2 else 0.5
    d1 = d2 = d3 = y
    if n1 and n2 and n3 and n4:
        d1 = 1 - 2 * y * n2 / n1
        d2 = 2 - 3 * y * n3 / n2
        d3 = 3 - 4 * y * n4 / n3
    return max(d1, MIN_DISCOUNT), max(d2, MIN_DISCOUNT), max(d3, MIN_DISCOUNT)


def prune(levels: list[Level], max_entries: int) -> list[Level]:
    """Leave out the rarest of the longest contexts until at most `max_entries` entries remain.

    All contexts of the highest order that were seen once go first, then those seen twice,
    and so on; where that is not enough the next lower order follows. Discounts stay as they
    were estimated from all counts.
    """
    for index in range(len(levels) - 1, 0, -1):
        room = max_entries - sum(len(level.chars) for level in levels[:index])
        level = levels[index]
        if len(level.chars) <= room:
            break
        totals = np.bincount(level.nodes, level.counts).astype(np.int64)[level.nodes]
        rarest_first = np.sort(totals)
        threshold = rarest_first[len(totals) - room - 1] if room >= 0 else rarest_first[-1]
        kept = totals > threshold
        below = levels[index - 1]
        followed = np.flatnonzero(below.sizes)
        survive = np.zeros(len(followed), bool)
        survive[level.nodes[kept]] = True
        below.sizes[followed[~survive]] = 0
        for name in ("chars", "counts", "sizes"):
            setattr(level, name, getattr(level, name)[kept])
        level.nodes = (np.cumsum(survive) - 1)[level.nodes[kept]]
    return levels
