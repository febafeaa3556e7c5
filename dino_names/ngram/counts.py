"""Counting names for `Ngram`: the context trie and its discounts, by integer keys.

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

from dino_names.arrays import Array, Int64s
from dino_names.corpus import BOUNDARY, Vocabulary
from dino_names.errors import CorpusError
from dino_names.ngram.trie import MIN_DISCOUNT, expected_tensors, smallest_type

# A table of all possible pairs, up to so many times the pairs to count, is faster than sorting.
DENSE_SHARE = 3
# Without one, so many pairs are looked up at once.
LOOKED_UP = 1 << 20


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

    nodes: Int64s
    chars: Int64s
    counts: Int64s
    sizes: Int64s
    discounts: tuple[float, float, float] = (0.5, 0.5, 0.5)


def assemble(
    levels: list[Level], vocab_size: int, max_entries: int
) -> tuple[dict[str, Any], dict[str, Array]]:
    """The section and the tensors of an n-gram from its counts.

    Arguments:
        levels: one for each context length, their discounts not yet known; pruned here.
        vocab_size: characters there are.
        max_entries: as for `Ngram.fit`.
    """
    for level in levels:
        level.discounts = estimate_discounts(level.counts)
    prune(levels, max_entries)
    counts = np.concatenate([level.counts for level in levels])
    section = {
        "order": len(levels),
        "vocab_size": vocab_size,
        "entries": [len(level.chars) for level in levels],
        "count_type": smallest_type(int(counts.max())),
    }
    sizes = np.concatenate([level.sizes for level in levels])
    values = {
        "ngram.chars": np.concatenate([level.chars for level in levels]),
        "ngram.counts": counts,
        "ngram.sizes": sizes[: len(sizes) - len(levels[-1].sizes)],
        "ngram.discounts": np.array([level.discounts for level in levels]),
    }
    expected = expected_tensors(section)
    return section, {name: values[name].astype(expected[name][0]) for name in expected}


def count_levels(
    names: Sequence[str], vocabulary: Vocabulary, order: int, start_boundary: bool
) -> list[Level]:
    """The trie of all contexts of up to `order - 1` characters, its discounts not yet known.

    A context never reaches beyond the start of its name. What precedes a context there is one
    thing: the counts of lower orders are of different characters before, and the contexts that
    begin with the boundary, which nothing can precede, keep the number of times they were seen.

    Arguments:
        names: at least one, each followed by a boundary here.
        vocabulary: with every character of the names.
        order: the longest context and the character after it.
        start_boundary: whether each name is preceded by a boundary too; without, its first
            letter is counted without a context only.
    """
    if not len(names):
        raise CorpusError("n-gram: expected at least one name, received none.")
    ids, reach = _stream(names, vocabulary, start_boundary)
    # A million names are ten million positions, so these are of the smallest types that serve.
    kind = np.int32 if len(ids) < 2**31 else np.int64
    levels: list[Level] = []
    positions = np.flatnonzero(reach >= start_boundary).astype(kind)
    nodes = np.zeros(len(positions), np.int64)
    entry_at = np.zeros(len(ids), kind)  # The boundary before a name is entry 0 of the root.
    at_start = np.zeros(0, np.int64)
    for length in range(order):
        nodes *= len(vocabulary.characters)
        nodes += ids[positions]
        level, entries = _level(nodes, len(vocabulary.characters))
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
    return levels


def _stream(
    names: Sequence[str], vocabulary: Vocabulary, start_boundary: bool
) -> tuple[Array, Array]:
    """All names in one row of ids, and how many characters of its name stand before each."""
    first = BOUNDARY if start_boundary else ""
    ids = vocabulary.encode("".join([f"{first}{name}{BOUNDARY}" for name in names]))
    lengths = np.fromiter(map(len, names), np.int64, len(names)) + 1 + start_boundary
    # One more each, but for the first of a name, which takes back what those before it came to.
    steps = np.ones(len(ids), np.int32)
    steps[0] = 0
    steps[np.cumsum(lengths)[:-1]] -= lengths[:-1].astype(np.int32)
    return ids.astype(np.min_scalar_type(len(vocabulary.characters))), np.cumsum(steps, out=steps)


def _level(pairs: Int64s, vocab_size: int) -> tuple[Level, Array]:
    """The distinct pairs of context and character, and which of them each position holds."""
    highest = int(pairs.max(initial=0))
    if highest < DENSE_SHARE * len(pairs):
        there = np.zeros(highest + 1, np.bool_)
        there[pairs] = True
        keys = np.flatnonzero(there)
        numbers = np.cumsum(there, dtype=np.int32)
        numbers -= 1
        entries = numbers[pairs]
        del there, numbers
    else:
        keys = np.unique(pairs)
        entries = np.empty(len(pairs), np.int32)
        for start in range(0, len(pairs), LOOKED_UP):
            part = slice(start, start + LOOKED_UP)
            entries[part] = np.searchsorted(keys, pairs[part])
    seen = np.bincount(entries, minlength=len(keys))
    return Level(*np.divmod(keys, vocab_size), seen, np.zeros_like(keys)), entries


def _continue(below: Level, level: Level, shorter: Array, entries: Array) -> None:
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


def estimate_discounts(counts: Int64s) -> tuple[float, float, float]:
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


def prune(levels: list[Level], max_entries: int) -> None:
    """Leave out the rarest of the longest contexts until at most `max_entries` entries remain.

    All contexts of the highest order that were seen once go first, then those seen twice,
    and so on; where that is not enough the next lower order follows. Discounts stay as they
    were estimated from all counts.
    """
    for index in range(len(levels) - 1, 0, -1):
        level, below = levels[index], levels[index - 1]
        room = max(0, max_entries - sum(len(lower.chars) for lower in levels[:index]))
        if len(level.chars) <= room:
            continue
        totals = np.bincount(level.nodes, level.counts)
        ascending = np.sort(totals[level.nodes])
        kept = totals > ascending[len(ascending) - 1 - room]
        leads = np.flatnonzero(below.sizes)
        below.sizes[leads[~kept]] = 0
        entries = kept[level.nodes]
        level.nodes = (np.cumsum(kept) - 1)[level.nodes[entries]]
        level.chars, level.counts = level.chars[entries], level.counts[entries]
        level.sizes = level.sizes[entries]
