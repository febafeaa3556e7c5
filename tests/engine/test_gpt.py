"""The small GPT: NumPy against Keras, its window, and where it can be used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.config.configuration import Config
from dino_names.config.presets import choose, preset
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.assembly import build
from dino_names.engine.gpt import Gpt
from dino_names.errors import OptionError
from dino_names.generation.text_model import TextModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.tensors import join_networks

SIZES = {"cell": "gpt", "rnn_units": 64, "num_layers": 2, "seq_length": 8}


def network(seed: int = 0) -> tuple[Architecture, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    architecture = choose(kind="text", **SIZES).model.architecture(7)
    weights = {
        name: rng.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    return architecture, weights


def read(gpt: Gpt, ids: np.ndarray) -> np.ndarray:
    """Logits after each character, (batch, time, vocab_size)."""
    state = gpt.initial_state(len(ids))
    return np.stack([gpt.step(column, state) for column in ids.T], axis=1)


@pytest.mark.tensorflow
def test_numpy_gives_what_keras_gives() -> None:
    from dino_names.training.network.model import build_model, get_tensors

    config = choose(kind="text", **SIZES).model
    model = build_model(7, config=config)
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    architecture = config.architecture(7)
    assert model.count_params() == architecture.parameters()
    ids = rng.integers(0, 7, (3, 8)).astype(np.int32)
    found = read(Gpt(architecture, get_tensors(model, architecture)), ids)
    np.testing.assert_allclose(found, model(ids).numpy(), rtol=1e-4, atol=1e-4)


def test_no_character_sees_those_after_it() -> None:
    gpt = Gpt(*network())
    ids = np.random.default_rng(2).integers(0, 7, (2, 8))
    other = ids.copy()
    other[:, 5:] = (other[:, 5:] + 1) % 7
    first, second = read(gpt, ids), read(gpt, other)
    assert (first[:, :5] == second[:, :5]).all() and (first[:, 5:] != second[:, 5:]).all()


def test_a_full_window_goes_on_from_its_newer_half() -> None:
    gpt = Gpt(*network())
    ids = np.random.default_rng(3).integers(0, 7, (2, 11))
    whole = read(gpt, ids)
    np.testing.assert_allclose(whole[:, 8:], read(gpt, ids[:, 4:])[:, 4:], rtol=1e-5, atol=1e-5)


def test_rows_can_be_kept_and_one_be_made_many() -> None:
    gpt = Gpt(*network())
    ids = np.random.default_rng(4).integers(0, 7, (3, 4))
    expected = read(gpt, ids)
    state = gpt.initial_state(1)
    gpt.step(ids[:1, 0], state)
    many = state.pick(np.zeros(3, int))
    tiled, single = gpt.step(np.full(3, ids[0, 1]), many), gpt.step(ids[:1, 1], state)
    np.testing.assert_allclose(tiled, np.repeat(single, 3, axis=0), rtol=1e-5)
    state = gpt.initial_state(3)
    for column in ids.T[:3]:
        gpt.step(column, state)
    state.keep(np.array([2, 0]))
    np.testing.assert_allclose(gpt.step(ids[[2, 0], 3], state), expected[[2, 0], 3], rtol=1e-5)


def test_a_model_file_holds_it() -> None:
    architecture, weights = network()
    bundle = Bundle(
        architecture=architecture,
        vocabulary=Vocabulary.of(["abcdef"]),
        tensors=join_networks([weights]),
        longest_name=0,
        kind="text",
    )
    assert isinstance(build(architecture, bundle.tensors), Gpt)
    assert bundle.metadata()["architecture"]["context"] == 8
    assert "context" not in Architecture(vocab_size=7).to_json()
    assert len(TextModel(bundle).generate_text("ab", length=50, seed=0)) == 52


def test_it_sees_what_a_sequence_holds_and_is_for_text() -> None:
    config = choose(kind="text", **SIZES)
    assert config.model.context == 8
    assert Config.from_json(config.to_json()) == config
    assert config.with_options(cell="gru").model.context is None
    with pytest.raises(OptionError, match="expected gru, lstm or rnn for names"):
        preset("default", cell="gpt")
    with pytest.raises(OptionError, match="context: expected 8"):
        replace(config, model=replace(config.model, context=9))
    with pytest.raises(OptionError, match="encoder of a gpt"):
        choose(kind="text", **SIZES, encoder="tanh").model.architecture(7)
