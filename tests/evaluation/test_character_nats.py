from __future__ import annotations

import math

import numpy as np
import pytest

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.predictor import Predictor
from dino_names.errors import DinoNamesError, PromptError
from dino_names.evaluation.character_nats import BINS, read
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model

WEIGHTS = {"rex": 8.0, "rexia": 4.0, "ramo": 2.0, "zu": 1.0, "z": 1.0}


def plain_nats(predictor: Predictor, vocabulary: Vocabulary, text: str, first: int) -> list[float]:
    """Character after character, each from a fresh state: the definition and nothing else."""
    nats = []
    for place in range(first, len(text)):
        state = predictor.initial_state(1)
        for character in text[:place]:
            ids = np.array([vocabulary.characters.index(character)], np.int32)
            logits = predictor.step(ids, state)[0].astype(float).tolist()
        odds = [math.exp(logit) for logit in logits]
        nats.append(-math.log(odds[vocabulary.characters.index(text[place])] / sum(odds)))
    return nats


@pytest.mark.parametrize("start", [True, False])
@pytest.mark.parametrize("ngram", [True, False])
def test_every_character_costs_what_a_plain_loop_says(
    twenty: list[str], start: bool, ngram: bool
) -> None:
    model = mixed_model(twenty, start_boundary=start, ngram=ngram)
    names = ["Triceratops", "A", "Rex", "Rex", "Mosas"]
    reading = read(model.predictor, model.vocabulary, names, start_boundary=start, batch=2)
    before = "\n" if start else ""
    wanted = [
        plain_nats(model.predictor, model.vocabulary, f"{before}{name}\n", 1) for name in names
    ]
    np.testing.assert_allclose(reading.nats, sum(wanted, []), rtol=1e-5)
    np.testing.assert_allclose(reading.per_name(), [sum(nats) for nats in wanted], rtol=1e-5)
    assert reading.lengths.tolist() == [len(name) + start for name in names]
    assert reading.nats_per_char == pytest.approx(reading.nats.sum() / reading.lengths.sum())


def test_names_cost_what_score_says(twenty: list[str]) -> None:
    for start in (True, False):
        model = mixed_model(twenty, start_boundary=start)
        reading = read(model.predictor, model.vocabulary, twenty, start_boundary=start)
        scores = model.score_many(twenty)
        np.testing.assert_allclose(reading.per_name(), [s.nats for s in scores], rtol=1e-5)
        rates = reading.per_name() / reading.lengths
        np.testing.assert_allclose(rates, [s.nats_per_char for s in scores], rtol=1e-5)


def test_the_size_of_a_batch_changes_nothing(twenty: list[str]) -> None:
    model = mixed_model(twenty)
    one, all_at_once = (
        read(model.predictor, model.vocabulary, twenty, batch=batch, calibrate=True)
        for batch in (1, 100)
    )
    np.testing.assert_allclose(one.nats, all_at_once.nats, rtol=1e-5)
    np.testing.assert_allclose(one.calibration, all_at_once.calibration, rtol=1e-5)


def test_skipped_characters_are_read_and_not_counted(twenty: list[str]) -> None:
    model = mixed_model(twenty)
    whole, skipped = (
        read(model.predictor, model.vocabulary, twenty, skip=skip, calibrate=True)
        for skip in (0, 2)
    )
    starts = np.cumsum(whole.lengths) - whole.lengths
    kept = np.delete(whole.nats, np.concatenate([starts, starts + 1]))
    np.testing.assert_allclose(skipped.nats, kept)
    assert (whole.lengths - skipped.lengths == 2).all()
    assert skipped.by_position()[0][0] == 3
    assert whole.calibration is not None and skipped.calibration is not None
    assert whole.calibration[2].sum() - skipped.calibration[2].sum() == 2 * len(twenty)


def test_positions_gather_what_each_name_has_there() -> None:
    model = trie_model(WEIGHTS)
    reading = read(model.predictor, model.vocabulary, ["rex", "zu"])
    positions, means, counts = reading.by_position()
    assert positions.tolist() == [1, 2, 3, 4]
    assert counts.tolist() == [2, 2, 2, 1]
    first = [-math.log(14 / 16), -math.log(2 / 16)]
    second = [-math.log(12 / 14), -math.log(1 / 2)]
    np.testing.assert_allclose(means, [sum(first) / 2, sum(second) / 2, 0, -math.log(8 / 12)])
    assert (means * counts).sum() == pytest.approx(reading.nats.sum())


def test_calibration_counts_every_probability_and_what_came() -> None:
    model = trie_model(WEIGHTS)
    reading = read(model.predictor, model.vocabulary, ["rex", "zu"], calibrate=True)
    assert reading.calibration is not None and reading.calibration.shape == (3, BINS)
    trials, expected, came = reading.calibration
    assert trials.sum() == 7 * model.predictor.vocab_size
    assert expected.sum() == pytest.approx(7) and came.sum() == 7
    # rex: r 14/16, e 12/14, x 1, the end 8/12; zu: z 2/16, u 1/2, the end 1.
    assert came.tolist() == [0, 1, 0, 0, 0, 1, 1, 0, 2, 2]


def test_damage_and_unknown_characters_are_refused(twenty: list[str]) -> None:
    model = mixed_model(twenty)

    class Damaged:
        vocab_size = len(model.vocabulary)
        initial_state = staticmethod(model.predictor.initial_state)

        def step(self, ids: np.ndarray, state: object) -> np.ndarray:
            return np.full((len(ids), self.vocab_size), np.nan, np.float32)

    with pytest.raises(DinoNamesError, match="expected finite numbers, received NaN"):
        read(Damaged(), model.vocabulary, twenty)
    with pytest.raises(PromptError, match="'7'"):
        read(model.predictor, model.vocabulary, ["Rex7"])
