"""Configurations: what they refuse, and that they come back as they went."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.config.architecture import Architecture
from dino_names.config.configuration import Config
from dino_names.config.name_presets import DEFAULT, for_list
from dino_names.config.presets import all_presets, preset
from dino_names.config.sections import SECTIONS, ModelConfig, TrainConfig
from dino_names.errors import OptionError


def test_the_tutorial_is_the_published_one() -> None:
    config = preset("tutorial")
    assert (config.data.batch_size, config.data.drop_remainder) == (64, True)
    assert (config.data.start_boundary, config.data.mask_padding) == (False, False)
    assert (config.data.length_buckets, config.data.valid_fraction) == (False, 0.0)
    assert (config.model.embedding_dim, config.model.rnn_units) == (256, 1024)
    assert config.model.embedding_stddev is None
    assert (config.model.dropout, config.model.weight_dropout) == (0.0, 0.0)
    train = config.train
    assert (train.optimizer, train.learning_rate, train.schedule) == ("adam", 1e-3, "constant")
    assert (train.epochs, train.clip_norm, train.clip_value, train.average) == (
        20,
        None,
        None,
        None,
    )
    assert config.sample.temperature == 0.2
    assert config.data.keep_repeats and config.data.stateful
    assert (config.model.ngram_order, train.precision) == (None, "float32")
    assert config.model.architecture(53).parameters() == 4_006_197


def test_the_fast_tutorial_has_its_network_and_optimizer_without_the_padding() -> None:
    published, fast = preset("tutorial"), preset("tutorial-fast")
    assert fast.model == published.model and fast.sample == published.sample
    assert fast.data.length_buckets and fast.data.mask_padding
    assert not (fast.data.stateful or fast.data.keep_repeats or fast.data.drop_remainder)


def test_a_state_is_kept_for_batches_of_one_size_and_by_cells_that_have_one() -> None:
    with pytest.raises(OptionError, match="drop_remainder: expected on with stateful"):
        preset("default", stateful=True)
    with pytest.raises(OptionError, match="stateful: expected off for a gpt"):
        preset("char-rnn", cell="gpt", stateful=True)
    with pytest.raises(OptionError, match="weight_dropout: expected 0 for a gpt"):
        preset("text", cell="gpt", weight_dropout=0.1)


def test_the_default_is_for_most_people() -> None:
    config = preset("default")
    assert config.data.start_boundary and config.data.mask_padding
    assert config.data.valid_fraction > 0


@pytest.mark.parametrize("name", list(all_presets()))
def test_json_brings_a_configuration_back(name: str) -> None:
    config = preset(name)
    assert config.preset == name
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config


@given(
    epochs=st.integers(1, 10**6),
    rate=st.floats(1e-9, 100.0),
    clip=st.none() | st.floats(1e-6, 1e6),
    units=st.integers(1, 8_192),
)
def test_options_go_to_their_sections(
    epochs: int, rate: float, clip: float | None, units: int
) -> None:
    config = preset("default", epochs=epochs, learning_rate=rate, clip_norm=clip, rnn_units=units)
    assert (config.train.epochs, config.train.learning_rate) == (epochs, rate)
    assert (config.train.clip_norm, config.model.rnn_units) == (clip, units)
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config
    assert preset("default") == DEFAULT


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("epochs", -1, "at least 0"),
        ("epochs", 1.5, "a whole number"),
        ("epochs", True, "a whole number"),
        ("epochs", None, "received None"),
        ("learning_rate", float("nan"), "received nan"),
        ("learning_rate", float("inf"), "received inf"),
        ("dropout", 1.0, "below 1"),
        ("batch_size", -1, "at least 1"),
        ("valid_fraction", 1.0, "below 1"),
        ("cell", "elman", "gru, lstm, rnn"),
        ("loop", "both", "fit, tape"),
        ("start_boundary", 1, "true or false"),
        ("seed", -1, "at least 0"),
        ("top_p", 0.0, "above 0"),
        ("units", 3, "received 'units'"),
    ],
)
def test_a_value_out_of_range_is_refused(option: str, value: object, words: str) -> None:
    with pytest.raises(OptionError, match=words) as caught:
        preset("default", **{option: value})
    assert "\n" not in str(caught.value)


def test_unknown_presets_and_damaged_json_are_refused() -> None:
    with pytest.raises(OptionError, match="expected one of default, tutorial"):
        preset("defualt")
    values = preset("default").to_json()
    for damaged in (None, {}, {**values, "more": 1}, {**values, "model": {"cell": "gru"}}):
        with pytest.raises(OptionError):
            Config.from_json(damaged)


def test_field_names_are_unique_so_that_flags_are() -> None:
    names = [item.name for section in SECTIONS.values() for item in fields(section)]
    assert len(names) == len(set(names))


def test_configurations_are_values() -> None:
    assert ModelConfig() == ModelConfig() and ModelConfig() != ModelConfig(rnn_units=3)
    with pytest.raises(FrozenInstanceError):
        TrainConfig().epochs = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vocab_size": 0}, "vocab_size"),
        ({"rnn_units": 10**6}, "rnn_units"),
        ({"cell": "gpt2"}, "cell"),
        ({"encoder": "words"}, "encoder"),
        ({"num_layers": 0}, "num_layers"),
    ],
)
def test_architectures_have_bounds(options: dict[str, object], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        Architecture(**{"vocab_size": 5, **options})


def test_the_default_fits_a_lists_length_and_leaves_what_was_asked_for() -> None:
    nothing = DEFAULT.with_options(base="none")
    short, long, huge = (for_list(nothing, count) for count in (20, 30_000, 1_000_000))
    assert short == nothing
    assert long.model.rnn_units > short.model.rnn_units
    steps = long.train.epochs * 30_000 / long.data.batch_size
    assert 5_000 < steps < 7_000
    assert huge.train.epochs == 3
    asked = {"rnn_units": 32, "epochs": 7, "base": "none"}
    fitted = for_list(preset("default", **asked), 30_000, **asked)
    assert (fitted.model.rnn_units, fitted.train.epochs) == (32, 7)
    assert fitted.data.batch_size == long.data.batch_size


def test_tuning_the_base_depends_on_the_length_alone() -> None:
    few, more = (for_list(DEFAULT.with_options(tuner="numpy"), count) for count in (30, 1_000))
    assert 10 == more.train.epochs < few.train.epochs == 20 < DEFAULT.train.epochs
    assert few.train == more.with_options(epochs=20).train
    assert few.sample.temperature < more.sample.temperature == 1.0
    assert few.data.valid_fraction == 0.0
    assert for_list(DEFAULT, 30).data.valid_fraction == DEFAULT.data.valid_fraction
    asked = for_list(DEFAULT.with_options(epochs=3, temperature=1.1), 30, epochs=3, temperature=1.1)
    assert (asked.train.epochs, asked.sample.temperature) == (3, 1.1)


def test_a_published_preset_fits_no_list() -> None:
    assert for_list(preset("tutorial"), 1_000_000) == preset("tutorial")
