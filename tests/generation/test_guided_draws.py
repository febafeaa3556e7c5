"""Guided draws held against what plain draws leave after all others were thrown away."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.errors import NotEnoughNamesError, OptionError, PromptError
from dino_names.generation.guided_draws import (
    FEWEST_ACCEPTED,
    MOST_GIVEN_UP,
    MOST_LOST,
    GuidedDraws,
    choose_bound,
    choose_rise,
)
from dino_names.generation.name_model import NameModel
from dino_names.generation.options import NameOptions
from dino_names.generation.planning import MOST_PLANS, Plan
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model

NAMES = ["abc", "acb", "bca", "cab", "cb", "bac", "aab"]
LONGEST = 5


def plan_of(model: NameModel, prompt: str = "", **asked: Any) -> Plan:
    options = NameOptions(**asked)
    return model._maker.planner.plan(prompt, model._maker.encode(prompt), options)


def exact_shares(model: NameModel, fits: Any, *, temperature: float = 1.0) -> dict[str, float]:
    """The probability of each name of up to `LONGEST` letters, given that it is as asked."""
    every = ["".join(n) for size in range(1, LONGEST + 1) for n in product("abc", repeat=size)]
    wanted = [name for name in every if fits(name)]
    if temperature == 1:
        nats = np.array([score.nats for score in model.score_many(wanted)])
    else:
        nats = np.array([tempered(model, name, temperature) for name in wanted])
    weights = np.exp(-nats)
    return dict(zip(wanted, weights / weights.sum(), strict=True))


def tempered(model: NameModel, name: str, temperature: float) -> float:
    state, total = model.predictor.initial_state(1), 0.0
    ids = [*model._maker.encode(name), 0]
    for given_, following in zip(ids, ids[1:], strict=False):
        logits = model.predictor.step(np.array([given_]), state)[0].astype(float) / temperature
        if given_ == 0:
            logits[0] = -np.inf  # no name is empty
        total += np.log(np.exp(logits - logits.max()).sum()) - (logits[following] - logits.max())
    return total


@pytest.mark.parametrize("ngram", [True, False])
@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"ends": "ccb"}, lambda name: name.endswith("ccb")),
        ({"contains": ["ba", "ac"], "min_length": 4}, lambda n: "ba" in n and "ac" in n and n[3:]),
        (
            {"pattern": "?[ab]c*b"},
            lambda n: n[1:2] in {*"ab"} and n[2:3] == "c" and n[3:] and n[-1] == "b",
        ),
        (
            {"without": ["a", "cc"], "min_length": 3},
            lambda n: "a" not in n and "cc" not in n and n[2:],
        ),
        ({"ends": "bb", "temperature": 1.5}, lambda name: name.endswith("bb")),
    ],
)
def test_shares_are_those_of_the_model(ngram: bool, asked: dict[str, Any], fits: Any) -> None:
    model = mixed_model(NAMES, ngram=ngram)
    asked = {**asked, "max_length": LONGEST}
    assert isinstance(plan_of(model, **asked).draws, GuidedDraws)
    count = 4_000
    names = model.generate_many(n=count, unique=False, allow_training_names=True, seed=5, **asked)
    shares = exact_shares(model, fits, temperature=asked.get("temperature", 1.0))
    counts = Counter(names)
    assert set(counts) <= set(shares)
    # Cells of five and more expected, the rest together.
    large = [name for name, share in shares.items() if share * count >= 5]
    observed = [counts[name] for name in large]
    expected = [shares[name] * count for name in large]
    if len(large) < len(shares):
        observed.append(count - sum(observed))
        expected.append(count - sum(expected))
    chi_square = sum((o - e) ** 2 / max(e, 1) for o, e in zip(observed, expected, strict=True))
    freedom = len(observed) - 1
    # Wilson and Hilferty's 99.9th percentile, and what the bound of the weights may lose.
    limit = freedom * (1 - 2 / (9 * freedom) + 3.09 * (2 / (9 * freedom)) ** 0.5) ** 3
    assert chi_square < limit + count * (MOST_LOST + MOST_GIVEN_UP)


def test_a_rare_ending_of_known_names_is_drawn_in_proportion() -> None:
    rare = {"abba": 3e-2, "acca": 1e-2}
    model = trie_model({"abab": 1.0, "caca": 1.0, **rare})
    names = model.generate_many(n=2_000, contains=["bb"], unique=False, seed=2)
    assert set(names) == {"abba"}
    names = model.generate_many(n=2_000, pattern="a[bc][bc]a", unique=False, seed=2)
    assert abs(Counter(names)["abba"] / 2_000 - 0.75) < 0.04


ASKED = st.fixed_dictionaries(
    {"max_length": st.integers(1, 6), "seed": st.integers(0, 99)},
    optional={
        "ends": st.text("abc", min_size=1, max_size=2),
        "contains": st.lists(st.text("abc", min_size=1, max_size=2), max_size=2),
        "without": st.lists(st.text("abc", min_size=1, max_size=2), max_size=2),
        "letters": st.text("abc", min_size=1, max_size=2),
        "not_letters": st.text("abc", min_size=1, max_size=1),
        "min_length": st.integers(0, 4),
        "temperature": st.sampled_from([0.0, 0.001, 0.5, 1.0, 3.0]),
        "top_k": st.integers(1, 3),
        "top_p": st.sampled_from([0.3, 0.9]),
    },
)


@settings(max_examples=60)
@given(asked=ASKED, prompt=st.sampled_from(["", "a", "cb"]))
def test_no_name_breaks_what_was_asked(asked: dict[str, Any], prompt: str) -> None:
    model = MIXED
    try:
        names = model.generate_many(prompt, n=12, allow_training_names=True, **asked)
    except (OptionError, PromptError):
        assert not any(fits(name, prompt, asked) for name in EVERY)
        return
    except NotEnoughNamesError as error:
        names = error.names
    assert all(fits(name, prompt, asked) for name in names)
    assert len(set(names)) == len(names)
    if asked.get("temperature", 1) >= 0.5 and not {"top_k", "top_p"} & set(asked):
        existing = sum(fits(name, prompt, asked) for name in EVERY)
        assert len(names) >= min(existing, 2)


MIXED = mixed_model(NAMES)
EVERY = ["".join(n) for size in range(1, 7) for n in product("abc", repeat=size)]


def fits(name: str, prompt: str, asked: dict[str, Any]) -> bool:
    return bool(
        name.startswith(prompt)
        and name.endswith(asked.get("ends", ""))
        and all(text in name for text in asked.get("contains", ()))
        and not any(text in name for text in asked.get("without", ()))
        and set(name) <= set(asked.get("letters", "abc"))
        and not set(name) & set(asked.get("not_letters", ""))
        and asked.get("min_length", 0) <= len(name) <= asked["max_length"]
    )


def test_a_name_depends_on_its_number_alone() -> None:
    asked = {"ends": "ccb", "max_length": 9, "seed": 4}
    ten = mixed_model(NAMES).generate_many(n=10, **asked)
    model = mixed_model(NAMES)
    assert [model.generate_many(n=n, **asked) for n in (1, 4)] == [ten[:1], ten[:4]]
    assert model.generate(**asked) == ten[0]
    draws = plan_of(model, n=1, **asked).draws
    warm = draws.warm_up()
    letters, chances, accepted = draws.draw(warm, 0, 90)
    assert accepted is not None
    assert 0 < accepted.sum() < 90
    for first, count in ((3, 1), (40, 50)):
        some = draws.draw(warm, first, count)
        np.testing.assert_array_equal(some.accepted, accepted[first : first + count])
        kept = accepted[first : first + count]
        np.testing.assert_array_equal(some.letters[kept], letters[first : first + count][kept])
        np.testing.assert_allclose(some.probabilities, chances[first : first + count])


def test_the_plan_of_a_call_is_made_once() -> None:
    model = mixed_model(NAMES)
    first = plan_of(model, ends="ccb", max_length=9, seed=1)
    again = plan_of(model, ends="ccb", max_length=9, seed=2, n=5)
    assert first.compiled is again.compiled
    assert first.draws is not again.draws
    for length in range(9, 9 + MOST_PLANS):
        plan_of(model, ends="ccb", max_length=length + 1)
    assert len(model._maker.planner._plans) == MOST_PLANS
    assert plan_of(model, ends="ccb", max_length=9).compiled is not first.compiled


def test_where_many_will_do_draws_are_plain() -> None:
    assert not isinstance(plan_of(MIXED, max_length=5).draws, GuidedDraws)
    assert plan_of(MIXED).compiled is None


def test_greedy_names_lead_there() -> None:
    greedy = MIXED.generate(temperature=0, max_length=6, allow_training_names=True)
    ends = next(letter for letter in "abc" if not greedy.endswith(letter))
    led = MIXED.generate(temperature=0, max_length=6, ends=ends, allow_training_names=True)
    assert led.endswith(ends)
    assert led == MIXED.generate(
        temperature=0, max_length=6, ends=ends, allow_training_names=True, seed=9
    )


def test_the_bound_loses_little_and_accepts_enough() -> None:
    even = np.ones(100)
    assert choose_bound(even) == (1.0, 1.0)
    weights = np.random.default_rng(0).lognormal(0, 0.7, 2_000)
    bound, accepted = choose_bound(weights)
    lost = np.maximum(weights - bound, 0).sum() / weights.sum()
    assert lost <= MOST_LOST
    assert accepted == pytest.approx(np.minimum(weights, bound).mean() / bound)
    lower = weights[weights < bound].max()
    assert np.maximum(weights - lower, 0).sum() / weights.sum() > MOST_LOST
    wild = np.random.default_rng(0).lognormal(0, 4, 2_000)
    assert FEWEST_ACCEPTED <= choose_bound(wild)[1] < 1.2 * FEWEST_ACCEPTED


def test_what_is_given_up_would_hardly_have_been_accepted() -> None:
    rng = np.random.default_rng(0)
    weights = rng.lognormal(0, 0.7, 2_000)
    most, accepted = choose_bound(weights)
    assert choose_rise(weights, weights, most) == 1
    lowest = weights * rng.uniform(0.1, 1, 2_000) ** 2
    rise = choose_rise(weights, lowest, most)
    chances = np.minimum(weights / most, 1)
    for factor, little in ((rise, True), (rise / 2**0.25, False)):
        lost = (chances - np.minimum(chances, factor * lowest / most)).sum() / chances.sum()
        assert bool(lost <= MOST_GIVEN_UP) is little


def test_words_that_the_model_leaves_out_are_never_said() -> None:
    model = mixed_model(NAMES, left_out=("ab", "cc"))
    names = model.generate_many(n=200, seed=1, unique=False, allow_training_names=True)
    assert not any("ab" in name or "cc" in name for name in names)
    with pytest.raises(OptionError, match="words that the model leaves out"):
        model.generate("ab")
