from __future__ import annotations

import builtins
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.errors import MissingExtraError
from dino_names.evaluation import near_copies
from dino_names.evaluation.near_copies import Neighbour, measure, nearest
from dino_names.generation.edits import FURTHEST

WORDS = st.text("abc", min_size=1, max_size=6)


def edits(first: str, second: str) -> int:
    """Levenshtein's distance from its definition."""
    if not first or not second:
        return len(first) + len(second)
    return min(
        edits(first[1:], second) + 1,
        edits(first, second[1:]) + 1,
        edits(first[1:], second[1:]) + (first[0] != second[0]),
    )


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=5))
def test_the_nearest_is_the_nearest_by_brute_force(names: list[str], training: list[str]) -> None:
    for name, found in zip(names, nearest(names, training), strict=True):
        distance, first = min((edits(name, other), other) for other in training)
        assert found == Neighbour(name, first, distance)


def test_tables_are_cut_to_the_memory_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    names, training = ["abc", "bcd", "cde", "def"], ["abd", "cd"]
    whole = nearest(names, training)
    monkeypatch.setattr(near_copies, "PAIRS_AT_ONCE", 1)
    assert nearest(names, training) == whole


def test_names_that_nothing_is_near_to_are_as_far_as_a_byte_can_say() -> None:
    (found,) = nearest(["a" * 300], ["b" * 300])
    assert found.distance == FURTHEST


def test_shares_count_repeats_as_often_as_they_come() -> None:
    names = ["rex", "rex", "rexa", "mosa", "rexy", "zzzzz", "zzzzz", "zzzzz"]
    found = measure(names, listed=[name == "rex" for name in names], training=["rex", "masa"])
    assert found.names == 8
    assert found.new == 6 / 8
    assert found.repeats == 3 / 8
    assert found.within_1 == 5 / 8
    assert found.closest == (
        Neighbour("mosa", "masa", 1),
        Neighbour("rexa", "rex", 1),
        Neighbour("rexy", "rex", 1),
        Neighbour("zzzzz", "masa", 5),
    )
    assert {each.name: each.distance for each in found.distances}["rex"] == 0


def test_what_is_not_known_is_not_measured() -> None:
    found = measure(["rex", "rex"], listed=None)
    assert (found.new, found.within_1, found.closest, found.repeats) == (None, None, (), 0.5)


def test_without_rapidfuzz_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("rapidfuzz"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert measure(["rex"], listed=[True]).new == 0
    with pytest.raises(MissingExtraError, match=r"pip install 'dino-names\[distances\]'"):
        measure(["rex"], listed=[True], training=["rex"])
