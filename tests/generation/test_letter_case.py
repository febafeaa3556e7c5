from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import PromptError
from dino_names.generation.letter_case import LetterCase
from dino_names.ngram import Ngram
from tests.helpers.mixed_model import mixed_model

NAMES = st.lists(st.text("abAB -é", min_size=1, max_size=6), min_size=1, max_size=8)
TITLES = ["Rex", "Ajax the Great", "Al-Ba", "Bea-bea"]


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
    ("names", "prompt", "followed"),
    [
        (TITLES, "RAB", "Rab"),
        (TITLES, "rab", "Rab"),
        (TITLES, "Rab", "Rab"),
        (TITLES, "al-ba", "Al-ba"),  # after a hyphen or a blank either will do
        (TITLES, "ajax Rex", "Ajax Rex"),
        (["rex", "ajax"], "Rex", "rex"),
        (["REX"], "rex", "REX"),
        (["McRex", "Ajax"], "mcRA", "McRa"),
        (["ex", "Rex"], "ex", "ex"),
        (["éx", "Rex"], "Éx", "éx"),
        (["Rex"], "", ""),
    ],
)
def test_a_prompt_follows_the_list(names: list[str], prompt: str, followed: str) -> None:
    model = mixed_model(names)
    assert model._maker.case.follow(prompt) == followed
    if prompt and followed == names[0][: len(prompt)]:
        assert model.generate(prompt, seed=1, allow_training_names=True).startswith(followed)


def test_a_prompt_in_capitals_gives_the_same_names() -> None:
    model = mixed_model(TITLES)
    names = model.generate_many("Re", n=4, seed=3)
    assert model.generate_many("RE", n=4, seed=3) == model.generate_many("re", n=4, seed=3) == names
    assert all(name.startswith("Re") for name in names)
    assert model.generate("aRe", exact_case=True, seed=3).startswith("aRe")
    with pytest.raises(PromptError):
        mixed_model(["rex"]).generate("REX", exact_case=True)


def letters_of(name: str) -> list[tuple[str, str]]:
    kinds = ["s" if c.islower() else "c" if c.isupper() else "o" for c in name]
    return list(zip(["b", *kinds], kinds, strict=False))


@pytest.mark.parametrize(
    ("names", "prompt"),
    [
        *((["Ab", "Ba", "Aab", "B A"], prompt) for prompt in ("", "A", "a", "B ")),
        *((["ab", "ba", "bA", "b a"], prompt) for prompt in ("", "A", "b ")),
        *((["Ab", "AB"], prompt) for prompt in ("", "a", "AB")),
        *((["éa", "aé", "a b"], prompt) for prompt in ("", "a ", "É")),
    ],
)
def test_capitals_and_small_letters_stand_where_the_list_has_them(
    names: list[str], prompt: str
) -> None:
    listed = {pair for name in names for pair in letters_of(name)}
    found = mixed_model(names).generate_many(prompt, n=30, seed=1, unique=False)
    wild = {pair for name in found for pair in letters_of(name) if pair[0] != "o"} - listed
    assert not {pair for pair in wild if pair[1] != "o"}


def test_whoever_asks_for_it_gets_any_case() -> None:
    model = mixed_model(["Ab", "Ba", "Aab", "B A"])
    inner = [
        n for n in model.generate_many(n=60, seed=1, exact_case=True) if "aA" in n or "bA" in n
    ]
    assert inner


def test_without_an_n_gram_anything_may_be() -> None:
    model = mixed_model(["Ab", "Ba"])
    case = LetterCase(model.predictor.network, model._maker.characters)
    assert case.follow("bA") == "bA"
    assert not case.breaks(np.array([[2, 1, 1]]), "b").any()
