from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dino_names.engine.sampling import Sampler, Uniforms
from dino_names.errors import DinoNamesError, OptionError

LARGEST = 1 - 2**-53


def plain(
    logits: np.ndarray, temperature: float, top_k: int | None, top_p: float | None
) -> np.ndarray:
    """One row, the long way: sort, cut, share out."""
    scaled = logits.astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max())
    ranked = sorted(range(len(weights)), key=lambda i: (-weights[i], i))[:top_k]
    if top_p is not None:
        total, mass, kept = sum(weights[ranked]), 0.0, []
        for index in ranked:
            if mass >= top_p * total:
                break
            kept.append(index)
            mass += weights[index]
        ranked = kept
    result = np.zeros(len(weights))
    result[ranked] = weights[ranked] / weights[ranked].sum()
    return result


def samplers() -> st.SearchStrategy[Sampler]:
    return st.builds(
        Sampler,
        temperature=st.sampled_from([0, 1e-5, 0.2, 0.7, 1.0, 3.0, 100.0]),
        top_k=st.none() | st.integers(1, 12),
        top_p=st.none() | st.floats(0.01, 1.0),
    )


rows = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 4), st.integers(1, 9)),
    # Quarters make ties; float32 holds them exactly.
    elements=st.integers(-80, 80).map(lambda quarter: quarter / 4),
)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("top_k", [None, 1, 3, 40])
@pytest.mark.parametrize("top_p", [None, 0.1, 0.6, 1.0])
def test_probabilities_are_those_of_a_plain_sorted_reference(
    temperature: float, top_k: int | None, top_p: float | None
) -> None:
    logits = np.random.default_rng(3).normal(0, 2, (20, 11)).astype(np.float32)
    logits[::3, 4:7] = logits[::3, 2:3]  # ties
    ours = Sampler(temperature=temperature, top_k=top_k, top_p=top_p).probabilities(logits)
    theirs = [plain(row, temperature, top_k, top_p) for row in logits]
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    np.testing.assert_array_equal(ours == 0, np.array(theirs) == 0)


@settings(max_examples=150, deadline=None)
@given(rows, samplers(), st.floats(0, LARGEST))
def test_what_is_chosen_has_a_probability(
    logits: np.ndarray, sampler: Sampler, uniform: float
) -> None:
    probabilities = sampler.probabilities(logits)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    for number in (0.0, uniform, LARGEST):
        ids, chances = sampler.draw(logits, np.full(len(logits), number))
        assert ((ids >= 0) & (ids < logits.shape[1])).all()
        assert (chances > 0).all()
        np.testing.assert_allclose(chances, probabilities[np.arange(len(ids)), ids], rtol=1e-6)


@settings(max_examples=50, deadline=None)
@given(rows, samplers())
def test_logits_are_left_as_they_were(logits: np.ndarray, sampler: Sampler) -> None:
    before = logits.copy()
    sampler.choose(logits, np.zeros(len(logits)))
    np.testing.assert_array_equal(logits, before)


def test_evenly_spread_uniforms_give_the_probabilities() -> None:
    logits = np.array([[0.5, -1.0, 2.0, 0.0, -np.inf]], np.float32)
    sampler = Sampler(temperature=0.8, top_k=3)
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    ids = sampler.choose(np.repeat(logits, 20_000, axis=0), uniforms)
    shares = np.bincount(ids, minlength=5) / 20_000
    np.testing.assert_allclose(shares, sampler.probabilities(logits)[0], atol=1e-4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_frequencies_agree_with_probabilities_chi_square(seed: int) -> None:
    logits = np.random.default_rng(8).normal(0, 1, (1, 12)).astype(np.float32)
    count = 50_000
    uniforms = Uniforms(seed).block(np.arange(count, dtype=np.uint64), 0, 1)[:, 0]
    ids = Sampler().choose(np.repeat(logits, count, axis=0), uniforms)
    expected = Sampler().probabilities(logits)[0] * count
    chi_square = ((np.bincount(ids, minlength=12) - expected) ** 2 / expected).sum()
    assert chi_square < 31.3  # the 99.9th percentile at 11 degrees of freedom


def test_a_tiny_temperature_is_greedy() -> None:
    logits = np.random.default_rng(5).normal(0, 1, (300, 30)).astype(np.float32)
    uniforms = np.random.default_rng(6).random(300)
    greedy = Sampler(temperature=0).choose(logits, uniforms)
    np.testing.assert_array_equal(greedy, logits.argmax(axis=1))
    for temperature in (1e-5, 1e-30, 5e-324):
        ids = Sampler(temperature=temperature).choose(logits, uniforms)
        np.testing.assert_array_equal(ids, greedy)
    np.testing.assert_array_equal(Sampler(top_k=1).choose(logits, uniforms), greedy)


@pytest.mark.parametrize(
    ("bad", "named"), [(np.nan, "NaN"), (np.inf, "inf"), (-np.inf, "no character")]
)
@pytest.mark.parametrize("temperature", [0, 0.5, 1])
def test_logits_that_are_not_finite_are_refused(bad: float, named: str, temperature: float) -> None:
    logits = np.zeros((3, 4), np.float32)
    logits[1] = bad
    if not np.isneginf(bad):
        logits[1, 2:] = 0
    with pytest.raises(DinoNamesError, match=f"{named}.* in row 1"):
        Sampler(temperature=temperature).choose(logits, np.zeros(3))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -0.1}, "temperature: expected a number at least 0 and at most 100"),
        ({"temperature": float("nan")}, "temperature: .* received nan"),
        ({"temperature": "hot"}, "temperature: .* received 'hot'"),
        ({"top_k": 0}, "top_k: expected a whole number at least 1, received 0"),
        ({"top_k": 2.5}, "top_k: "),
        ({"top_p": 0.0}, "top_p: expected a number above 0 and at most 1|top_p: .* received 0.0"),
        ({"top_p": 1.1}, "top_p: .* received 1.1"),
        ({"top_p": True}, "top_p: .* received True"),
    ],
)
def test_options_out_of_range_are_named(options: dict[str, float], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Sampler(**options)


def split_mix(state: int) -> int:
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    state = (state ^ state >> 27) * 0x94D049BB133111EB % 2**64
    return state ^ state >> 31


GAMMA = 0x9E3779B97F4A7C15


def test_streams_are_split_mix() -> None:
    # The first numbers that the published generator gives from the state 1234567.
    known = [split_mix((1234567 + step * GAMMA) % 2**64) for step in (1, 2, 3)]
    assert known == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    for seed, position in ((0, 0), (7, 3), (2**64 - 1, 10**6)):
        key = split_mix((seed + GAMMA) % 2**64)
        start = split_mix((key + (position + 1) * GAMMA) % 2**64)
        words = [split_mix((start + step * GAMMA) % 2**64) for step in range(1, 6)]
        block = Uniforms(seed).block(np.array([position], np.uint64), 0, 5)[0]
        assert block.tolist() == [(word >> 11) / 2**53 for word in words]


def test_any_part_of_a_stream_is_the_same_part() -> None:
    whole = Uniforms(5).block(np.arange(10, dtype=np.uint64), 0, 40)
    part = Uniforms(5).block(np.arange(3, 8, dtype=np.uint64), 32, 8)
    np.testing.assert_array_equal(part, whole[3:8, 32:])
    assert whole.min() >= 0
    assert whole.max() < 1


def test_streams_do_not_resemble_their_neighbours() -> None:
    for seed in (0, 1):
        block = Uniforms(seed).block(np.arange(2_000, dtype=np.uint64), 0, 20)
        other = Uniforms(seed + 1).block(np.arange(2_000, dtype=np.uint64), 0, 20)
        pairs = (block[1:], block[:-1]), (block[:, 1:], block[:, :-1]), (block, other)
        for one, two in pairs:
            assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.02
        counts = np.histogram(block, 50, (0, 1))[0]
        assert ((counts - 800) ** 2 / 800).sum() < 85.4  # 99.9th percentile, 49 degrees


def test_no_seed_is_another_one_each_time_and_no_global_state_is_touched() -> None:
    position = np.zeros(1, np.uint64)
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    assert Uniforms().block(position, 0, 1) != Uniforms().block(position, 0, 1)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, True, "0"])
def test_seeds_are_checked(seed: int) -> None:
    with pytest.raises(OptionError, match="seed: expected a whole number at least 0"):
        Uniforms(seed)
