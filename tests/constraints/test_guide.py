"""The guide's table held against all names, written out."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.constraints import guide as guides
from dino_names.constraints.automaton import Automaton
from dino_names.constraints.constraints import Constraints
from dino_names.constraints.guide import Guide
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.ngram import Ngram

ALPHABET = "abc"
VOCABULARY = Vocabulary.of([ALPHABET])
LISTS = st.lists(st.text(ALPHABET, min_size=1, max_size=5), min_size=1, max_size=8)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "ends": st.text(ALPHABET, min_size=1, max_size=2),
        "contains": st.text(ALPHABET, min_size=1, max_size=2),
        "without": st.text(ALPHABET, min_size=1, max_size=2),
        "letters": st.text(ALPHABET, min_size=1, max_size=2),
    },
)


def by_hand(
    ngram: Ngram,
    automaton: Automaton,
    node: int,
    state: int,
    *,
    length: int,
    shortest: int,
    longest: int,
    exponent: float,
) -> float:
    """The probability of all ways on from here that are as asked."""
    chances, following = ngram.tables(len(ngram.trie))
    row = chances[node] ** exponent
    row /= row.sum()
    total = float(row[0] * automaton.accepts[state]) if length >= shortest else 0.0
    if length < longest:
        for character in range(1, len(row)):
            after = int(automaton.moves[state, character])
            if after:
                total += row[character] * by_hand(
                    ngram,
                    automaton,
                    int(following[node, character]),
                    after,
                    length=length + 1,
                    shortest=shortest,
                    longest=longest,
                    exponent=exponent,
                )
    return total


@settings(max_examples=40)
@given(
    names=LISTS,
    asked=ASKED,
    order=st.integers(1, 4),
    shortest=st.integers(0, 3),
    more=st.integers(0, 2),
    temperature=st.sampled_from([1.0, 0.5, 2.0]),
)
def test_the_table_is_the_sum_over_all_names(
    names: list[str],
    asked: dict[str, Any],
    order: int,
    shortest: int,
    more: int,
    temperature: float,
) -> None:
    ngram = Ngram.fit(names, VOCABULARY, order=order)
    automaton = Automaton(Constraints(**asked).parts(), VOCABULARY.characters)
    lengths = {"shortest": shortest, "longest": shortest + more}
    guide = Guide(ngram, automaton, temperature=temperature, **lengths)
    rng = np.random.default_rng(len(names))
    for length in range(lengths["longest"] + 1):
        table = guide.hopes(length)
        node, state = int(rng.integers(len(table))), int(rng.integers(1, len(automaton)))
        expected = by_hand(
            ngram, automaton, node, state, length=length, exponent=1 / temperature, **lengths
        )
        assert table[node, state] == pytest.approx(expected, rel=1e-6, abs=1e-15)
        after = guide.after(np.array([node]), np.array([state]), length)[0]
        chances = ngram.tables(len(ngram.trie))[0][node] ** (1 / temperature)
        assert (chances / chances.sum()) @ after == pytest.approx(expected, rel=1e-6, abs=1e-15)


def test_a_table_that_has_settled_is_used_for_all_lengths() -> None:
    ngram = Ngram.fit(["ab", "abc", "ca"], VOCABULARY, order=3)
    automaton = Automaton(Constraints(ends="a").parts(), VOCABULARY.characters)
    short = Guide(ngram, automaton, shortest=1, longest=400)
    assert len(short._late) < 100
    exact = short._before(short._late[-1], may_end=True)
    np.testing.assert_allclose(short.hopes(2), exact, rtol=2e-3)


def test_where_the_network_can_go_the_guide_forbids_nothing_that_may_be() -> None:
    """A support as wide as the automaton's, whatever the n-gram has seen."""
    ngram = Ngram.fit(["aaaa", "aab"], VOCABULARY, order=4)
    automaton = Automaton(Constraints(ends="cb").parts(), VOCABULARY.characters)
    guide = Guide(ngram, automaton, shortest=1, longest=5, temperature=0.3)
    for length in range(5):
        possible = automaton.lengths(automaton.start, 5 - length).any()
        assert (guide.hopes(length)[:, automaton.start] > 0).all() == possible


def test_longer_contexts_are_left_out_where_they_cost_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["".join(name) for name in product(ALPHABET, repeat=4)]
    ngram = Ngram.fit(names, VOCABULARY, order=4)
    automaton = Automaton(Constraints(ends="cb").parts(), VOCABULARY.characters)
    whole = Guide(ngram, automaton, shortest=1, longest=6)
    monkeypatch.setattr(guides, "MOST_TERMS", 2_000)
    part = Guide(ngram, automaton, shortest=1, longest=6)
    assert 1 < len(part.following) < len(whole.following)
    assert part.following.max() < len(part.following)
    assert part.hopes(0)[part.context([0]), 1] == pytest.approx(
        whole.hopes(0)[whole.context([0]), 1], rel=0.5
    )
