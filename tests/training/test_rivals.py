"""Networks of one size, and the small GPT among them."""

from __future__ import annotations

import numpy as np
import pytest

from dino_names.config import DataConfig, TrainConfig
from dino_names.errors import OptionError
from dino_names.training.pipeline import Pipeline
from dino_names.training.rivals import KINDS, build_gpt, build_rival, train_rival
from dino_names.vocabulary import Vocabulary

pytestmark = pytest.mark.tensorflow

BUDGET = 20_000


@pytest.mark.parametrize("kind", KINDS)
def test_uses_most_of_its_budget_and_no_more(kind: str) -> None:
    model = build_rival(kind, 20, budget=BUDGET, longest=16)
    assert 0.7 * BUDGET < model.count_params() <= BUDGET
    assert model(np.zeros((2, 5), np.int32)).shape == (2, 5, 20)


def test_a_gpt_sees_no_character_that_is_still_to_come() -> None:
    model = build_gpt(7, 8, width=8, seed=1)
    ids = np.array([[1, 2, 3, 4, 5, 6]], np.int32)
    other = ids.copy()
    other[0, 4:] = 1
    before, after = (model(each).numpy()[0] for each in (ids, other))
    assert before[:4] == pytest.approx(after[:4], abs=1e-6)
    assert np.abs(before[4:] - after[4:]).max() > 1e-3


def test_a_gpt_knows_order() -> None:
    model = build_gpt(7, 8, width=8, seed=1)
    one, two = (model(np.array([row], np.int32)).numpy()[0, -1] for row in ([1, 2, 3], [2, 1, 3]))
    assert np.abs(one - two).max() > 1e-4


def test_the_same_seed_gives_the_same_gpt() -> None:
    one, two, three = (build_gpt(7, 8, width=8, seed=seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, three, strict=True))


@pytest.mark.parametrize("kind", ["gru", "gpt"])
def test_learns_and_is_measured_on_what_is_held_out(kind: str, twenty: list[str]) -> None:
    vocabulary = Vocabulary.of(twenty)
    pipeline = Pipeline.of(twenty, vocabulary, DataConfig(batch_size=4))
    held_out = pipeline.for_validation(twenty[:5], vocabulary)
    model = build_rival(kind, len(vocabulary), budget=BUDGET, longest=32)
    options = TrainConfig(epochs=3, warmup=0.0)
    course = train_rival(model, pipeline, held_out, options=options)
    assert len(course) == 3
    assert course[-1] < course[0] < np.log(len(vocabulary)) + 0.5


def test_refuses_what_it_cannot_build() -> None:
    with pytest.raises(OptionError, match="rnn, gru, lstm, gpt"):
        build_rival("cnn", 20, budget=BUDGET)
    with pytest.raises(OptionError, match="at least 20000"):
        build_rival("gru", 20, budget=10)
    with pytest.raises(OptionError, match="multiple of 4"):
        build_gpt(7, 8, width=6)
