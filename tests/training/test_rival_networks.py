"""Networks of one size, a small GPT among them."""

from __future__ import annotations

import numpy as np
import pytest

from dino_names.config.architecture import Cell
from dino_names.config.sections import DataConfig, TrainConfig
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import OptionError
from dino_names.training.batches.name_batches import NameBatches
from dino_names.training.rival_networks import KINDS, build_rival, train_rival

pytestmark = pytest.mark.tensorflow

BUDGET = 20_000


@pytest.mark.parametrize("kind", KINDS)
def test_uses_most_of_its_budget_and_no_more(kind: Cell) -> None:
    model = build_rival(kind, 20, budget=BUDGET, longest=16)
    assert 0.7 * BUDGET < model.count_params() <= BUDGET
    assert model(np.zeros((2, 5), np.int32)).shape == (2, 5, 20)


def test_the_same_seed_gives_the_same_gpt() -> None:
    one, two, three = (
        build_rival("gpt", 20, budget=BUDGET, longest=16, seed=seed).get_weights()
        for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, three, strict=True))


@pytest.mark.parametrize("kind", ["gru", "gpt"])
def test_learns_and_is_measured_on_what_is_held_out(kind: Cell, twenty: list[str]) -> None:
    vocabulary = Vocabulary.of(twenty)
    pipeline = NameBatches.of(twenty, vocabulary, DataConfig(batch_size=4))
    held_out = pipeline.for_validation(twenty[:5], vocabulary)
    model = build_rival(kind, len(vocabulary), budget=BUDGET, longest=32)
    options = TrainConfig(epochs=3, warmup=0.0)
    course = train_rival(model, pipeline, held_out, options=options)
    assert len(course) == 3
    assert course[-1] < course[0] < np.log(len(vocabulary)) + 0.5


def test_refuses_what_it_cannot_build() -> None:
    with pytest.raises(OptionError, match="gru, lstm, rnn, gpt"):
        build_rival("cnn", 20, budget=BUDGET)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="at least 20000"):
        build_rival("gru", 20, budget=10)
