from __future__ import annotations

from itertools import combinations, product

import pytest
from rapidfuzz.distance import Levenshtein

from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation.cast import Cast
from dino_names.generation.rules import Rules
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model

LISTED = ["".join(name) for name in product("abcde", repeat=3)][::7]


def least(names: list[str]) -> int:
    return min(Levenshtein.distance(*pair) for pair in combinations(names, 2))


@pytest.mark.parametrize("distinct", [1, 2, 4])
@pytest.mark.parametrize("starts", [False, True])
def test_all_are_as_far_apart_as_asked(distinct: int, starts: bool) -> None:
    model = mixed_model(LISTED)
    names = model.generate_many(n=5, distinct=distinct, distinct_starts=starts, seed=1)
    assert least(names) >= distinct
    assert len(set(names)) == 5
    if starts:
        assert len({name[0] for name in names}) == 5
    assert names == model.generate_many(n=5, distinct=distinct, distinct_starts=starts, seed=1)


def test_what_every_name_is_apart_from_is_the_list() -> None:
    model = mixed_model(LISTED, kept_names=tuple(sorted(LISTED)))
    names = model.generate_many(n=20, apart=3, seed=1)
    assert min(Levenshtein.distance(name, old) for name in names for old in LISTED) == 3
    near = model.generate_many(n=20, seed=1)
    assert min(Levenshtein.distance(name, old) for name in near for old in LISTED) < 3


def test_without_the_list_nobody_can_say_how_far_it_is() -> None:
    with pytest.raises(
        OptionError, match="apart: expected a model file that holds its .* --keep-names"
    ):
        mixed_model(LISTED).generate_many(apart=2)


def test_one_name_gives_way_to_two() -> None:
    # "abab" comes first and keeps out both others, which are 4 apart from each other.
    model = trie_model({"abab": 1.0, "abcc": 1e-2, "ccab": 1e-2})
    names = model.generate_many(n=2, distinct=3, seed=1)
    assert sorted(names) == ["abcc", "ccab"]
    assert model.generate_many(n=1, distinct=3, seed=1) == ["abab"]


def test_no_more_than_there_are_are_found_and_said() -> None:
    model = trie_model({"abab": 1.0, "abac": 1.0, "ccca": 1.0})
    with pytest.raises(NotEnoughNamesError, match="too near to another.*less distinct") as caught:
        model.generate_many(n=3, distinct=2, seed=1)
    assert len(caught.value.names) == 2
    assert least(caught.value.names) >= 2


def test_more_first_letters_than_there_are_is_refused_at_once() -> None:
    model = mixed_model(LISTED)
    with pytest.raises(OptionError, match="distinct_starts: expected at most 5 names"):
        model.generate_many(n=6, distinct_starts=True)
    with pytest.raises(OptionError, match="expected at most 1 names.* after a prompt"):
        model.generate_many("a", n=2, distinct_starts=True)


def test_a_cast_of_repeats_is_refused() -> None:
    with pytest.raises(OptionError, match="unique: expected true with distinct"):
        mixed_model(LISTED).generate_many(n=2, distinct=1, unique=False)


def test_the_list_is_compared_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    from dino_names.generation import cast

    model = mixed_model(LISTED)
    rules = Rules(prompt="", characters=model._maker.characters)

    def judge() -> list[str]:
        selection = Cast(
            n=1, rules=rules, distinct=0, distinct_starts=False, apart=2, listed=LISTED
        )
        texts = [*LISTED[:3], "abcdeabcde", LISTED[4] + "a"]
        return selection._judge(texts, ["", "long", "", "", ""])

    whole = judge()
    assert whole == ["near", "long", "near", "", "near"]
    monkeypatch.setattr(cast, "PAIRS_AT_ONCE", 8)
    assert judge() == whole
