"""The probabilities and the next contexts of an n-gram's first contexts, in full."""

from __future__ import annotations

from typing import Any

import numpy as np

from dino_names.arrays import DType, Float64s, Integers
from dino_names.ngram.trie import Trie


def fill(trie: Trie, count: int, dtype: DType) -> tuple[Any, Any]:
    """Tables of probabilities and next contexts, (count, vocab_size) both.

    Arguments:
        trie: has the contexts.
        count: how many of them, the shortest first; some next ones may be behind these.
        dtype: of the probabilities.
    """
    table = np.full((count, trie.vocab_size), 1 / trie.vocab_size, dtype)
    following = np.zeros(table.shape, np.int32)
    for low, high in zip(trie.levels[:-1], np.minimum(trie.levels[1:], count), strict=True):
        if low >= high:
            break
        # A level starts from the rows of its suffixes, which are in the level before.
        suffixes = trie.suffixes[low:high]
        gamma = trie.gamma[low:high, None].astype(dtype)
        np.multiply(table[suffixes], gamma, out=table[low:high])
        following[low:high] = following[suffixes]
        entries = slice(trie.offsets[low], trie.offsets[high])
        keys, children = trie.keys[entries], trie.children[entries]
        table.reshape(-1)[keys] += trie.alpha[entries].astype(dtype)
        following.reshape(-1)[keys[children >= 0]] = children[children >= 0]
    return table, following


def shorter(trie: Trie, count: int) -> tuple[Float64s, Integers]:
    """The n-gram of shorter contexts alone: probabilities and next contexts.

    Arguments:
        trie: has the contexts.
        count: how many of them, all of some lengths; see `Trie.few`.

    Returns:
        float64 and int32 of shape (count, vocab_size).
    """
    table, following = fill(trie, count, np.float64)
    while (deep := following >= count).any():
        following[deep] = trie.suffixes[following[deep]]
    return table, following
