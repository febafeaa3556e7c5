"""The presets for text are what was published, or said to be chosen."""

from __future__ import annotations

import json

import pytest

from dino_names.config.configuration import Config
from dino_names.config.presets import choose, preset
from dino_names.config.sections import DataConfig
from dino_names.config.text_presets import TEXT_PRESETS
from dino_names.corpus.builtin_text import SNIPPET
from dino_names.errors import OptionError


@pytest.mark.parametrize("name", list(TEXT_PRESETS))
def test_json_brings_a_preset_back(name: str) -> None:
    config = preset(name)
    assert config.preset == name and config.data.kind == "text"
    assert config.model.ngram_order is None
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_char_rnn() -> None:
    config = preset("char-rnn")
    data, model, train = config.data, config.model, config.train
    assert (data.layout, data.seq_length, data.batch_size) == ("chunks", 128, 128)
    assert data.valid_fraction == 0.05
    assert (model.cell, model.rnn_units, model.num_layers) == ("gru", 256, 1)
    assert (model.encoder, model.embedding_dim, model.dropout) == ("embedding", 256, 0.1)
    assert data.step is None and data.drop_remainder
    assert (train.optimizer, train.learning_rate, train.schedule) == ("adam", 2e-3, "constant")
    assert (train.log_every, train.sample_every, train.sample_length) == (100, 100, 400)
    assert (train.clip_norm, train.epochs) == (1.0, 5)
    sample = config.sample
    assert (sample.temperature, sample.top_k, sample.top_p) == (0.9, 40, 0.9)
    assert preset("char-rnn", cell="lstm").model.cell == "lstm"


def test_what_we_found_better_has_a_name_of_its_own() -> None:
    published, tuned = preset("char-rnn"), preset("char-rnn-tuned")
    assert (tuned.data.step, tuned.train.schedule) == (16, "cosine")
    assert tuned.model == published.model and tuned.sample == published.sample


@pytest.mark.parametrize(("name", "encoder"), [("gru-encode", "tanh"), ("gru-resize", "onehot")])
def test_gru_encode_and_gru_resize(name: str, encoder: str) -> None:
    config = preset(name)
    data, model, train = config.data, config.model, config.train
    assert (data.layout, data.batch_size, data.valid_fraction) == ("streams", 16, 0.1)
    assert (model.cell, model.encoder, model.rnn_units, model.num_layers) == (
        "gru",
        encoder,
        128,
        2,
    )
    assert (train.optimizer, train.learning_rate, train.rho) == ("rmsprop", 1e-3, 0.95)
    assert (train.clip_value, train.clip_norm, train.l2) == (5.0, None, 0.1)


def test_sonnets() -> None:
    config = preset("sonnets")
    data, model, train = config.data, config.model, config.train
    assert (data.layout, data.seq_length, data.step) == ("windows", 40, 3)
    assert (model.cell, model.rnn_units, model.num_layers) == ("lstm", 128, 2)
    assert model.dropout > 0
    assert (train.optimizer, data.batch_size) == ("adam", 128)


def test_min_char_rnn() -> None:
    config = preset("min-char-rnn")
    data, model, train = config.data, config.model, config.train
    assert (data.layout, data.seq_length, data.batch_size) == ("streams", 25, 1)
    assert (model.cell, model.encoder, model.rnn_units, model.num_layers) == (
        "rnn",
        "onehot",
        128,
        1,
    )
    assert (train.optimizer, train.learning_rate, train.clip_value) == ("adagrad", 0.1, 5.0)


def test_text_is_what_people_get_who_ask_for_nothing_else() -> None:
    config = choose(kind="text")
    assert config == preset("text") and config.data.layout == "streams"
    assert choose() == preset("default")
    assert choose("char-rnn", kind="text") == preset("char-rnn")


def test_a_kind_and_a_layout_must_belong_together() -> None:
    for options in ({"kind": "text"}, {"layout": "streams"}):
        with pytest.raises(OptionError, match="layout: expected names for a list of names"):
            DataConfig(**options)
    with pytest.raises(OptionError, match="choose a preset of that kind"):
        choose("tutorial", kind="text")


def test_the_built_in_lines_are_long_enough_for_every_preset() -> None:
    for config in TEXT_PRESETS.values():
        held_out = len(SNIPPET) * config.data.valid_fraction
        assert not held_out or held_out > config.data.seq_length + 1
    assert SNIPPET.isascii() and max(map(len, SNIPPET.splitlines())) < 60
