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
from copy import copy
from typing import Any

import numpy as np

from dino_names.arrays import Array, DType, Float64s, Floats, Integers
from dino_names.checks import check_range
from dino_names.corpus import Vocabulary
from dino_names.ngram.tables import fill, shorter
from dino_names.ngram.trie import MAX_ENTRIES, MAX_ORDER, Trie, expected_tensors

DEFAULT_ORDER = 6
FIRST_TABLE_BYTES = 2**19
MAX_TABLE_BYTES = 2**26
# Finding a row without its table takes as long as filling about so many rows of one.
ROWS_A_SEARCH = 64
TINY = 1e-30  # Below any probability of an honest model, and its logarithm is finite.


class NgramState:
    """Which context each name of a batch is in: a node of the trie each, (batch,)."""

    def __init__(self, nodes: Integers) -> None:
        self.nodes = nodes

    def keep(self, rows: Array) -> None:
        """Drop all rows but these."""
        self.nodes = self.nodes[rows]

    def pick(self, rows: Array) -> NgramState:
        """A copy of these rows, each of which may come more than once."""
        return NgramState(self.nodes[rows])


class Ngram:
    """A character n-gram that steps like a network.

    Arguments:
        section: `order`, `vocab_size`, `entries` (how many per order) and `count_type`.
        tensors: those that `expected_tensors` gives for the section.
        max_table_bytes: bound of the tables of probabilities and next contexts. What does
            not fit, the longest contexts, is computed when it is met, to the same bits.
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
        dtype: DType = np.float32,
    ) -> None:
        self.trie = Trie(section, tensors)
        self.section = dict(section)
        self.order = self.trie.order
        self.vocab_size = self.trie.vocab_size
        self._tensors = {name: tensors[name] for name in expected_tensors(section)}
        self._dtype = np.dtype(dtype)
        row_bytes = self.vocab_size * (self._dtype.itemsize + 4)  # Next nodes are int32.
        self._most = min(len(self.trie), max(1, max_table_bytes // row_bytes))
        self._asked = 0
        self._tabulate(min(self._most, 1 + FIRST_TABLE_BYTES // row_bytes))

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
            start_boundary: whether a boundary precedes each name, too.
            max_entries: above this many pairs of context and character, the rarest of the
                longest contexts are left out.

        Raises:
            OptionError: order or max_entries out of range.
            CorpusError: no names.
            PromptError: a character is not in the vocabulary.
        """
        from dino_names.ngram.fitting import count_names  # using a model never counts

        check_range("order", order, low=1, high=MAX_ORDER, whole=True)
        check_range("max_entries", max_entries, low=1, high=MAX_ENTRIES, whole=True)
        return cls(*count_names(names, vocabulary, order, start_boundary, max_entries))

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

    def reweighted(self, alpha: Float64s, gamma: Float64s) -> Ngram:
        """The same contexts with other shares, see `Trie`."""
        other = copy(self)
        other.trie = copy(self.trie)
        other.trie.alpha, other.trie.gamma = alpha, gamma
        other._tabulate(self._dense)
        return other

    def initial_state(self, batch: int) -> NgramState:
        """The state of `batch` names before anything was read."""
        return NgramState(np.zeros(batch, np.int64))

    def step(self, ids: Array, state: NgramState) -> Floats:
        """Read one character of each name and change the state.

        Arguments:
            ids: (batch,); the boundary first where names start with one.
            state: of `batch` rows.

        Returns:
            Natural logarithms of the probabilities of what follows, (batch, vocab_size).
        """
        return _log(self.read(ids, state))

    def read(self, ids: Array, state: NgramState) -> Floats:
        """The same as `step`, but the probabilities themselves."""
        self._expect(len(state.nodes))
        state.nodes = self._advance(state.nodes, ids)
        return self._rows(state.nodes)

    def context_counts(self, state: NgramState) -> tuple[Integers, Integers]:
        """The total counts and the lengths of a batch's contexts, (batch,) each."""
        return self.describe(state.nodes)

    def describe(self, nodes: Integers) -> tuple[Integers, Integers]:
        """The total counts and the lengths of contexts, both in the shape of `nodes`."""
        return self.trie.totals[nodes], np.searchsorted(self.trie.levels, nodes, "right") - 1

    def contexts(self, ids: Array) -> Integers:
        """The nodes of the contexts after each character of `ids`, (batch, time) as they are."""
        self._expect(ids.size)
        nodes = np.zeros((ids.shape[0], ids.shape[1] + 1), np.int64)
        for column in range(ids.shape[1]):
            nodes[:, column + 1] = self._advance(nodes[:, column], ids[:, column])
        return nodes[:, 1:]

    def logits(self, ids: Array) -> Floats:
        """What `step` returns after each character of `ids`, (batch, time, vocab_size)."""
        return _log(self._rows(self.contexts(ids).ravel())).reshape(*ids.shape, self.vocab_size)

    def log_probs(self, ids: Array) -> Floats:
        """The logarithm of the probability of each character after those before it.

        Arguments:
            ids: (batch, time), at least two columns; padding is a character as any other.

        Returns:
            (batch, time - 1).
        """
        each, columns = (
            np.arange(len(ids)),
            zip(self.contexts(ids[:, :-1]).T, ids[:, 1:].T, strict=True),
        )
        return _log(np.stack([self._rows(nodes)[each, target] for nodes, target in columns], 1))

    def _rows(self, nodes: Integers) -> Floats:
        """Probabilities after each context, (batch, vocab_size)."""
        deep = np.flatnonzero(nodes >= self._dense)
        if not deep.size:
            return np.asarray(self._table[nodes])
        shorter = nodes.copy()
        shorter[deep] = self.trie.suffixes[nodes[deep]]
        rows = self._rows(shorter)
        rows[deep] = self.trie.lengthen(rows[deep], nodes[deep])
        return rows

    def _advance(self, nodes: Integers, ids: Integers) -> Integers:
        """The longest context that each character makes with the one before it."""
        if (nodes < self._dense).all():
            return np.asarray(self._following[nodes, ids])
        found = np.full(len(nodes), -1)
        while (missing := np.flatnonzero(found < 0)).size:
            here, chars = nodes[missing], ids[missing]
            children = self.trie.child(here, chars)
            shallow = here < self._dense
            children[shallow] = self._following[here[shallow], chars[shallow]]
            found[missing] = children
            nodes = self.trie.suffixes[nodes]
        return found

    def _expect(self, rows: int) -> None:
        """Fill the whole tables once the searches have taken about as long as that will.

        The first name takes a few rows only, and should not wait for thousands.
        """
        self._asked += rows
        if self._dense < self._most and self._asked * ROWS_A_SEARCH >= self._most:
            self._tabulate(self._most)

    def tables(self, count: int) -> tuple[Float64s, Integers]:
        """The n-gram of shorter contexts alone; see `tables.shorter`."""
        return shorter(self.trie, count)

    def _tabulate(self, dense: int) -> None:
        """Keep tables of the first contexts."""
        self._table, self._following = fill(self.trie, dense, self._dtype)
        self._dense = dense


def _log(probabilities: Floats) -> Floats:
    """Their natural logarithms, in their place."""
    np.maximum(probabilities, TINY, out=probabilities)
    np.log(probabilities, out=probabilities)
    return probabilities
