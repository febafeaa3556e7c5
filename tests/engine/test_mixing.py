from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.engine.mixing import Prior, fit_weights
from dino_names.engine.mixture import Weights
from dino_names.engine.predictor import log_softmax

NO_PRIOR = Prior(mean=np.array([0.5, 0.5]), precision=np.zeros((2, 2)))


def nats(weights: Weights, first: np.ndarray, second: np.ndarray, targets: np.ndarray) -> float:
    logits = weights.network * first + weights.ngram * second
    return float(-log_softmax(logits)[np.arange(len(targets)), targets].mean())


@given(seed=st.integers(0, 1000), count=st.integers(20, 200))
@settings(max_examples=25, deadline=None)
def test_no_weights_nearby_are_better(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, count, 5))
    targets = np.argmax(first + 0.5 * second + rng.gumbel(size=(count, 5)), axis=1)
    weights, value = fit_weights(first, second, targets, prior=NO_PRIOR)
    assert value == pytest.approx(nats(weights, first, second, targets))
    for step in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        other = Weights(network=weights.network + step[0], ngram=weights.ngram + step[1])
        assert nats(other, first, second, targets) >= value - 1e-12


def test_weights_are_found_again() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 50_000, 6))
    targets = np.argmax(0.3 * first + 0.8 * second + rng.gumbel(size=first.shape), axis=1)
    weights, _ = fit_weights(first, second, targets)
    assert weights.network == pytest.approx(0.3, abs=0.03)
    assert weights.ngram == pytest.approx(0.8, abs=0.03)


def test_a_handful_of_characters_cannot_carry_the_weights_away() -> None:
    logits = np.array([[5.0, 0.0]] * 3)
    weights, _ = fit_weights(logits, logits, np.zeros(3, np.int32))
    assert 0 < weights.network < 1 and 0 < weights.ngram < 1


@pytest.mark.parametrize("characters", [5, 60])
def test_a_prior_is_weighed_against_the_characters(characters: int) -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=(2, characters, 5))
    targets = np.argmax(first + 0.5 * second + rng.gumbel(size=(characters, 5)), axis=1)
    prior = Prior(mean=np.array([0.8, 0.2]), precision=np.array([[300.0, 150.0], [150.0, 90.0]]))

    def cost(network: float, ngram: float) -> float:
        away = np.array([network, ngram]) - prior.mean
        weights = Weights(network=float(network), ngram=float(ngram))
        told = nats(weights, first, second, targets)
        return characters * told + float(away @ prior.precision @ away) / 2

    weights, value = fit_weights(first, second, targets, prior=prior)
    least = cost(weights.network, weights.ngram)
    for step in np.random.default_rng(0).normal(0, 0.05, (200, 2)):
        assert cost(weights.network + step[0], weights.ngram + step[1]) >= least - 1e-9
    assert value == pytest.approx(nats(weights, first, second, targets))
