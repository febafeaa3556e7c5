from __future__ import annotations

from typing import Any

import pytest

from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation import NameModel
from dino_names.modelfile import NameFilter, corpus_filter
from tests.helpers.mixed_model import mixed_model

LISTED, READ = ["Ab", "Ba", "Aab"], ["aa", "bb", "baa"]


def model(**changes: Any) -> NameModel:
    read = NameFilter.of(READ, count=len(READ), errors=1e-6)
    return mixed_model(LISTED, order=1, corpus_filter=read, **changes)


def drawn(made: NameModel, **options: Any) -> set[str]:
    try:
        return set(made.generate_many(n=200, seed=1, max_length=3, **options))
    except NotEnoughNamesError as error:
        return set(error.names)


def folded(names: set[str]) -> set[str]:
    return {name.casefold() for name in names}


@pytest.mark.parametrize("origin", [None, {"base": "mine.safetensors"}])
def test_what_a_base_has_read_is_left_out_where_that_is_asked_for(origin: Any) -> None:
    made = model(origin=origin)
    assert folded(drawn(made, novel="strict")).isdisjoint(READ)
    assert folded(drawn(made)) >= set(READ)
    assert drawn(made, novel="list") == drawn(made) and drawn(made).isdisjoint(LISTED)


def test_a_model_of_the_base_is_strict_by_itself() -> None:
    made = model(origin={"base": "names"})
    assert drawn(made) == drawn(made, novel="strict") and folded(drawn(made)).isdisjoint(READ)
    assert folded(drawn(made, novel="list")) >= set(READ)
    assert drawn(made, allow_training_names=True) > set(LISTED)
    assert folded(drawn(made, allow_training_names=True)) >= set(READ)


def test_contradictions_and_other_words_are_refused() -> None:
    with pytest.raises(OptionError, match="novel and allow_training_names: expected one of them"):
        model().generate(novel="strict", allow_training_names=True)
    with pytest.raises(OptionError, match="novel: expected one of list, strict"):
        model().generate(novel="very")


def test_why_there_are_too_few_is_said() -> None:
    with pytest.raises(NotEnoughNamesError, match="among the names that the base has read"):
        model().generate_many(n=500, seed=1, max_length=2, novel="strict")


def test_the_filter_that_ships_knows_real_names_and_few_others() -> None:
    found = corpus_filter()
    assert found.contains(["anna", "london", "felidae"]).all()
    invented = [f"x{a}q{b}z{c}" for a in "abcdefgh" for b in "aeiou" for c in "klmnoprst"]
    assert found.contains(invented).mean() < 0.05


def test_without_a_filter_of_its_own_a_model_takes_that_of_the_base() -> None:
    made = mixed_model(["Anna", "Hannah", "Nan"], order=4)
    plain, strict = (set(drawn(made, novel=novel)) for novel in ("list", "strict"))
    real = {name for name in plain if corpus_filter().contains([name.casefold()])[0]}
    assert real and strict.isdisjoint(real)
