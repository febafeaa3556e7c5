"""Names as training reads them: how often each comes, and from which list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.corpus import Rows, Vocabulary
from dino_names.corpus.rows import BALANCE, gather

NAMES = ("Ada", "Bea", "Cid", "Dan")


def many(rows: Rows, epochs: int = 400) -> np.ndarray:
    """How often each row was drawn, an epoch each."""
    drawn = [rows.draw(np.random.default_rng((3, epoch))) for epoch in range(epochs)]
    return np.array([np.bincount(order, minlength=len(rows)) for order in drawn])


def test_without_weights_each_comes_once() -> None:
    assert (many(Rows(NAMES)) == 1).all()
    assert (many(Rows(NAMES, weights=(2.5,) * 4)) == 1).all()
    assert (many(Rows(NAMES, tags=(0, 1, 0, 1))) == 1).all()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=30))
def test_each_epoch_has_its_share_of_each_row_or_one_more(weights: list[float]) -> None:
    rows = Rows(tuple(f"n{place}" for place in range(len(weights))), weights=tuple(weights))
    counts = many(rows, 5)
    expected = np.array(weights) * len(weights) / sum(weights)
    assert (counts.sum(axis=1) == len(weights)).all()
    assert (np.abs(counts - expected) < 1 + 1e-9).all()


def test_in_the_long_run_each_comes_as_often_as_it_weighs() -> None:
    counts = many(Rows(NAMES, weights=(1, 2, 3, 4)), 4_000).mean(axis=0)
    np.testing.assert_allclose(counts, [0.4, 0.8, 1.2, 1.6], atol=0.03)


def test_a_short_list_beside_a_long_one_comes_more_often_than_it_is_long() -> None:
    rows = Rows(tuple(f"n{place}" for place in range(100)), tags=(0,) * 4 + (1,) * 96)
    short = many(rows)[:, :4].sum() / 400
    wanted = 4**BALANCE / (4**BALANCE + 96**BALANCE)
    assert short / 100 == pytest.approx(wanted, abs=0.01)
    assert 0.04 < wanted < 0.5


def test_repeats_add_up_or_stay_rows() -> None:
    names, labels = ["Ada", "Bea", "Ada", "Ada"], ["x", "y", "x", "y"]
    merged, known = gather(names, labels, [1, 2, 3, 4], keep_repeats=False)
    assert known == ("x", "y")
    assert (merged.names, merged.tags) == (("Ada", "Ada", "Bea"), (0, 1, 1))
    assert merged.weights == (4, 4, 2)
    kept, _ = gather(names, (), (), keep_repeats=True)
    assert (kept.names, kept.tags, kept.weights) == (("Ada", "Ada", "Ada", "Bea"), (), ())


def test_a_count_has_each_as_often_as_it_weighs_but_once_at_least() -> None:
    assert Rows(NAMES).counted() == NAMES
    rows = Rows(NAMES, weights=(0.001, 1, 1, 6))
    assert rows.counted() == ("Ada", "Bea", "Cid", *["Dan"] * 3)


def test_a_tag_stands_behind_all_characters() -> None:
    vocabulary = Vocabulary.of(NAMES, tags=2)
    characters = len(vocabulary.characters)
    assert len(vocabulary) == characters + 2
    assert Rows(NAMES, tags=(0, 1, 1, 0)).starts(characters).tolist() == [
        characters + tag for tag in (0, 1, 1, 0)
    ]
    assert Rows(NAMES).starts(characters).tolist() == [0] * 4
    assert vocabulary != Vocabulary.of(NAMES)


def test_rows_of_some_names_and_of_one_list() -> None:
    rows = Rows(NAMES, tags=(0, 1, 0, 1), weights=(1, 2, 3, 4))
    some = rows.only(["Cid", "Bea"])
    assert (some.names, some.tags, some.weights) == (("Bea", "Cid"), (1, 0), (2, 3))
    one = rows.of_category(1)
    assert (one.names, one.tags, one.weights) == (("Bea", "Dan"), (), (2, 4))
