"""What a shortfall says is so, and what it advises helps."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from dino_names.engine.sampling import Sampler
from dino_names.errors import NotEnoughNamesError
from dino_names.generation.name_model import NameModel
from dino_names.generation.shortfall import UNFIT, explain
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model

LISTED = ["".join(name) for name in product("abc", repeat=3)]
EVERY = [*LISTED, *("".join(name) for name in product("abc", repeat=2))]


def short_of(model: NameModel, **asked: Any) -> tuple[str, list[str]]:
    with pytest.raises(NotEnoughNamesError) as caught:
        model.generate_many(seed=1, **asked)
    return str(caught.value), caught.value.names


@pytest.mark.parametrize(
    ("asked", "helped", "advice"),
    [
        ({"temperature": 0.05, "n": 300}, {"temperature": 1}, "raise the temperature"),
        ({"max_length": 2, "n": 40}, {"max_length": 4}, "raise max_length"),
        ({"max_length": 3, "n": 40}, {"allow_training_names": True}, "training names"),
        ({"ends": "abc", "top_k": 1, "n": 5}, {"top_k": None}, "raise top_k and top_p"),
        ({"temperature": 0, "n": 3}, {"temperature": 0.5}, "raise the temperature above 0"),
        ({"distinct": 9, "n": 40}, {"distinct": 3}, "less distinct ones"),
    ],
)
def test_the_advice_helps(asked: dict[str, Any], helped: dict[str, Any], advice: str) -> None:
    model = mixed_model(LISTED)
    message, names = short_of(model, **asked)
    assert advice in message
    asked = {name: value for name, value in {**asked, **helped}.items() if value is not None}
    try:
        more = model.generate_many(seed=1, **asked)
    except NotEnoughNamesError as error:
        more = error.names
    assert len(more) > len(names)


def test_what_is_in_the_list_is_said_and_allowing_it_helps() -> None:
    model = trie_model(dict.fromkeys(EVERY, 1.0), training_names=LISTED)
    message, names = short_of(model, n=20)
    assert "in the training list" in message
    assert len(names) == len(EVERY) - len(LISTED)
    assert len(model.generate_many(n=20, seed=1, allow_training_names=True)) == 20


def test_how_many_can_be_spelled_so_is_said_where_it_is_few() -> None:
    message, names = short_of(mixed_model(LISTED), n=50, pattern="a?", allow_training_names=True)
    assert "and no more than 3 can be spelled so" in message
    assert sorted(names) == ["aa", "ab", "ac"]
    # None of that where nothing was asked of them.
    assert "spelled" not in short_of(mixed_model(LISTED), n=50, temperature=0)[0]


@pytest.mark.parametrize(
    "asked",
    [{"n": 300, "temperature": 0.05}, {"n": 60, "max_length": 3}, {"n": 60, "pattern": "*ccc?"}],
)
def test_each_draw_is_accounted_for(asked: dict[str, Any]) -> None:
    message, names = short_of(mixed_model(LISTED), **{"max_length": 4, **asked})
    drawn = int(re.search(r"of ([\d,]+) drawn", message)[1].replace(",", ""))
    gone = re.search(r"drawn (.*) had to go", message)[1]
    parts = re.findall(r"([\d,]*\d) (.*?)(?=, [\d,]*\d |$)", gone)
    assert len(names) + sum(int(count.replace(",", "")) for count, _ in parts) == drawn
    assert {words for _, words in parts} <= {words for words, _ in UNFIT.values()}


def test_why_it_ended_is_what_happened() -> None:
    ended, _ = short_of(trie_model({"ab": 1.0, "ba": 1.0}), n=3)
    assert "what was never drawn has a probability of 0" in ended
    told = {"names": [], "asked": 9, "drawn": 2_450, "unfit": {"long": 2_450}, "spelled": None}
    drawn_out = explain(left=0.4, sampler=Sampler(), **told)
    assert "which is as many as are drawn for so few that will do; raise max_length." in drawn_out
