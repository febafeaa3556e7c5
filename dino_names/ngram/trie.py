"""The contexts of an n-gram as a model file keeps them, checked, and what follows from them.

Contexts are nodes, numbered level by level: the empty one is 0, then those of one character,
and so on. Entries are the characters seen after each, in the order of the nodes, ascending
within each. An entry leads to a node of the next level where what it spells was a context
too; `ngram.sizes` holds how many entries that node has, or 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names.arrays import Array, Booleans, Float64s, Floats, Int64s
from dino_names.checks import check_range
from dino_names.config import MAX_VOCAB_SIZE
from dino_names.errors import ModelFileError, OptionError

Expected = dict[str, tuple[str, tuple[int, ...]]]

MAX_ORDER = 32
MAX_ENTRIES = 2**22
INT_TYPES = ("uint8", "uint16", "int32")
CATEGORIES = "categories"
KEYS = ("order", "vocab_size", "entries", "count_type")

# A context must leave some probability for what it has never been followed by.
MIN_DISCOUNT = 0.05


def expected_tensors(section: Any) -> Expected:
    """The type and shape of every tensor that a section implies, by name.

    Arguments:
        section: `order`, `vocab_size`, `entries` (how many per order) and `count_type`; with
            categories those of each too, see `category_blend`.

    Raises:
        ModelFileError: a section that is not an n-gram's, or out of bounds.
    """
    if not isinstance(section, Mapping) or set(section) - {CATEGORIES} != set(KEYS):
        received = sorted(section) if isinstance(section, Mapping) else section
        raise _refusal("section", ", ".join(KEYS), repr(received))
    order, vocab_size, entries = section["order"], section["vocab_size"], section["entries"]
    try:
        check_range("n-gram order", order, low=1, high=MAX_ORDER, whole=True)
        check_range("n-gram vocab_size", vocab_size, low=1, high=MAX_VOCAB_SIZE, whole=True)
        if not isinstance(entries, list) or len(entries) != order:
            raise _refusal("entries", f"a list of {order} numbers", repr(entries))
        for number in entries:
            check_range("n-gram entries", number, low=0, high=MAX_ENTRIES, whole=True)
        check_range("n-gram entries", sum(entries), low=1, high=MAX_ENTRIES, whole=True)
    except OptionError as error:
        raise ModelFileError(str(error)) from None
    if section["count_type"] not in INT_TYPES:
        raise _refusal("count_type", " or ".join(INT_TYPES), repr(section["count_type"]))
    char_type = smallest_type(vocab_size)
    return {
        "ngram.chars": (char_type, (sum(entries),)),
        "ngram.counts": (section["count_type"], (sum(entries),)),
        "ngram.sizes": (char_type, (sum(entries[:-1]),)),
        "ngram.discounts": ("float64", (order, 3)),
        **(_category_tensors(section[CATEGORIES], order) if CATEGORIES in section else {}),
    }


def _category_tensors(section: Any, order: int) -> Expected:
    """The same of what each category adds."""
    from dino_names.ngram.category_blend import expected_tensors as expected

    return expected(section, order)


def smallest_type(largest: int) -> str:
    """The first of the integer types of a model file that holds a number."""
    return next(name for name in INT_TYPES if largest <= np.iinfo(name).max)


class Trie:
    """The contexts and entries of an n-gram, with the numbers that probabilities need.

    Arguments:
        section: as for `expected_tensors`.
        tensors: what that gives, by name.

    Attributes:
        order, vocab_size: as in the section.
        levels: where the nodes of each context length begin, and the end, (order + 1,).
        offsets: where the entries of each node begin, and the end, (nodes + 1,).
        keys: node * vocab_size + character of each entry, ascending, (entries,).
        children: the node that each entry leads to, or -1, (entries,).
        suffixes: the node without the oldest character, (nodes,); the root's is itself.
        totals: count of each context, (nodes,).
        gamma: what each context leaves to its suffix, (nodes,).
        alpha: the discounted share of each entry, (entries,).

    Raises:
        ModelFileError: section or tensors are not those of an n-gram.
    """

    gamma: Float64s
    alpha: Float64s

    def __init__(self, section: Any, tensors: Mapping[str, Array]) -> None:
        _check_types(expected_tensors(section), tensors)
        self.order: int = section["order"]
        self.vocab_size: int = section["vocab_size"]
        self._number(np.cumsum([0, *section["entries"]]), tensors["ngram.sizes"])
        self._spell(tensors["ngram.chars"].astype(np.int64))
        self._link()
        self._weigh(tensors["ngram.counts"].astype(np.int64), tensors["ngram.discounts"])
        if "blend" in section.get(CATEGORIES, ()):
            from dino_names.ngram.category_blend import blend  # most n-grams have no categories

            self.alpha, self.gamma = blend(self, section[CATEGORIES], tensors)

    def __len__(self) -> int:
        return len(self.suffixes)

    def child(self, nodes: Array, chars: Array) -> Int64s:
        """The context that each character makes of each context, -1 where it was not one."""
        keys = np.multiply(nodes, self.vocab_size, dtype=np.int64) + chars
        found = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[found] == keys, self.children[found], -1)

    def lengthen(self, rows: Floats, nodes: Array) -> Floats:
        """Turn the probabilities after the suffix of each context into those after itself.

        Arguments:
            rows: (batch, vocab_size), changed in place.
            nodes: (batch,), each once or more.
        """
        first = self.offsets[nodes]
        sizes = self.offsets[nodes + 1] - first
        starts = np.cumsum(sizes) - sizes
        entries = np.arange(sizes.sum()) + np.repeat(first - starts, sizes)
        rows *= self.gamma[nodes, None].astype(rows.dtype)
        cells = np.repeat(np.arange(len(nodes)), sizes), self.keys[entries] % self.vocab_size
        rows[cells] += self.alpha[entries].astype(rows.dtype)
        return rows

    def few(self, *, entries: int, nodes: int) -> int:
        """How many contexts there are up to the greatest length that keeps within bounds.

        Arguments:
            entries, nodes: how many at most; the empty context is always there.
        """
        fits = (self.levels <= nodes) & (self.offsets[self.levels] <= entries)
        return int(self.levels[fits][1:].max(initial=1))

    def pairs(self) -> Booleans:
        """Which character was seen directly after which, (vocab_size, vocab_size)."""
        seen = np.zeros((self.vocab_size, self.vocab_size), np.bool_)
        if self.order > 1:
            roots = np.flatnonzero(self.children[: self.offsets[1]] >= 0)
            last_of = np.zeros(len(self), np.int64)
            last_of[self.children[roots]] = self.keys[roots]  # The root's number is 0.
            entries = slice(self.offsets[self.levels[1]], self.offsets[self.levels[2]])
            owners, chars = np.divmod(self.keys[entries], self.vocab_size)
            seen[last_of[owners], chars] = True
        return seen

    def _number(self, bounds: Int64s, stored: Array) -> None:
        """Number the nodes, of which each level must own the entries that it is said to."""
        leads = np.flatnonzero(stored)
        self.offsets: Int64s = np.cumsum(np.concatenate([[0], bounds[1:2], stored[leads]]))
        # The first level is the root; the entries of a level lead to the nodes of the next.
        self.levels: Int64s = np.append(0, 1 + np.searchsorted(leads, bounds[:-1]))
        if not bounds[1] or (self.offsets[self.levels] != bounds).any():
            raise _refusal("sizes", "the entries per order of the section", "others")
        self.children: Int64s = np.full(bounds[-1], -1)
        self.children[leads] = np.arange(1, len(leads) + 1)

    def _spell(self, chars: Int64s) -> None:
        """Join nodes and characters to keys."""
        owners = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        self.keys: Int64s = owners * self.vocab_size + chars
        if chars.max() >= self.vocab_size or (np.diff(self.keys) <= 0).any():
            raise _refusal("chars", "ids of the vocabulary, ascending in each context", "others")

    def _link(self) -> None:
        """Find each context without its oldest character, a level at a time."""
        self.suffixes: Int64s = np.zeros(len(self.offsets) - 1, np.int64)
        parents, chars = np.divmod(self.keys[self.children >= 0], self.vocab_size)
        for low, high in zip(self.levels[2:-1], self.levels[3:], strict=True):
            made = slice(low - 1, high - 1)  # Node n is made by the lead before the n-th.
            self.suffixes[low:high] = self.child(self.suffixes[parents[made]], chars[made])
            if (self.suffixes[low:high] < 0).any():
                raise _refusal("sizes", "the end of each context to be a context", "others")

    def _weigh(self, counts: Int64s, discounts: Float64s) -> None:
        """Share each context's probability out between its entries and its suffix."""
        if counts.min() < 1:
            raise _refusal("counts", "1 or more each", str(counts.min()))
        if not ((discounts >= MIN_DISCOUNT) & (discounts <= [1, 2, 3])).all():
            raise _refusal("discounts", f"{MIN_DISCOUNT} up to 1, 2 and 3", str(discounts.tolist()))
        first = self.offsets[:-1]
        orders = np.repeat(np.arange(self.order), np.diff(self.offsets[self.levels]))
        taken = discounts[orders, np.minimum(counts, 3) - 1]
        self.totals: Int64s = np.add.reduceat(counts, first)
        # Added up from the first to the last, on every processor.
        owners = self.keys // self.vocab_size
        self.gamma = np.bincount(owners, taken) / self.totals
        self.alpha = (counts - taken) / np.repeat(self.totals, np.diff(self.offsets))


def _check_types(expected: Expected, tensors: Mapping[str, Array]) -> None:
    """Hold tensors against the types and shapes that they must have."""
    for name, (kind, shape) in expected.items():
        tensor = tensors.get(name)
        if tensor is None or tensor.dtype != kind or tensor.shape != shape:
            received = "none" if tensor is None else f"{tensor.dtype} {tensor.shape}"
            raise _refusal(name.removeprefix("ngram."), f"{kind} {shape}", received)


def _refusal(what: str, expected: str, received: str) -> ModelFileError:
    return ModelFileError(
        f"n-gram {what}: expected {expected}, received {received[:80]}; export the model again."
    )
