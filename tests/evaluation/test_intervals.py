from __future__ import annotations

import math

import numpy as np
import pytest

from dino_names.evaluation import intervals as bootstrap
from dino_names.evaluation.intervals import (
    FEWEST,
    Rate,
    interval,
    rates,
    resample_rates,
    share_interval,
)


def test_a_rate_is_the_ratio_of_sums_and_not_the_mean_of_ratios() -> None:
    nats, characters = np.array([[2.0, 9.0]]), np.array([2, 3])
    (rate,) = rates(nats, characters)
    assert rate == Rate(nats_per_char=11 / 5)
    assert rate.bits_per_char == pytest.approx(2.2 / math.log(2))
    assert rate.perplexity == pytest.approx(math.exp(2.2))


def test_resamples_are_whole_names_and_paired() -> None:
    # Each name's nats are a power of ten, so that a sum says which names were drawn.
    nats = 10.0 ** np.arange(3)
    drawn = resample_rates(np.stack([nats, 2 * nats]), [1, 1, 1], resamples=500, seed=1)
    sums = np.rint(3 * drawn[:, 0]).astype(int)
    digits = np.array([[int(digit) for digit in f"{total:03d}"] for total in sums])
    assert (digits.sum(axis=1) == 3).all()
    assert len(np.unique(sums)) == 10
    np.testing.assert_allclose(drawn[:, 1], 2 * drawn[:, 0])


def test_the_seed_and_not_the_size_of_a_batch_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    nats, characters = rng.gamma(4, size=(2, 57)), rng.integers(3, 9, 57)
    whole = resample_rates(nats, characters, resamples=50, seed=4)
    monkeypatch.setattr(bootstrap, "DRAWS_AT_ONCE", 200)
    np.testing.assert_allclose(resample_rates(nats, characters, resamples=50, seed=4), whole)
    assert not np.allclose(resample_rates(nats, characters, resamples=50, seed=5), whole)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    inside = difference_inside = 0
    for trial in range(200):
        characters = rng.integers(4, 14, 100)
        nats = 1.5 * characters * rng.gamma(9, 1 / 9, 100)
        worse = nats + 0.2 * characters + rng.normal(0, 0.3, 100)
        first, _, difference = rates(np.stack([nats, worse]), characters, seed=trial)
        assert first.interval is not None and difference.interval is not None
        inside += first.interval[0] <= 1.5 <= first.interval[1]
        difference_inside += difference.interval[0] <= -0.2 <= difference.interval[1]
    # 190 of 200 are expected; 3 deviations are 9.
    assert 178 <= inside <= 199
    assert 178 <= difference_inside <= 199


def test_a_paired_difference_is_surer_than_its_parts() -> None:
    rng = np.random.default_rng(2)
    characters = rng.integers(4, 14, 150)
    nats = characters * rng.gamma(4, 0.4, 150)
    model, ngram, difference = rates(np.stack([nats, nats + 0.05 * characters]), characters)
    assert difference.nats_per_char == pytest.approx(-0.05)
    assert difference.interval == pytest.approx((-0.05, -0.05))
    assert model.interval is not None and ngram.interval is not None
    assert model.interval[1] > ngram.interval[0]


def test_too_few_names_have_no_interval() -> None:
    assert rates(np.ones((1, FEWEST - 1)), np.ones(FEWEST - 1))[0].interval is None
    assert rates(np.ones((1, FEWEST)), np.ones(FEWEST))[0].interval == (1.0, 1.0)


def test_an_interval_leaves_out_a_fortieth_on_each_side() -> None:
    assert interval(np.arange(1001.0)) == pytest.approx((25, 975))


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_intervals_of_shares_are_those_of_the_tables(
    hits: int, trials: int, low: float, high: float
) -> None:
    assert share_interval(hits, trials) == pytest.approx((low, high), abs=1e-4)
