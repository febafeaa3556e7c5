from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.errors import InputError, OptionError
from dino_names.modelfile import name_hashes
from dino_names.modelfile.name_filter import NameFilter, check_filter
from dino_names.modelfile.name_hashes import are_remembered, contains, remember_names

SECTION = {"bits": 128, "hashes": 3, "names": 10}


@given(st.sets(st.text(max_size=8), max_size=60), st.sets(st.text(max_size=8), max_size=20))
def test_what_was_put_in_is_found(names: set[str], others: set[str]) -> None:
    made = NameFilter.of(sorted(names), count=max(1, len(names)))
    assert len(made) == len(names) and made.contains(sorted(names)).all()
    one_by_one = [bool(made.contains([name])[0]) for name in sorted(others)]
    assert made.contains(sorted(others)).tolist() == one_by_one


@pytest.mark.parametrize("errors", [0.1, 0.01, 0.001])
def test_others_are_found_as_seldom_as_was_asked(errors: float) -> None:
    inside, outside = 20_000, 100_000
    made = NameFilter.of((f"n{i}" for i in range(inside)), count=inside, errors=errors)
    found = int(made.contains([f"m{i}" for i in range(outside)]).sum())
    # Five deviations of a binomial.
    assert abs(found - errors * outside) < 5 * math.sqrt(errors * outside) + 0.1 * errors * outside
    assert made.words.size * 64 <= 1.45 * inside * math.log2(1 / errors) + 64


def test_parts_make_the_same_filter_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"name{i}" for i in range(500)]
    whole = NameFilter.of(names, count=500)
    monkeypatch.setattr("dino_names.modelfile.name_filter.AT_ONCE", 7)
    parts = NameFilter.of(names, count=500)
    assert np.array_equal(whole.words, parts.words) and parts.section() == whole.section()
    assert parts.contains([*names, "x"]).tolist() == whole.contains([*names, "x"]).tolist()


def test_a_long_list_is_remembered_by_a_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"name{i}" for i in range(100)]
    assert isinstance(remember_names(names), np.ndarray)
    monkeypatch.setattr(name_hashes, "MOST_HASHES", 99)
    known = remember_names(names)
    assert isinstance(known, NameFilter) and contains(known, names).all()
    assert are_remembered(known, [*names, names[0]])
    assert not are_remembered(known, names[1:]) and not are_remembered(known, [*names[1:], "x y"])


@pytest.mark.parametrize("count", [0, 10**9])
def test_a_filter_that_no_file_holds_is_refused(count: int) -> None:
    with pytest.raises(OptionError):
        NameFilter.of([], count=count)


@pytest.mark.parametrize(
    "change",
    [
        {"bits": 65},
        {"bits": 0},
        {"bits": 2**40},
        {"bits": 128.0},
        {"hashes": 0},
        {"hashes": 33},
        {"names": -1},
        {"more": 1},
    ],
)
def test_a_section_that_is_no_filters_is_refused(change: dict[str, object]) -> None:
    assert check_filter("filter", SECTION) == 2
    with pytest.raises(InputError, match="filter"):
        check_filter("filter", {**SECTION, **change})
