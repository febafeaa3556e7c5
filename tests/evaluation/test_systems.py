from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from dino_names.engine.mixture import Mixture
from dino_names.evaluation.character_nats import read
from dino_names.evaluation.held_out_names import EvaluationNames
from dino_names.evaluation.systems import Systems, draw_names
from dino_names.ngram.kneser_ney import DEFAULT_ORDER, Ngram
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model, split


def held_out_material(names: list[str]) -> EvaluationNames:
    learned, held_out = split(names)
    return EvaluationNames(held_out=held_out, training=learned, learned=learned, split=True)


def test_a_file_is_read_by_the_model_as_it_is(twenty: list[str]) -> None:
    model = mixed_model(twenty)
    experts = Systems.of(model, EvaluationNames(held_out=("Rinodon",), training=tuple(twenty)))
    assert isinstance(model.predictor, Mixture)
    assert experts.model is model
    assert (experts.network, experts.ngram) == (model.predictor.network, model.predictor.ngram)


@pytest.mark.parametrize("start", [True, False])
def test_held_out_names_are_read_with_an_ngram_that_has_not_seen_them(
    twenty: list[str], start: bool
) -> None:
    model, material = mixed_model(twenty, start_boundary=start), held_out_material(twenty)
    experts = Systems.of(model, material)
    predictor = experts.model.predictor
    assert isinstance(predictor, Mixture) and isinstance(model.predictor, Mixture)
    assert predictor.weights == model.predictor.weights
    assert predictor.network is experts.network is model.predictor.network
    own = Ngram.fit(material.learned, model.vocabulary, order=3, start_boundary=start)
    for found in (predictor.ngram, experts.ngram):
        assert found is not None and found.order == 3
        for name, tensor in own.to_tensors().items():
            np.testing.assert_array_equal(found.to_tensors()[name], tensor)

    def total(used: Mixture) -> float:
        names = material.held_out
        return read(used, model.vocabulary, names, start_boundary=start).nats.sum()

    assert total(predictor) > total(model.predictor)


def test_without_one_in_the_file_an_ngram_is_counted_from_the_list(twenty: list[str]) -> None:
    model = mixed_model(twenty, ngram=False)
    experts = Systems.of(model, EvaluationNames(training=(*twenty, *twenty)))
    assert experts.model is model and experts.network is model.predictor
    assert experts.ngram is not None and experts.ngram.order == DEFAULT_ORDER
    counted = Ngram.fit(twenty, model.vocabulary).to_tensors()
    np.testing.assert_array_equal(
        experts.ngram.to_tensors()["ngram.counts"], counted["ngram.counts"]
    )
    assert Systems.of(model, EvaluationNames(held_out=("Rinodon",))).ngram is None


def test_all_systems_are_asked_for_the_same_characters(twenty: list[str]) -> None:
    model = mixed_model(twenty, ngram=False, start_boundary=False)
    experts = Systems.of(model, EvaluationNames(training=tuple(twenty)))
    assert experts.ngram is not None
    names = ["Rinodon", "Re"]
    own, other = (
        experts.read(predictor, names, calibrate=False)
        for predictor in (experts.network, experts.ngram)
    )
    assert own.lengths.tolist() == other.lengths.tolist() == [7, 2]
    assert own.by_position()[0][0] == other.by_position()[0][0] == 2
    whole = read(experts.ngram, model.vocabulary, names)
    starts = np.cumsum(whole.lengths) - whole.lengths
    np.testing.assert_allclose(other.nats, np.delete(whole.nats, starts))


def test_a_draw_leaves_nothing_out() -> None:
    weights = {"rex": 6.0, "ramo": 3.0, "zu": 1.0}
    model = trie_model(weights, training_names=["rex"], top_k=1, temperature=0.1)
    drawn = Counter(draw_names(model, n=2000, temperature=1.0, seed=1, real=()))
    for name, weight in weights.items():
        assert drawn[name] / 2000 == pytest.approx(weight / 10, abs=0.04)
    again = draw_names(model, n=2000, temperature=1.0, seed=1, real=())
    assert Counter(again) == drawn
    assert again != draw_names(model, n=2000, temperature=1.0, seed=2, real=())


def test_a_model_that_needs_a_first_letter_gets_those_of_real_names() -> None:
    weights = {"rex": 6.0, "ramo": 3.0, "zu": 1.0}
    model = trie_model(weights, start_boundary=False)
    drawn = Counter(
        draw_names(model, n=2000, temperature=1.0, seed=1, real=["za", "zi", "zu", "r"])
    )
    assert sum(drawn.values()) == 2000
    assert drawn["zu"] / 2000 == pytest.approx(3 / 4, abs=0.04)
    assert drawn["rex"] / drawn["ramo"] == pytest.approx(2, rel=0.3)
