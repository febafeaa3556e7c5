from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dino_names.config import MOST_FOR_BASE, Config, choose
from dino_names.errors import InputError, ModelFileError, OptionError
from dino_names.tuning import Start, choose_start, has_few, is_done_in_numpy
from dino_names.tuning.base_choice import KERAS_ALONE
from tests.helpers.tiny_base import SIZES, tiny_base
from tests.helpers.tiny_bundle import weights

# A value of each option that only Keras knows, which is not that of the preset.
KERAS_VALUES = {
    "loop": "tape",
    "optimizer": "adam",
    "rho": 0.8,
    "l2": 0.1,
    "clip_value": 1.0,
    "patience": 3,
    "precision": "float32",
    "checkpoint_every": 2,
    "rounds": 1.0,
    "log_every": 5,
    "sample_every": 5,
    "save_batches": 5,
    "drop_remainder": True,
    "length_buckets": False,
    "stateful": True,
    "sample_length": 5,
    "keep_every": 3,
    "distribute": True,
}
NEEDED: dict[str, dict[str, Any]] = {
    "clip_value": {"clip_norm": None},
    "stateful": {"drop_remainder": True},
}


@pytest.fixture
def base(tmp_path: Path) -> str:
    path = tmp_path / "base.safetensors"
    tiny_base().write(path)
    return str(path)


def start(
    names: int | None, preset: str | None = None, keras: bool = False, **options: Any
) -> Start:
    return choose_start(choose(preset, **options), options, names=names, keras=keras)


def test_a_short_list_tunes_the_base_that_ships_in_numpy() -> None:
    config, base = start(40)
    assert base is not None and base.corpus_filter is not None
    assert config.train.base == "names" and config.train.tuner == "numpy"
    assert config.data.valid_fraction == 0.0 and config.sample.temperature < 1.0
    assert config.model.architecture(5) == base.architecture.changed(vocab_size=5)


@pytest.mark.parametrize(
    "options",
    [{"base": "none"}, {"rnn_units": 16}, {"cell": "lstm"}, {"start_boundary": False}],
)
def test_whoever_wants_another_network_gets_it(options: dict[str, Any]) -> None:
    config, base = start(40, **options)
    assert base is None and config.train.base == "none" and config.train.tuner == "auto"
    assert config == start(40, **{**options, "base": "none"}).config
    assert config.train.epochs == 60


def test_a_long_list_starts_from_nothing_unless_its_user_asks(base: str) -> None:
    assert start(MOST_FOR_BASE).base is not None
    assert start(MOST_FOR_BASE + 1).base is None
    asked = start(MOST_FOR_BASE + 1, base=base)
    assert asked.base is not None and asked.config.train.tuner == "keras"
    assert start(MOST_FOR_BASE + 1, base=base, tuner="numpy").config.train.tuner == "numpy"


def test_the_size_that_the_base_has_may_be_named() -> None:
    assert start(40, rnn_units=256).base is not None


def test_published_presets_start_from_nothing() -> None:
    for preset in ("tutorial", "text", "char-rnn"):
        names = 40 if preset == "tutorial" else None
        assert start(names, preset).base is None


def test_any_model_may_be_a_base(base: str) -> None:
    config, found = start(40, base=base)
    assert found is not None and found.digest == tiny_base().digest
    assert config.model.rnn_units == SIZES.rnn_units and config.train.base == base
    assert config.model.embedding_dim == SIZES.embedding_dim


def test_options_named_stay() -> None:
    config = start(40, epochs=3, temperature=1.2, valid_fraction=0.2).config
    assert config.train.epochs == 3 and config.sample.temperature == 1.2
    assert config.data.valid_fraction == 0.2 and config.train.tuner == "numpy"


def test_what_only_keras_knows_takes_keras(base: str) -> None:
    assert set(KERAS_VALUES) == set(KERAS_ALONE)
    for name, value in KERAS_VALUES.items():
        more = NEEDED.get(name, {})
        assert start(40, base=base, **{name: value}, **more).config.train.tuner == "keras"
        with pytest.raises(
            OptionError, match=f"received ({'|'.join([name, *more])}) .*--tuner keras"
        ):
            start(40, base=base, tuner="numpy", **{name: value}, **more)
    assert start(40, base=base, tuner="keras").config.train.tuner == "keras"
    assert start(40, base=base, keras=True).config.train.tuner == "keras"
    assert start(40, base=base, keras=True).config.data.valid_fraction > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": SIZES.changed(cell="rnn")},
        {"architecture": SIZES.changed(num_layers=2)},
        {"architecture": SIZES.changed(encoder="onehot")},
        {"start_boundary": False},
        {"kind": "text", "longest_name": 0},
    ],
)
def test_what_numpy_does_not_tune_is_for_keras(changes: dict[str, Any], tmp_path: Path) -> None:
    if "architecture" in changes:
        changes = {**changes, "tensors": weights(changes["architecture"]), "directions": None}
    path = str(tmp_path / "base.safetensors")
    tiny_base(**changes).write(path)
    config = start(40, base=path).config
    assert config.train.tuner == "keras"
    if "architecture" in changes:
        sizes = changes["architecture"]
        assert config.model.architecture(sizes.vocab_size) == sizes
    with pytest.raises(OptionError, match="--tuner keras"):
        start(40, base=path, tuner="numpy")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base": "names", "rnn_units": 16}, "rnn_units: expected 256 as the base has it"),
        ({"base": "names", "cell": "lstm"}, "cell: expected gru as the base has it"),
        ({"base": "none", "tuner": "numpy"}, "tuner: expected a base for NumPy to tune"),
        ({"base": "no-such-file"}, "no-such-file"),
        ({"base": ""}, "base: expected a word or a path"),
    ],
)
def test_what_contradicts_itself_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises((InputError, ModelFileError), match=message):
        start(40, **options)


def test_who_does_it_is_known_before_and_after(base: str, tmp_path: Path) -> None:
    def numpy(resume: bool = False, **options: Any) -> bool:
        config: Config = choose(**options)
        return is_done_in_numpy(config, options, tmp_path / "run", names=40, resume=resume)

    assert numpy(base=base) and numpy(base=base, resume=True)
    assert not numpy(base="none") and not numpy(base=base, tuner="keras")


@pytest.mark.parametrize(
    ("names", "smallest", "few"),
    [
        (3_000, 3_000, True),
        (3_001, 3_001, False),
        (20_020, 20, True),
        (30_000, 3_000, True),
        (30_001, 20, False),
        (9_000, 4_500, False),
        (None, None, True),
    ],
)
def test_several_lists_begin_from_the_base_where_the_smallest_is_short(
    names: int | None, smallest: int | None, few: bool
) -> None:
    assert has_few(names, smallest) is few
    if names is not None and smallest is not None:
        config = choose_start(choose(None), {}, names=names, smallest=smallest).config
        assert (config.train.base, config.train.tuner) == (
            ("names", "numpy") if few else ("none", "auto")
        )
