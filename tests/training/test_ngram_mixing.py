"""The n-gram beside the network while it trains."""

from __future__ import annotations

import numpy as np
import pytest

from dino_names.config.sections import DataConfig
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.ngram.kneser_ney import Ngram
from dino_names.training.batches.name_batches import NameBatches
from dino_names.training.network.model import build_model
from dino_names.training.ngram_mixing import MOST_CHARACTERS, MOST_LOGITS, NgramPartner
from dino_names.training.validation import Validator


@pytest.fixture
def material(twenty: list[str]) -> tuple[NgramPartner, list[str], Vocabulary]:
    vocabulary = Vocabulary.of(twenty)
    partner = NgramPartner.of(twenty[:15], twenty, vocabulary, order=3, start_boundary=True)
    return partner, twenty[15:], vocabulary


def batch(names: list[str], vocabulary: Vocabulary, logits: np.ndarray | None = None) -> tuple:
    rows = vocabulary.encode_names(names)
    lengths = np.array([len(name) + 1 for name in names])
    weights = (np.arange(rows.shape[1] - 1) < lengths[:, None]).astype(np.float32)
    if logits is None:
        logits = np.zeros((*weights.shape, len(vocabulary)), np.float32)
    return rows[:, :-1], rows[:, 1:], weights, logits


def test_beside_a_network_that_knows_nothing_the_ngram_is_all(
    material: tuple[NgramPartner, list[str], Vocabulary],
) -> None:
    partner, held_out, vocabulary = material
    nats = partner.mix([batch(held_out, vocabulary)])
    assert nats is not None and nats < np.log(len(vocabulary))
    sections = partner.sections()
    assert sections is not None
    assert sections["ngram"]["order"] == 3 and set(sections["mixing"]) == {"network", "ngram"}


def test_it_is_judged_without_the_held_out_names_and_kept_with_them(
    material: tuple[NgramPartner, list[str], Vocabulary], twenty: list[str]
) -> None:
    partner, held_out, vocabulary = material
    inputs, targets, weights, logits = batch(held_out, vocabulary)
    partner.mix([(inputs, targets, weights, logits)])
    without = Ngram.fit(twenty[:15], vocabulary, order=3).logits(inputs)[weights > 0]
    np.testing.assert_allclose(partner._log_probs, without)
    kept = Ngram.fit(twenty, vocabulary, order=3).to_tensors()
    for name, tensor in partner.tensors().items():
        np.testing.assert_array_equal(tensor, kept[name])


def test_beside_a_network_that_knows_everything_it_is_left_out(
    material: tuple[NgramPartner, list[str], Vocabulary],
) -> None:
    partner, held_out, vocabulary = material
    inputs, targets, weights, logits = batch(held_out, vocabulary)
    np.put_along_axis(logits, targets[..., None].astype(np.int64), 50.0, axis=2)
    assert partner.mix([(inputs, targets, weights, logits)]) is None
    assert partner.sections() is None and partner.tensors() == {}


def test_batches_are_counted_together(
    material: tuple[NgramPartner, list[str], Vocabulary],
) -> None:
    partner, held_out, vocabulary = material
    whole = partner.mix([batch(held_out, vocabulary)])

    parts = partner.mix([batch(held_out[:2], vocabulary), batch(held_out[2:], vocabulary)])
    assert parts == pytest.approx(whole)


def test_a_large_vocabulary_gives_fewer_characters_to_mix_by(
    material: tuple[NgramPartner, list[str], Vocabulary],
) -> None:
    letters = "".join(chr(0x4E00 + number) for number in range(4_000))
    large = NgramPartner.of(
        [letters[:9]], [letters[:9]], Vocabulary.of([letters]), order=2, start_boundary=True
    )
    assert material[0].most == MOST_CHARACTERS
    assert large.most == MOST_LOGITS // 4_001


def test_no_more_characters_are_kept_than_it_asks_for(
    material: tuple[NgramPartner, list[str], Vocabulary], monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, held_out, vocabulary = material
    data = DataConfig(batch_size=1, length_buckets=False)
    judge = Validator(build_model(len(vocabulary), embedding_dim=4, rnn_units=4))
    kept: list[int] = []
    monkeypatch.setattr(partner, "mix", lambda batches: kept.append(len(batches)))
    for partner.most in (10**6, 1):
        judge.figures(NameBatches.of(held_out, vocabulary, data), partner)
    assert kept == [len(held_out), 1]
