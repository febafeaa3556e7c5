"""Names counted for an n-gram: by windows, or as a trie where no key holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dino_names.arrays import Array
from dino_names.corpus import Vocabulary
from dino_names.ngram.counts import Level, assemble, count_levels
from dino_names.ngram.windows import FOR_EACH_ENTRY, KEYS, MOST, Windows, longest_order


def count_names(
    names: Sequence[str],
    vocabulary: Vocabulary,
    order: int,
    start_boundary: bool,
    max_entries: int,
) -> tuple[dict[str, Any], dict[str, Array]]:
    """The section and the tensors of the n-gram of some names; arguments as for `Ngram.fit`."""
    most = int(FOR_EACH_ENTRY * max_entries)
    levels = levels_of(names, vocabulary, order, start_boundary, most=most)
    return assemble(levels, len(vocabulary.characters), max_entries)


def levels_of(
    names: Sequence[str],
    vocabulary: Vocabulary,
    order: int,
    start_boundary: bool,
    *,
    most: int = KEYS,
) -> list[Level]:
    """The trie of some names, by windows where keys hold them; see `count_levels`.

    Arguments:
        names, vocabulary, order, start_boundary: as for `Ngram.fit`.
        most: windows it is made of, the most frequent ones; all by default.
    """
    if longest_order(order, len(vocabulary.characters)) < order:
        return count_levels(names, vocabulary, order, start_boundary)
    windows = Windows.of_names(names, vocabulary, order, most=max(MOST, 2 * most))
    return windows.most_frequent(most).levels(start_boundary)
