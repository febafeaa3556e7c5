"""The four functions, on the model that ships."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import dino_names
from dino_names.api import SHIPPED_MODEL
from dino_names.corpus.names import read_names
from dino_names.errors import ModelFileError
from tests.helpers.paths import NAMES


def test_the_shipped_model_is_small_and_knows_its_list() -> None:
    assert Path(SHIPPED_MODEL).stat().st_size <= 2 * 2**20
    names = read_names(NAMES).names
    scores = dino_names.load().score_many(names)
    assert all(score.in_training_list for score in scores)


def test_ten_names_none_in_the_training_list() -> None:
    names = dino_names.generate_many("Ram", n=10, seed=3)
    assert len(set(names)) == 10 and all(name.startswith("Ram") for name in names)
    assert not set(names) & set(read_names(NAMES).names)


def test_generation_touches_no_global_generator() -> None:
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002 - it is the global state that must not move
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    dino_names.generate_many(n=5)
    dino_names.generate("A", seed=0)
    assert random.getstate() == before[0]
    assert np.random.get_state()[1].tolist() == before[1]  # noqa: NPY002


def test_seeds_and_none() -> None:
    assert dino_names.generate("T", seed=0) == dino_names.generate("T", seed=0)
    drawn = {dino_names.generate() for _ in range(8)}
    assert len(drawn) > 1


def test_options_are_keyword_only() -> None:
    with pytest.raises(TypeError):
        dino_names.generate_many("Ram", 5)  # type: ignore[misc]


def test_load_takes_a_file_a_run_or_nothing(tmp_path: Path) -> None:
    assert dino_names.load(SHIPPED_MODEL).generate("A", seed=1) == dino_names.generate("A", seed=1)
    assert dino_names.load() is dino_names.load()
    with pytest.raises(ModelFileError, match="expected"):
        dino_names.load(tmp_path / "none.safetensors")
    with pytest.raises(ModelFileError, match="folder without run.json"):
        dino_names.load(tmp_path)


def test_the_package_lists_what_it_has() -> None:
    assert set(dino_names.__all__) <= set(dir(dino_names))
    assert all(getattr(dino_names, name) is not None for name in dino_names.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = dino_names.nothing


@pytest.mark.tensorflow
def test_train_and_load_the_run(names_file: Path, tmp_path: Path, tiny: dict[str, object]) -> None:
    run = dino_names.train(names_file, out=tmp_path / "run", **tiny)
    assert isinstance(run, dino_names.Run)
    names = dino_names.load(tmp_path / "run").generate_many("B", n=3, seed=1)
    assert names == run.model().generate_many("B", n=3, seed=1)


@pytest.mark.parametrize("base", ["names", "none"])
@pytest.mark.tensorflow
def test_a_run_keeps_its_list_and_words_never_to_say_where_that_is_chosen(
    tmp_path: Path, base: str
) -> None:
    names = "Abba Abel Ramo Rexa Saura Tara Umbra Vela Xeno Yara Zora Ajax Bax".split()
    small = {} if base == "names" else {"embedding_dim": 3, "rnn_units": 4, "precision": "float32"}
    out = tmp_path / "run"
    run = dino_names.train(
        names, out=out, base=base, epochs=1, keep_names=True, without=["zo", "Ax"], **small
    )
    model = dino_names.Run.read(out).model()
    assert model.bundle.kept_names == tuple(sorted(names))
    assert model.bundle.left_out == ("Ax", "zo")
    assert run.config.sample.without == ("Ax", "zo")
    made = model.generate_many(n=60, seed=1, unique=False, temperature=1)
    assert not [name for name in made if "ax" in name.lower() or "zo" in name.lower()]
    facts = model.describe()
    assert (facts["kept_names"], facts["left_out"]) == (13, 2)
    plain = dino_names.train(names, out=tmp_path / "plain", base=base, epochs=1, **small).model()
    assert plain.bundle.kept_names == plain.bundle.left_out == ()
