from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from dino_names.engine.mixture import Mixture
from dino_names.errors import OptionError
from dino_names.evaluation.character_nats import read
from dino_names.evaluation.evaluation import (
    NO_FIRST,
    NO_LETTERS,
    NO_LIST,
    NO_NGRAM,
    evaluate,
    evaluate_names,
)
from dino_names.evaluation.held_out_names import EvaluationNames, choose_names
from dino_names.evaluation.verdict import FEW_NAMES
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model, split

CONTRACT = {"nats_per_char", "bits_per_char", "perplexity", "names", "characters", "ngram"}
OTHERS = ["Rinodon", "Ramudon", "Mososaurus", "Triceratops", "Steronyx", "Balaurus"] * 5


def trie_pair() -> tuple:
    weights = {"rex": 4.0, "ramo": 2.0, "rexia": 1.0, "zu": 1.0}
    return weights, trie_model(weights, training_names=["rex", "ramo"])


def test_nats_are_the_logarithms_of_known_probabilities() -> None:
    weights, model = trie_pair()
    nats, characters = evaluate_names(model, list(weights))
    np.testing.assert_allclose(nats, [-math.log(w / 8) for w in weights.values()], rtol=1e-6)
    assert characters.tolist() == [4, 5, 6, 3]


def test_names_cost_what_score_says(twenty: list[str]) -> None:
    for start in (True, False):
        model = mixed_model(twenty, start_boundary=start)
        nats, characters = evaluate_names(model, OTHERS)
        scores = model.score_many(OTHERS)
        np.testing.assert_allclose(nats, [score.nats for score in scores], rtol=1e-5)
        np.testing.assert_allclose(
            nats / characters, [score.nats_per_char for score in scores], rtol=1e-5
        )


def test_the_figures_are_sums_over_sums_of_each_system(twenty: list[str]) -> None:
    model = mixed_model(twenty)
    report = evaluate(model, EvaluationNames(held_out=tuple(OTHERS), source="others"), sample=0)
    found = report.likelihood
    assert found is not None and found.network and found.ngram and found.difference
    assert isinstance(model.predictor, Mixture)
    for rate, predictor in (
        (found.model, model.predictor),
        (found.network, model.predictor.network),
        (found.ngram, model.predictor.ngram),
    ):
        reading = read(predictor, model.vocabulary, OTHERS)
        assert rate.nats_per_char == pytest.approx(reading.nats.sum() / reading.lengths.sum())
        assert rate.interval is not None
        assert rate.interval[0] <= rate.nats_per_char <= rate.interval[1]
    difference = found.model.nats_per_char - found.ngram.nats_per_char
    assert found.difference.nats_per_char == pytest.approx(difference)
    assert (found.names, found.order) == (30, 3)
    assert found.characters == sum(map(len, OTHERS)) + 30


def test_a_runs_held_out_names_cost_what_its_history_says(tiny_run, names_file: Path) -> None:
    model = tiny_run.model()
    material = choose_names(model.bundle, train=names_file)
    found = evaluate(model, material, sample=0, history=tiny_run.history).likelihood
    assert found is not None
    rows = [
        min(row["val_nats_per_char"], row.get("val_nats_with_ngram", 99.0))
        for row in tiny_run.history
    ]
    assert found.model.nats_per_char == pytest.approx(min(rows), rel=1e-4)
    assert found.model.interval is None and found.names == 4


def test_names_of_the_training_list_are_counted_and_set_apart(twenty: list[str]) -> None:
    model = mixed_model(twenty)
    names = [*twenty[:5], *OTHERS]
    report = evaluate(model, EvaluationNames(held_out=tuple(names)), sample=0)
    found = report.likelihood
    assert found is not None
    listed = 5 + OTHERS.count("Triceratops")
    assert found.in_training_list == listed
    others = [name for name in OTHERS if name != "Triceratops"]
    nats, characters = evaluate_names(model, others)
    assert found.unlisted == pytest.approx(nats.sum() / characters.sum())
    assert any(note.startswith(f"{listed} of the 35 names are in its") for note in report.notes)
    assert "flatters" in " ".join(report.notes)


def test_held_out_names_are_not_called_listed_though_the_file_lists_them(
    twenty: list[str], names_file: Path
) -> None:
    model = mixed_model(twenty)
    report = evaluate(model, choose_names(model.bundle, train=names_file), sample=300)
    assert report.likelihood is not None and report.likelihood.in_training_list == 0
    assert report.likelihood.unlisted is None
    assert report.sample is not None and report.sample.real is not None
    assert report.sample.real.new == 1
    made = report.evidence.generated
    learned = set(split(twenty)[0])
    assert report.sample.generated.new == pytest.approx(
        1 - sum(name in learned for name in made) / len(made)
    )


def test_what_the_network_learned_from_is_measured_beside(
    twenty: list[str], names_file: Path
) -> None:
    model = mixed_model(twenty)
    material = choose_names(model.bundle, train=names_file)
    report = evaluate(model, material, sample=0)
    assert isinstance(model.predictor, Mixture)
    reading = read(model.predictor.network, model.vocabulary, split(twenty)[0])
    assert report.on_training == pytest.approx(reading.nats_per_char)
    assert evaluate(model, EvaluationNames(held_out=tuple(OTHERS)), sample=0).on_training is None


def test_the_sample_shows_copies_and_repeats() -> None:
    _, model = trie_pair()
    report = evaluate(model, EvaluationNames(), sample=400, seed=3)
    assert report.likelihood is None and report.sample is not None
    found = report.sample.generated
    assert (found.names, report.sample.temperature) == (400, 1.0)
    assert found.new == pytest.approx(2 / 8, abs=0.08)
    assert found.repeats == pytest.approx(396 / 400)
    assert "It copies: only" in report.verdict
    assert evaluate(model, EvaluationNames(), sample=400, seed=3).to_json() == report.to_json()


def test_json_keeps_the_contract_with_and_without_names(
    twenty: list[str], names_file: Path
) -> None:
    model = mixed_model(twenty)
    full = evaluate(model, choose_names(model.bundle, train=names_file), sample=50).to_json()
    bare = evaluate(model, EvaluationNames(), sample=0).to_json()
    assert set(full) >= CONTRACT and set(full) == set(bare)
    assert {"order", "nats_per_char"} <= set(full["ngram"])
    assert full["bits_per_char"] == pytest.approx(full["nats_per_char"] / math.log(2))
    assert full["perplexity"] == pytest.approx(math.exp(full["nats_per_char"]))
    assert set(full["sample"]["real"]) == {"names", "new", "repeats", "within_1", "read"}
    assert set(full["sample"]["closest"][0]) == {"name", "nearest", "distance"}
    assert (bare["names"], bare["nats_per_char"], bare["ngram"]) == (0, None, None)
    assert bare["sample"] is None
    assert json.loads(json.dumps(full, allow_nan=False))["verdict"] == full["verdict"]


def test_enough_names_are_compared_as_a_crowd(twenty: list[str]) -> None:
    material = EvaluationNames(
        held_out=tuple(OTHERS), training=tuple(twenty), learned=tuple(twenty)
    )
    sample = evaluate(mixed_model(twenty), material, sample=100).sample
    assert sample is not None and sample.lengths and sample.pairs
    assert sample.lengths.names == sample.pairs.names == 20


def test_what_could_not_be_measured_is_said(twenty: list[str]) -> None:
    lone = mixed_model(twenty, ngram=False, start_boundary=False)
    notes = evaluate(lone, EvaluationNames(), sample=10).notes
    assert NO_LETTERS in notes
    notes = evaluate(lone, EvaluationNames(held_out=tuple(OTHERS)), sample=10).notes
    assert {NO_FIRST, NO_NGRAM, NO_LIST} <= set(notes)


def test_names_that_do_not_end_are_said_and_not_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dino_names.generation import selection as gathering

    monkeypatch.setattr(gathering, "DRAWS_PER_NAME", 0)
    monkeypatch.setattr(gathering, "DRAWS", 8)
    model = trie_model({"abcdefgh": 1.0, "a": 1.0}, longest_name=1)
    report = evaluate(model, EvaluationNames(), sample=100)
    assert report.sample is not None and 0 < report.sample.generated.names < 9
    (note,) = [note for note in report.notes if note.startswith("the sample holds")]
    assert "of 100 names" in note
    assert evaluate(trie_model({"abcdefgh": 1.0}, longest_name=1), EvaluationNames()).sample is None


@pytest.mark.parametrize(
    "options",
    [{"sample": -1}, {"sample": 1.5}, {"seed": -1}, {"sample": 1, "temperature": -1.0}],
)
def test_options_out_of_range_are_refused(twenty: list[str], options: dict) -> None:
    with pytest.raises(OptionError, match=f"{list(options)[-1]}: expected"):
        evaluate(mixed_model(twenty), EvaluationNames(), **options)


def test_seed_zero_is_a_seed(twenty: list[str]) -> None:
    model = mixed_model(twenty)
    first, second, other = (
        evaluate(model, EvaluationNames(), sample=20, seed=seed).evidence.generated
        for seed in (0, 0, 1)
    )
    assert first == second != other


@pytest.mark.parametrize("count", [1, 2, FEW_NAMES - 1, FEW_NAMES])
def test_of_a_few_names_nothing_is_claimed(twenty: list[str], count: int) -> None:
    material = EvaluationNames(held_out=tuple(twenty[:count]), source="a file")
    history = [{"epoch": e, "loss": 1.0, "val_nats_per_char": 1.0} for e in (1, 2, 3)]
    verdict = evaluate(mixed_model(twenty), material, sample=30, history=history).verdict
    claims = ("gram", "Trained", "real names")
    if count < FEW_NAMES:
        assert "nobody can tell how good it is" in verdict
        assert not any(claim in verdict for claim in claims)
    else:
        assert "nobody can tell" not in verdict and "Trained" in verdict
