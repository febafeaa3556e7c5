"""Several lists in one Keras model: a tag in front of each name, by both loops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.config import DataConfig
from dino_names.corpus import Rows, Vocabulary
from dino_names.errors import InterruptedRunError, OptionError
from dino_names.generation import CategoryModel
from dino_names.runs import Run
from dino_names.teaching import Interrupt
from dino_names.training import NameBatches
from tests.tuning.test_many_lists import LISTS

pytestmark = pytest.mark.tensorflow
TINY: dict[str, Any] = {
    "base": "none",
    "epochs": 3,
    "embedding_dim": 8,
    "rnn_units": 24,
    "batch_size": 4,
    "valid_fraction": 0.2,
    "learning_rate": 0.02,
    "precision": "float32",
    "schedule": "constant",
    "dropout": 0.0,
    "weight_dropout": 0.0,
}


def test_a_batch_has_tags_in_front_and_characters_behind() -> None:
    rows = Rows(("ab", "ba", "ab"), tags=(0, 0, 1))
    vocabulary = Vocabulary.of(rows.names, tags=2)
    pipeline = NameBatches.of(rows, vocabulary, DataConfig(batch_size=3))
    inputs, targets, weights = (part.numpy() for part in next(iter(pipeline.dataset(0, 1))))
    assert sorted(inputs.tolist()) == [[3, 1, 2], [3, 2, 1], [4, 1, 2]]
    assert targets.max() <= 2 and weights.all()
    with pytest.raises(OptionError, match="start_boundary: expected true with categories"):
        NameBatches.of(rows, vocabulary, DataConfig(start_boundary=False))


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_each_list_is_learned_and_it_goes_on_to_the_same_bits(loop: str, tmp_path: Path) -> None:
    options = {**TINY, "loop": loop, "epochs": 12}
    whole = dino_names.train(LISTS, out=tmp_path / "whole", **options)
    with pytest.raises(InterruptedRunError):
        dino_names.train(LISTS, out=tmp_path / "run", progress=Interrupt(after=5), **options)
    again = dino_names.train(LISTS, out=tmp_path / "run", resume=True, **options)
    files = [(run.folder / "model.safetensors").read_bytes() for run in (whole, again)]
    assert files[0] == files[1]
    model = Run.read(again.folder).model()
    assert isinstance(model, CategoryModel) and model.labels == ("fours", "longs")
    assert again.vocabulary.tags == 2
    for name, label in (("Caba", "fours"), ("Xyzzyxyz", "longs")):
        found = model.score(name).categories
        assert found is not None and found[label] > 0.75
    assert model.generate_many(n=3, category="longs", seed=0)


def test_a_row_that_weighs_more_comes_more_often(tmp_path: Path) -> None:
    rows = Rows(("ab", "ba", "bb", "aa"), weights=(1, 1, 1, 5))
    vocabulary = Vocabulary.of(rows.names)
    pipeline = NameBatches.of(rows, vocabulary, DataConfig(batch_size=2, length_buckets=False))
    counts = np.zeros(4)
    for epoch in range(40):
        counts += np.bincount(pipeline.order(epoch).ravel(), minlength=4)
    assert counts.sum() == 160 and counts[3] == pytest.approx(100, abs=3)
    held_out = pipeline.for_validation(rows, vocabulary)
    assert np.bincount(held_out.order(0)[held_out.order(0) >= 0], minlength=4).tolist() == [1] * 4


def test_repeats_are_kept_where_it_is_asked_for(tmp_path: Path) -> None:
    names = ["ab", "ba", "ab", "bb", "ab", "aa"]
    options = {**TINY, "valid_fraction": 0.0, "batch_size": 2, "epochs": 1, "ngram_order": None}
    kept = dino_names.train(names, out=tmp_path / "kept", keep_repeats=True, **options)
    dropped = dino_names.train(names, out=tmp_path / "dropped", **options)
    assert kept.config.data.keep_repeats and kept.fingerprint != dropped.fingerprint
    assert "keep_repeats" not in (dropped.folder / "run.json").read_text()


def test_one_list_goes_out_as_a_keras_model(tmp_path: Path) -> None:
    from dino_names.generation import NameModel

    run = dino_names.train(LISTS, out=tmp_path / "run", **{**TINY, "ngram_order": None})
    model = run.model()
    assert isinstance(model, CategoryModel)
    ids = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    alone = model.category("longs").predictor
    state = alone.initial_state(2)
    wanted = np.stack([alone.step(column, state).copy() for column in ids.T], axis=1)
    found = run.keras_model(category="longs")(ids).numpy()
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    whole = run.keras_model()(ids).numpy()
    assert whole.shape[2] == found.shape[2] + 2
    with pytest.raises(OptionError, match="expected the best epoch and stock layers"):
        run.keras_model(category="longs", epoch="latest")
    path = tmp_path / "longs.safetensors"
    model.category("longs").write(path)
    assert type(NameModel.read(path)) is NameModel


def test_a_run_tuned_in_numpy_goes_out_list_by_list(tmp_path: Path) -> None:
    run = dino_names.train(LISTS, out=tmp_path / "run", epochs=1)
    assert run.config.train.tuner == "numpy"
    with pytest.raises(OptionError, match="expected one of fours, longs"):
        run.keras_model()
    assert run.keras_model(category="fours").output_shape[2] == len(run.vocabulary.characters)
