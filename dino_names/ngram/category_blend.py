"""What the categories of an n-gram's file are, checked, and the shares of one or a blend of them.

The section `categories` holds for each how many `entries` of the whole's trie it has and its
shrink as `shrinks`, the `count_type` of all counts, and in a model of one category or a blend of
some, the weight of each as `blend`. See `categories` for the method.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names.arrays import Array, Float64s
from dino_names.corpus import MAX_CATEGORIES
from dino_names.errors import ModelFileError
from dino_names.ngram.trie import INT_TYPES, MAX_ENTRIES, Expected, Trie

KEYS = {"entries", "count_type", "shrinks"}


def expected_tensors(section: Any, order: int) -> Expected:
    """The type and shape of the tensors of categories, by name.

    Arguments:
        section: that of the categories.
        order: of the n-gram.

    Raises:
        ModelFileError: it is none, or out of bounds.
    """
    if not isinstance(section, Mapping) or set(section) - {"blend"} != KEYS:
        raise _refusal("entries, count_type and shrinks", section)
    entries = section["entries"]
    whole = isinstance(entries, list) and all(type(n) is int and n >= 0 for n in entries)
    if not whole or not 1 <= len(entries) <= MAX_CATEGORIES or sum(entries) > MAX_ENTRIES:
        raise _refusal("the entries of each", entries)
    if section["count_type"] not in INT_TYPES:
        raise _refusal(" or ".join(INT_TYPES), section["count_type"])
    for name in {"shrinks", "blend"} & set(section):
        shares = section[name]
        fits = isinstance(shares, list) and all(isinstance(share, float) for share in shares)
        if not fits or len(shares) != len(entries) or not all(0 <= s <= 1 for s in shares):
            raise _refusal(f"a number from 0 to 1 for each as {name}", shares)
    return {
        "ngram.category_entries": ("int32", (sum(entries),)),
        "ngram.category_counts": (section["count_type"], (sum(entries),)),
        "ngram.category_discounts": ("float64", (len(entries), order, 3)),
    }


def blend(
    trie: Trie, section: Mapping[str, Any], tensors: Mapping[str, Array]
) -> tuple[Float64s, Float64s]:
    """The shares of a blend of categories.

    Arguments:
        trie: of the whole, weighed.
        section: of the categories, with `blend`: the weight of each.
        tensors: of the n-gram.

    Returns:
        alpha, (entries,), and gamma, (nodes,), in place of the trie's.

    Raises:
        ModelFileError: entries that the whole does not have, or counts or discounts out of bounds.
    """
    _check(section, tensors, len(trie.keys))
    bounds = np.cumsum([0, *section["entries"]])
    owners = trie.keys // trie.vocab_size
    orders = np.searchsorted(trie.levels, np.arange(len(trie)), "right") - 1
    own, rest = np.zeros(len(trie.keys)), np.ones(len(trie))
    for number, weight in enumerate(section["blend"]):
        weight *= section["shrinks"][number]
        if not weight:
            continue
        part = slice(bounds[number], bounds[number + 1])
        entries = tensors["ngram.category_entries"][part].astype(np.int64)
        counts = tensors["ngram.category_counts"][part].astype(np.int64)
        discounts = tensors["ngram.category_discounts"][number]
        at = owners[entries]
        totals = np.bincount(at, counts, len(trie))
        taken = discounts[orders[at], np.minimum(counts, 3) - 1]
        own[entries] += weight * (counts - taken) / totals[at]
        left = np.where(totals > 0, np.bincount(at, taken, len(trie)) / np.maximum(totals, 1), 1.0)
        rest -= weight * (1 - left)
    return own + rest[owners] * trie.alpha, rest * trie.gamma


def _check(section: Mapping[str, Any], tensors: Mapping[str, Array], entries: int) -> None:
    """Refuse numbers that no counting gives."""
    bounds = np.cumsum([0, *section["entries"]])
    for low, high in zip(bounds[:-1], bounds[1:], strict=True):
        places = tensors["ngram.category_entries"][low:high].astype(np.int64)
        if len(places) and (places[0] < 0 or places[-1] >= entries or (np.diff(places) <= 0).any()):
            raise _refusal(f"entries from 0 to {entries - 1}, ascending", "others")
    counts, discounts = tensors["ngram.category_counts"], tensors["ngram.category_discounts"]
    if len(counts) and counts.min() < 1:
        raise _refusal("counts of 1 or more", counts.min())
    if not ((discounts >= 0) & (discounts <= [1, 2, 3])).all():
        raise _refusal("discounts up to 1, 2 and 3", "others")


def _refusal(expected: str, received: object) -> ModelFileError:
    return ModelFileError(
        f"n-gram categories: expected {expected}, received {str(received)[:80]}; export the model "
        "again."
    )
