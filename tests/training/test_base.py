"""Keras going on with a model: the base that ships, one's own, of names or of text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.corpus import Vocabulary
from dino_names.errors import InterruptedRunError, OptionError, RunError
from dino_names.modelfile import Bundle
from dino_names.runs import Run
from dino_names.teaching import Interrupt
from dino_names.training import restore_for_generation
from dino_names.tuning import weights_for
from tests.helpers.tiny_base import tiny_base

pytestmark = pytest.mark.tensorflow
OTHERS = ["Suchomimus", "Sinraptor", "Acrocanthosaurus", "Tarbosaurus", "Alioramus", "Utahraptor"]


@pytest.fixture
def base(tmp_path: Path) -> str:
    path = tmp_path / "base.safetensors"
    tiny_base().write(path)
    return str(path)


def bundle_of(run: Run) -> Bundle:
    return run.model().bundle


def network(bundle: Bundle) -> dict[str, np.ndarray]:
    return {n: t for n, t in bundle.tensors.items() if n.startswith("network")}


def test_training_begins_at_the_bases_weights(
    base: str, names_file: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    options = {n: v for n, v in tiny.items() if n not in ("embedding_dim", "rnn_units")}
    still = {"learning_rate": 1e-9, "weight_decay": 0.0, "base": base, "tuner": "keras"}
    run = dino_names.train(names_file, out=tmp_path / "run", **{**options, **still})
    bundle = bundle_of(run)
    start = weights_for(tiny_base(), run.vocabulary)
    for name, tensor in network(bundle).items():
        assert np.allclose(tensor, start[name.removeprefix("network0.")], atol=1e-5), name
    assert bundle.origin is not None and bundle.origin["base"] == base


def test_it_goes_on_to_the_same_bits(
    base: str, names_file: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    options = {n: v for n, v in tiny.items() if n not in ("embedding_dim", "rnn_units")}
    options |= {"base": base, "tuner": "keras", "dropout": 0.2}
    whole = dino_names.train(names_file, out=tmp_path / "whole", **options)
    with pytest.raises(InterruptedRunError):
        dino_names.train(names_file, out=tmp_path / "run", progress=Interrupt(after=3), **options)
    dino_names.train(names_file, out=tmp_path / "run", resume=True, **options)
    files = [folder / "model.safetensors" for folder in (whole.folder, tmp_path / "run")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    "shape",
    [
        {"cell": "lstm"},
        {"num_layers": 2},
        {"cell": "rnn", "encoder": "onehot"},
        {"encoder": "tanh"},
    ],
)
def test_ones_own_model_of_any_kind_goes_on_with_another_list(
    shape: dict[str, Any], names_file: Path, tiny: dict[str, Any], tmp_path: Path
) -> None:
    options = {**tiny, **shape, "epochs": 30, "learning_rate": 0.02, "valid_fraction": 0.0}
    first = dino_names.train(names_file, out=tmp_path / "first", **options)
    more = {"batch_size": 4, "epochs": 1, "valid_fraction": 0.0, "learning_rate": 1e-4}
    second = dino_names.train(OTHERS, out=tmp_path / "second", base=str(first.folder), **more)
    nothing = dino_names.train(OTHERS, out=tmp_path / "new", **{**options, **more, "base": "none"})
    assert second.history[0]["loss"] < nothing.history[0]["loss"] - 0.3
    mine, theirs = bundle_of(second), bundle_of(first)
    assert mine.architecture == theirs.architecture.changed(vocab_size=len(second.vocabulary))
    assert second.vocabulary == Vocabulary.of(OTHERS)
    assert mine.origin is not None and mine.origin["sha256"] == theirs.digest


def test_a_text_goes_on_with_another(tmp_path: Path) -> None:
    small = {"kind": "text", "rnn_units": 16, "embedding_dim": 8, "seq_length": 16, "num_layers": 1}
    first = dino_names.train(out=tmp_path / "a", epochs=4, learning_rate=0.02, **small)
    assert first.config.train.base == "none"
    more = {"kind": "text", "seq_length": 16, "epochs": 1, "learning_rate": 1e-5}
    again = dino_names.train(out=tmp_path / "b", base=str(first.folder), **more)
    assert again.config.model.rnn_units == 16
    assert again.history[0]["loss"] < first.history[0]["loss"] - 0.3


def test_what_no_training_goes_on_with_is_refused(tmp_path: Path) -> None:
    sizes = tiny_base().architecture
    with_categories = tiny_base(
        architecture=sizes.changed(vocab_size=sizes.vocab_size + 1),
        categories=(("elves", 3),),
        directions=None,
        tensors={
            name: np.zeros(shape, np.float32)
            for name, shape in sizes.changed(vocab_size=sizes.vocab_size + 1).all_shapes().items()
        },
    )
    with_categories.write(tmp_path / "base.safetensors")
    with pytest.raises(OptionError, match="expected a model without categories"):
        dino_names.train(OTHERS, base=str(tmp_path / "base.safetensors"))
    (tmp_path / "empty").mkdir()
    with pytest.raises((RunError, dino_names.ModelFileError), match="empty"):
        dino_names.train(OTHERS, base=str(tmp_path / "empty"))


def test_what_numpy_tuned_is_a_keras_model_too(base: str, tmp_path: Path) -> None:
    run = dino_names.train(OTHERS, out=tmp_path / "run", base=base, epochs=2, ngram_order=None)
    assert run.config.train.tuner == "numpy"
    model = restore_for_generation(run)
    ids = run.vocabulary.encode(f"\n{OTHERS[0]}")
    theirs = model(ids[None]).numpy()[0]
    predictor = run.model().predictor
    state = predictor.initial_state(1)
    for place, row in enumerate(theirs):
        ours = predictor.step(ids[place : place + 1], state)[0]
        assert np.allclose(ours, row, atol=1e-5)
    with pytest.raises(RunError, match="checkpoint"):
        restore_for_generation(run, 1)
