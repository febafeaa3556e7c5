from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.evaluation.likeness import (
    FEWEST,
    compare,
    jensen_shannon,
    name_lengths,
    name_pairs,
)

COUNTS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8).filter(
    lambda rows: all(map(sum, zip(*rows, strict=True)))
)


def names_from(rng: np.random.Generator, count: int, letters: str = "aabc", mean: int = 6) -> list:
    return ["".join(rng.choice(list(letters), 1 + rng.poisson(mean))) for _ in range(count)]


@given(COUNTS)
def test_the_divergence_is_lins_formula(rows: list[tuple[int, int]]) -> None:
    first, second = (np.array(column) / sum(column) for column in zip(*rows, strict=True))

    def entropy(shares: np.ndarray) -> float:
        return -sum(share * math.log2(share) for share in shares if share)

    wanted = entropy((first + second) / 2) - (entropy(first) + entropy(second)) / 2
    found = jensen_shannon(*zip(*rows, strict=True))
    assert found == pytest.approx(wanted, abs=1e-12)
    assert 0 <= found <= 1 + 1e-12
    assert found == pytest.approx(jensen_shannon(*list(zip(*rows, strict=True))[::-1]), abs=1e-12)


def test_the_divergence_of_the_same_and_of_strangers() -> None:
    assert jensen_shannon([1, 2, 3], [2, 4, 6]) == 0
    assert jensen_shannon([1, 2, 0, 0], [0, 0, 5, 1]) == pytest.approx(1)


@given(st.lists(st.text("abé", min_size=1, max_size=5), min_size=2, max_size=6))
def test_pairs_are_those_of_a_plain_count(names: list[str]) -> None:
    tables = name_pairs(names[:1], names[1:])
    for some, table in zip((names[:1], names[1:]), tables, strict=True):
        plain = Counter(
            pair for name in some for pair in zip(f"\n{name}", f"{name}\n", strict=True)
        )
        counted = Counter(table[table >= 0].tolist())
        assert sorted(counted.values()) == sorted(plain.values())
        assert [np.count_nonzero(row >= 0) for row in table] == [len(name) + 1 for name in some]
    numbers = {}
    for name, row in zip(names, [row for table in tables for row in table], strict=True):
        for pair, number in zip(zip(f"\n{name}", f"{name}\n", strict=True), row, strict=False):
            assert numbers.setdefault(pair, number) == number
    assert sorted(numbers.values()) == list(range(len(numbers)))


@pytest.mark.parametrize("features", [name_lengths, name_pairs])
@pytest.mark.parametrize("known", [True, False])
def test_names_of_one_kind_are_like_real_and_others_are_not(features, known: bool) -> None:
    rng = np.random.default_rng(5)
    held_out, training = names_from(rng, 150), names_from(rng, 700)
    alike, other = names_from(rng, 1000), names_from(rng, 1000, "abbc", 9)
    training = training if known else []
    found = compare(alike, held_out, training, features=features)
    assert found is not None and found.like_real
    assert found.names == (150 if known else 75)
    assert found.real_interval[0] <= found.real <= found.real_interval[1]
    # Equal in distribution and in number: equal but for noise, whatever the size of the lists.
    assert found.generated == pytest.approx(found.real, rel=0.5)
    far = compare(other, held_out, training, features=features)
    assert far is not None and not far.like_real
    assert far.real == found.real


def test_both_distances_are_of_samples_of_one_size() -> None:
    rng = np.random.default_rng(6)
    lists = [names_from(rng, count) for count in (60, 300, 500)]
    for few in range(3):
        ordered = lists[few:] + lists[:few]
        found = compare(*ordered, features=name_lengths)
        assert found is not None and found.names == 60
    assert found == compare(*ordered, features=name_lengths)
    assert found != compare(*ordered, features=name_lengths, seed=1)


def test_too_few_names_say_nothing() -> None:
    rng = np.random.default_rng(7)
    names = names_from(rng, 2 * FEWEST)
    assert compare(names, names[:FEWEST], names, features=name_lengths) is not None
    assert compare(names, names[: FEWEST - 1], names, features=name_lengths) is None
    assert compare(names, names, features=name_lengths) is not None
    assert compare(names, names[1:], features=name_lengths) is None
    assert compare(names, [], features=name_pairs) is None
