"""Search held against all names, written out."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.errors import NotEnoughNamesError, OptionError, PromptError
from dino_names.generation import likeliest as search
from tests.generation.test_guided_draws import ASKED, EVERY, MIXED, fits
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model

IDLE = ("seed", "temperature", "top_k", "top_p")


@settings(max_examples=40)
@given(asked=ASKED, prompt=st.sampled_from(["", "a", "cb"]), n=st.integers(1, 12))
def test_the_likeliest_are_those_of_all(asked: dict[str, Any], prompt: str, n: int) -> None:
    asked = {name: value for name, value in asked.items() if name not in IDLE}
    scores = MIXED.score_many([name for name in EVERY if fits(name, prompt, asked)])
    expected = sorted(scores, key=lambda score: score.nats)[:n]
    try:
        found = MIXED.likeliest(prompt, n=n, allow_training_names=True, **asked)
    except (OptionError, PromptError):
        assert not expected
        return
    except NotEnoughNamesError as error:
        assert [score.name for score in expected] == error.names
        assert len(expected) < n
        return
    assert found.certain == n
    assert [score.nats for score in found] == pytest.approx([score.nats for score in expected])
    assert {score.name for score in found} == {score.name for score in expected}


def test_names_of_the_list_are_left_out_unless_asked_for() -> None:
    model = trie_model({"rex": 8, "rexia": 4, "ramo": 2, "zu": 1}, training_names=["rex"])
    assert [score.name for score in model.likeliest(n=2)] == ["rexia", "ramo"]
    first = model.likeliest(n=1, allow_training_names=True)[0]
    assert (first.name, first.in_training_list) == ("rex", True)
    assert first.nats == pytest.approx(0.629, abs=1e-3)  # 8 of 15
    assert [score.name for score in model.likeliest("ra", n=1)] == ["ramo"]


def test_where_the_search_ends_the_answer_says_how_far_it_is_certain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["".join(name) for name in product("abcd", repeat=3)]
    model = mixed_model(names, training_names=None)
    everything = model.likeliest(n=20, ends="dd")
    assert everything.certain == 20
    monkeypatch.setattr(search, "MOST_FOLLOWED", 60)
    guided = mixed_model(names, training_names=None).likeliest(n=20, ends="dd")
    assert guided.certain < 20
    certain = [score.name for score in guided[: guided.certain]]
    assert certain == [score.name for score in everything[: guided.certain]]
    # What the guide chose is likely, if not surely the likeliest.
    assert all(score.name.endswith("dd") for score in guided)
    shared = {score.name for score in guided} & {score.name for score in everything}
    assert len(shared) >= 10


def test_no_batch_is_larger_than_the_cache_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mixed_model(["".join(name) for name in product("abcd", repeat=3)])
    whole = model.likeliest(n=30)
    monkeypatch.setattr(search, "ROWS", 3)
    assert model.likeliest(n=30) == whole


@pytest.mark.parametrize(
    "options",
    [
        {"seed": 1},
        {"temperature": 0.5},
        {"unique": False},
        {"distinct": 2},
        {"top_k": 1},
        {"key": "a"},
    ],
)
def test_what_only_chance_heeds_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=f"{next(iter(options))}: expected none with likeliest"):
        MIXED.likeliest(n=2, **options)


def test_fewer_than_were_asked_for_are_an_error_that_has_them() -> None:
    model = trie_model({"rex": 8, "zu": 1})
    with pytest.raises(
        NotEnoughNamesError, match="expected the 5 likeliest names, found 2"
    ) as caught:
        model.likeliest(n=5)
    assert caught.value.names == ["rex", "zu"]
