from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.generation.letter_case import forbids_inner_capitals
from dino_names.ngram import Ngram
from tests.helpers.mixed_model import mixed_model

NAMES = st.lists(st.text("abAB -é", min_size=1, max_size=6), min_size=1, max_size=8)


@given(names=NAMES, order=st.integers(2, 5))
def test_the_n_gram_knows_which_character_came_after_which(names: list[str], order: int) -> None:
    vocabulary = Vocabulary.of(names)
    seen = Ngram.fit(names, vocabulary, order=order).trie.pairs()
    pairs = {pair for name in names for pair in zip(f"\n{name}", f"{name}\n", strict=True)}
    characters = vocabulary.characters
    for (i, first), (j, second) in product(enumerate(characters), repeat=2):
        assert seen[i, j] == ((first, second) in pairs)


def test_without_contexts_nobody_knows() -> None:
    assert not Ngram.fit(["ab"], Vocabulary.of(["ab"]), order=1).trie.pairs().any()


@pytest.mark.parametrize(
    ("names", "forbids"),
    [
        (["Rex", "Ajax the Great", "Al-Ba"], True),
        (["rex", "ajax"], True),
        (["REX"], True),
        (["McRex", "Ajax"], False),
        (["éÉ"], False),
    ],
)
def test_capitals_inside_follow_the_list(names: list[str], forbids: bool) -> None:
    model = mixed_model(names)
    assert forbids_inner_capitals(model.predictor, model._characters) is forbids


def inner(name: str) -> bool:
    return any(first.islower() and second.isupper() for first, second in pairwise(name))


def test_no_name_has_a_capital_inside_where_the_list_has_none() -> None:
    names = ["Ab", "Ba", "Aab", "B A"]
    model = mixed_model(names)
    assert not any(map(inner, model.generate_many(n=60, seed=1)))
    # A list that has one is free to.
    assert any(map(inner, mixed_model([*names, "aB"]).generate_many(n=60, seed=1)))
    assert not any(name[2:3].isupper() for name in model.generate_many("Ab", n=9, seed=2))
    assert model.generate("aBa", seed=3).startswith("aBa")  # What was asked for stays.
