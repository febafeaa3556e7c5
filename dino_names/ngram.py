"""Interpolated Kneser-Ney over characters: the baseline, and the partner of the network.

The modified form of S. F. Chen and J. Goodman, "An empirical study of smoothing techniques
for language modeling", Computer Speech and Language 13, 1999: with h a context, h' the same
without its oldest character, c the counts of that order and D its discounts,

    p(w | h) = (c(h w) - D(c(h w))) / c(h) + gamma(h) p(w | h')
    gamma(h) = sum over w of D(c(h w)) / c(h)

and, below the empty context, every character alike. Contexts are nodes of an automaton:
reading a character leads from the longest context that was seen to the longest that is seen
with it, so a step is one gather for the next nodes and one for their probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dino_names.errors import check_range
from dino_names.ngram_trie import MAX_ENTRIES, MAX_ORDER, Trie, expected_tensors, smallest_type
from dino_names.vocabulary import Vocabulary

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

DEFAULT_ORDER = 6
MAX_TABLE_BYTES = 2**26
TINY = 1e-30  # Below any probability of an honest model, and its logarithm is finite.


class NgramState:
    """Which context each name of a batch is in.

    Arguments:
        nodes: ids of contexts, (batch,).
    """

    def __init__(self, nodes: Ints) -> None:
        self.nodes = nodes

    def keep(self, rows: Array) -> None:
        """Go on with some rows only, by index or by a mask over the batch."""
        self.nodes = self.nodes[rows]

    def tile(self, batch: int) -> NgramState:
        """A state of `batch` copies of this single row."""
        return NgramState(np.repeat(self.nodes, batch))


class Ngram:
    """A character n-gram that steps like a network.

    Arguments:
        section: `order`, `vocab_size`, `entries` (how many per order) and `count_type`.
        tensors: `ngram.chars`, `ngram.counts`, `ngram.sizes` and `ngram.discounts`, with the
            types and shapes that `expected_tensors` gives.
        max_table_bytes: bound of the tables; the probabilities of contexts beyond it, the
            longest, are computed when they are met.
        dtype: of the probabilities.

    Raises:
        ModelFileError: section or tensors are not those of an n-gram.

    Example:
        >>> names = ["Rex", "Ajax"]
        >>> ngram = Ngram.fit(names, Vocabulary.of(names), order=3)
        >>> state = ngram.initial_state(2)
        >>> ngram.step(np.zeros(2, np.int32), state).shape
        (2, 7)
    """

    def __init__(
        self,
        section: Mapping[str, Any],
        tensors: Mapping[str, Array],
        *,
        max_table_bytes: int = MAX_TABLE_BYTES,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.trie = Trie(section, tensors)
        self.section = dict(section)
        self._tensors = {name: tensors[name] for name in expected_tensors(section)}
        row_bytes = self.vocab_size * (np.dtype(dtype).itemsize + np.dtype(np.int32).itemsize)
        self._dense = min(len(self.trie), max(1, max_table_bytes // row_bytes))
        self._build_tables(np.dtype(dtype))

    @classmethod
    def fit(
        cls,
        names: Sequence[str],
        vocabulary: Vocabulary,
        *,
        order: int = DEFAULT_ORDER,
        start_boundary: bool = True,
        max_entries: int = 1_000_000,
    ) -> Ngram:
        """The n-gram of some names.

        Arguments:
            names: at least one; a boundary follows each.
            vocabulary: with every character of the names.
            order: characters of the longest context, plus one.
            start_boundary: whether a boundary precedes each name too; no context reaches
                further back than to the start of its name.
            max_entries: above this many pairs of context and character, the rarest of the
                longest contexts are left out.

        Raises:
            OptionError: order or max_entries out of range.
            CorpusError: no names.
            PromptError: a character is not in the vocabulary.
        """
        from dino_names.ngram_counts import count_levels

        check_range("order", order, low=1, high=MAX_ORDER, whole=True)
        check_range("max_entries", max_entries, low=1, high=MAX_ENTRIES, whole=True)
        levels = count_levels(
            names,
            vocabulary,
            order=order,
            start_boundary=start_boundary,
            max_entries=max_entries,
        )
        section: dict[str, Any] = {
            "order": order,
            "vocab_size": len(vocabulary),
            "entries": [len(level.chars) for level in levels],
            "count_type": smallest_type(max(int(level.counts.max(initial=0)) for level in levels)),
        }
        sizes = np.concatenate([level.sizes for level in levels])
        values = {
            "ngram.chars": np.concatenate([level.chars for level in levels]),
            "ngram.counts": np.concatenate([level.counts for level in levels]),
            "ngram.sizes": sizes[: len(sizes) - len(levels[-1].sizes)],
            "ngram.discounts": np.array([level.discounts for level in levels]),
        }
        expected = expected_tensors(section)
        return cls(section, {name: values[name].astype(expected[name][0]) for name in expected})

    @classmethod
    def from_tensors(cls, section: Mapping[str, Any], tensors: Mapping[str, Array]) -> Ngram:
        """Back from `section` and `to_tensors`, everything checked.

        Raises:
            ModelFileError: section or tensors are not those of an n-gram.
        """
        return cls(section, tensors)

    def to_tensors(self) -> dict[str, Array]:
        """What the model file keeps, beside `section`."""
        return dict(self._tensors)

    @property
    def order(self) -> int:
        """Characters of the longest context, plus one."""
        return self.trie.order

    @property
    def vocab_size(self) -> int:
        """Characters, the boundary included."""
        return self.trie.vocab_size

    def initial_state(self, batch: int) -> NgramState:
        """The state of `batch` names before anything was read."""
        return NgramState(np.zeros(batch, np.int64))

    def step(self, ids: Array, state: NgramState) -> Floats:
        """Read one character each.

        Arguments:
            ids: (batch,); the boundary first where names start with one.
            state: of `batch` rows; changed in place.

        Returns:
            Natural logarithms of the probabilities of what follows, (batch, vocab_size).
        """
        state.nodes = self._advance(state.nodes, np.asarray(ids))
        return self._rows(state.nodes)

    def context_counts(self, state: NgramState) -> tuple[Ints, Ints]:
        """How much the contexts of a batch have been seen.

        Returns:
            The total count of each row's context, (batch,), and its length, (batch,).
        """
        return self.describe(state.nodes)

    def describe(self, nodes: Array) -> tuple[Ints, Ints]:
        """The total count and the length of contexts given by node, of the shape of nodes."""
        lengths = np.searchsorted(self.trie.levels, nodes, side="right") - 1
        return self.trie.totals[nodes], lengths

    def contexts(self, ids: Array) -> Ints:
        """The node of the context after each character of a matrix.

        Arguments:
            ids: (batch, time), read from the left.

        Returns:
            (batch, time).
        """
        nodes = np.zeros((ids.shape[0], ids.shape[1] + 1), np.int64)
        for column in range(ids.shape[1]):
            nodes[:, column + 1] = self._advance(nodes[:, column], ids[:, column])
        return nodes[:, 1:]

    def logits(self, ids: Array) -> Floats:
        """What `step` returns after each character, (batch, time, vocab_size)."""
        return self._rows(self.contexts(ids).ravel()).reshape(*ids.shape, self.vocab_size)

    def log_probs(self, ids: Array) -> Floats:
        """The logarithm of the probability of each character after those before it.

        Arguments:
            ids: (batch, time). What follows a name's final boundary is for the caller to
                leave out.

        Returns:
            (batch, time - 1).
        """
        nodes, targets = self.contexts(ids[:, :-1]), ids[:, 1:]
        if self._dense == len(self.trie):
            return self._table[nodes, targets]
        rows = [self._rows(column) for column in nodes.T]
        return np.stack(
            [r[np.arange(len(r)), t] for r, t in zip(rows, targets.T, strict=True)], axis=1
        )

    def _build_tables(self, dtype: np.dtype[Any]) -> None:
        """Logarithms of probabilities and next nodes of the first nodes, (dense, vocab_size).

        Each level starts from the rows of its suffixes, of the level before.
        """
        trie = self.trie
        table = np.full((self._dense, self.vocab_size), 1 / self.vocab_size, dtype)
        following = np.zeros(table.shape, np.int32)
        ends = np.minimum(trie.levels[1:], self._dense)
        for low, high in zip(trie.levels[:-1], ends, strict=True):
            if low >= high:
                break
            suffixes = trie.suffixes[low:high]
            table[low:high] = table[suffixes] * trie.gamma[low:high, None].astype(dtype)
            following[low:high] = following[suffixes]
            entries = slice(trie.offsets[low], trie.offsets[high])
            keys, children = trie.keys[entries], trie.children[entries]
            table.reshape(-1)[keys] += trie.alpha[entries].astype(dtype)
            following.reshape(-1)[keys[children >= 0]] = children[children >= 0]
        np.maximum(table, TINY, out=table)
        self._table: Floats = np.log(table, out=table)
        self._following = following

    def _advance(self, nodes: Array, ids: Array) -> Ints:
        """The longest context that each character makes with the one before it."""
        if self._dense == len(self.trie):
            return self._following[nodes, ids]
        result = np.full(len(nodes), -1)
        while (open_ := np.flatnonzero(result < 0)).size:
            here, chars = nodes[open_], ids[open_]
            shallow = here < self._dense
            found = self.trie.child(here, chars)
            found[shallow] = self._following[here[shallow], chars[shallow]]
            result[open_] = found
            nodes = np.where(result < 0, self.trie.suffixes[nodes], nodes)
        return result

    def _rows(self, nodes: Array) -> Floats:
        """Logarithms of probabilities after each context, (batch, vocab_size)."""
        if self._dense == len(self.trie):
            return self._table[nodes]
        chain = [nodes]
        while (chain[-1] >= self._dense).any():
            last = chain[-1]
            chain.append(np.where(last >= self._dense, self.trie.suffixes[last], last))
        rows = np.exp(self._table[chain.pop()])
        for nodes in reversed(chain):
            self._lengthen(rows, nodes)
        return np.log(np.maximum(rows, TINY, out=rows), out=rows)

    def _lengthen(self, rows: Floats, nodes: Array) -> None:
        """Turn rows of the suffixes into rows of the contexts, where they are not in the table."""
        trie = self.trie
        deep = np.flatnonzero(nodes >= self._dense)
        first = trie.offsets[nodes[deep]]
        sizes = trie.offsets[nodes[deep] + 1] - first
        # Entry numbers of all deep rows one after another, and the row of each.
        entries = np.arange(sizes.sum()) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        rows[deep] *= trie.gamma[nodes[deep], None].astype(rows.dtype)
        rows[np.repeat(deep, sizes), trie.keys[entries] % self.vocab_size] += trie.alpha[entries]
