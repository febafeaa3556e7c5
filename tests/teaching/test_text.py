"""What the notebook about running text imports."""

from __future__ import annotations

import math
import zlib

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.assembly import build
from dino_names.generation.text_model import TextModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.tensors import join_networks
from dino_names.teaching import text as teaching_text

TEXT = "a cab, a bad cab, a dab"
EVERY = 5


@pytest.fixture
def model() -> TextModel:
    """A model of running text with random weights, large enough to be sure of something."""
    vocabulary = Vocabulary.of([TEXT + "\n"])
    architecture = Architecture(vocab_size=len(vocabulary), embedding_dim=3, rnn_units=6)
    rng = np.random.default_rng(5)
    tensors = {
        name: rng.standard_normal(shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    joined = join_networks([tensors])
    return TextModel(
        Bundle(
            architecture=architecture,
            vocabulary=vocabulary,
            tensors=joined,
            kind="text",
            longest_name=0,
        )
    )


def test_logits_after_each_character_are_those_of_reading_it_alone(model: TextModel) -> None:
    along = teaching_text.logits_along(model, TEXT)
    assert along.shape == (len(TEXT), len(model.vocabulary))
    for end in (1, 7, len(TEXT)):
        state = build(model.bundle.architecture, model.bundle.tensors).initial_state(1)
        for given in model.vocabulary.encode(TEXT[:end]):
            last = model.predictor.step(np.array([given]), state)
        assert along[end - 1] == pytest.approx(last[0], abs=1e-6)


def test_the_likeliest_next_character_is_the_one_a_greedy_text_goes_on_with(
    model: TextModel,
) -> None:
    logits = teaching_text.next_logits(model, "a ca")
    assert logits.shape == (1, len(model.vocabulary))
    text = model.generate_text("a ca", length=1, temperature=0.0)
    assert model.vocabulary.characters[logits[0].argmax()] == text[-1]


def test_without_a_reset_a_text_costs_what_the_model_says(model: TextModel) -> None:
    nats, characters = model.nats(TEXT)
    bits = teaching_text.bits_with_resets(model, TEXT, every=len(TEXT) - 1)
    assert bits == pytest.approx(nats / characters / math.log(2), rel=1e-6)


def test_after_a_reset_nothing_is_known_of_what_came_before(model: TextModel) -> None:
    bits = teaching_text.bits_after_reset(model, TEXT, every=EVERY)
    assert bits.shape == (5, EVERY)
    pieces = [TEXT[start : start + EVERY + 1] for start in range(0, len(TEXT) - 1, EVERY)]
    sums = [model.nats(piece)[0] / math.log(2) for piece in pieces]
    assert np.nansum(bits, axis=1) == pytest.approx(sums, rel=1e-5)
    # Each character after the first is predicted once.
    assert np.isfinite(bits).sum() == len(TEXT) - 1
    assert np.isnan(bits[-1, 2:]).all()
    carried = teaching_text.bits_with_resets(model, TEXT, every=len(TEXT))
    assert teaching_text.bits_with_resets(model, TEXT, every=EVERY) != pytest.approx(carried)


def test_a_compressor_pays_for_what_is_new_alone() -> None:
    rng = np.random.default_rng(0)
    learn, other = ("".join(map(chr, rng.integers(65, 91, 2000))) for _ in range(2))
    packers = {"zlib": lambda data: zlib.compress(data, 9), "none": bytes}
    known = teaching_text.packed_bits(learn, learn, packers)
    new = teaching_text.packed_bits(learn, other, packers)
    assert known["none"] == new["none"] == 8
    assert known["zlib"] < 0.5
    assert new["zlib"] > math.log2(26)
