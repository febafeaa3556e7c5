from dataclasses import replace

import numpy as np
import pytest

from dino_names.scratch.errors import LabError
from dino_names.scratch.text_model import new_model, sample

TEXT = "the quick brown fox"


@pytest.fixture
def model():
    made = new_model(TEXT, units=6, seed=3)
    rng = np.random.default_rng(1)
    noisy = {name: value + rng.normal(0, 1, value.shape) for name, value in made.parameters.items()}
    return replace(made, parameters=noisy)


def test_text_becomes_ids_and_back(model):
    assert model.characters == "".join(sorted(set(TEXT)))
    assert model.decode(model.encode(TEXT)) == TEXT
    with pytest.raises(LabError, match="received 'Q'"):
        model.encode("Quick")


def test_the_seed_makes_the_weights():
    first, again, other = (new_model(TEXT, units=3, seed=seed).parameters for seed in (0, 0, 1))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["1.Wax"], other["1.Wax"])


def test_the_seed_makes_the_sample(model):
    draw = [sample(model, np.random.default_rng(s), start="t", length=30) for s in (0, 0, 1)]
    assert len(draw[0]) == 30
    assert draw[0] == draw[1] != draw[2]


def test_temperature_zero_takes_the_likeliest_and_so_does_a_tiny_one(model):
    greedy = sample(model, np.random.default_rng(0), start="t", temperature=0)
    assert sample(model, np.random.default_rng(9), start="t", temperature=1e-9) == greedy
    ids, states = model.encode("t"), model.network.initial_states()
    for character in greedy[:20]:
        logits, traces = model.network.forward(model.parameters, ids, states)
        states = [trace.last for trace in traces]
        ids = [int(logits[-1].argmax())]
        assert model.decode(ids) == character


def test_temperature_flattens_or_sharpens(model):
    def distinct(temperature):
        rng = np.random.default_rng(0)
        draws = [
            sample(model, rng, start="t", length=1, temperature=temperature) for _ in range(300)
        ]
        return max(draws.count(character) for character in set(draws))

    assert distinct(0.3) > distinct(1.0) > distinct(3.0)


def test_sampling_starts_from_the_state_and_the_whole_start(model):
    rng = np.random.default_rng
    _, traces = model.network.forward(
        model.parameters, model.encode("the q"), model.network.initial_states()
    )
    states = [trace.last for trace in traces]
    whole = sample(model, rng(0), start="the quick")
    assert sample(model, rng(0), start="uick", states=states) == whole
    assert sample(model, rng(0), start="uick") != whole


def test_wrong_calls_are_refused(model):
    rng = np.random.default_rng(0)
    with pytest.raises(LabError, match="start"):
        sample(model, rng, start="")
    for temperature in (-1, float("nan"), float("inf")):
        with pytest.raises(LabError, match="temperature"):
            sample(model, rng, start="t", temperature=temperature)
    with pytest.raises(LabError, match="text: expected at least one"):
        new_model("")
