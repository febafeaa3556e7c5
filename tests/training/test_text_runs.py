"""Runs on text: what every preset does, rounds, exactness, what a run begins with."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.config.presets import preset
from dino_names.config.text_presets import TEXT_PRESETS
from dino_names.corpus import read_data
from dino_names.corpus.builtin_text import SNIPPET
from dino_names.corpus.splits import split_text
from dino_names.errors import CorpusError, InterruptedRunError, RunError
from dino_names.generation.text_model import TextModel
from dino_names.progress.protocol import Silent
from dino_names.runs.checkpoint_files import list_checkpoints
from dino_names.runs.run import MODEL_FILE, Run
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.keras_generation import restore_for_generation
from dino_names.training.network.model import build_model
from dino_names.training.saving.export import export_epoch
from dino_names.training.trainer import train

pytestmark = pytest.mark.tensorflow

SMALL = {
    "kind": "text",
    "rnn_units": 8,
    "embedding_dim": 4,
    "num_layers": 1,
    "seq_length": 16,
    "batch_size": 8,
    "epochs": 2,
    "dropout": 0.2,
    "precision": "float32",
}
# What makes the presets small enough to be tried on the built-in lines.
REDUCED: dict[str, dict[str, Any]] = {
    "text": {"rnn_units": 32, "batch_size": 8, "seq_length": 32, "epochs": 3, "dropout": 0.1},
    "char-rnn": {"rnn_units": 32, "batch_size": 4, "epochs": 5, "learning_rate": 5e-3},
    "char-rnn-tuned": {"rnn_units": 32, "batch_size": 32, "epochs": 2},
    "gru-encode": {"rnn_units": 32, "batch_size": 4, "epochs": 3},
    "gru-resize": {"rnn_units": 32, "batch_size": 4, "epochs": 3},
    "sonnets": {"rnn_units": 32, "epochs": 4, "learning_rate": 5e-3},
    "min-char-rnn": {"rnn_units": 32, "epochs": 2},
}


def tensors(run: Run) -> dict[str, np.ndarray]:
    return dict(run.model().bundle.tensors)


def same(one: Run, other: Run) -> bool:
    mine, theirs = tensors(one), tensors(other)
    rows = [
        [{k: v for k, v in row.items() if "second" not in k} for row in run.history]
        for run in (one, other)
    ]
    return rows[0] == rows[1] and all((mine[name] == theirs[name]).all() for name in mine)


@pytest.mark.parametrize("name", list(TEXT_PRESETS))
def test_every_preset_learns(tmp_path: Path, name: str) -> None:
    run = train(preset=name, out=tmp_path / "run", precision="float32", **REDUCED[name])
    losses = [row["loss"] for row in run.history]
    assert losses[0] == pytest.approx(math.log(len(run.vocabulary)), abs=0.7)
    assert losses[-1] < losses[0] - 0.4
    held_out = [row.get("val_nats_per_char") for row in run.history]
    assert held_out[0] is None or held_out[-1] < held_out[0]
    assert run.config.preset == name and "characters_per_second" in run.history[-1]
    assert len(run.model().generate_text(length=5, seed=0)) == 5


def test_validation_is_what_the_model_file_gives_the_held_out_text(tmp_path: Path) -> None:
    run = train(out=tmp_path / "run", **{**SMALL, "valid_fraction": 0.3})
    model = run.model()
    assert isinstance(model, TextModel)
    nats, characters = model.nats(split_text(SNIPPET, fraction=0.3)[1])
    assert run.history[-1]["val_nats_per_char"] == pytest.approx(nats / characters, abs=1e-4)


@pytest.mark.parametrize(
    ("loop", "options"),
    [
        ("fit", {"layout": "streams"}),
        ("tape", {"layout": "streams"}),
        ("fit", {"layout": "chunks", "step": 5}),
    ],
)
def test_half_rounds_make_a_whole_one(tmp_path: Path, loop: str, options: dict[str, Any]) -> None:
    options = {**SMALL, **options, "loop": loop, "epochs": 1}
    whole = train(out=tmp_path / "whole", **options)
    part = train(out=tmp_path / "parts", rounds=0.5, **options)
    assert [row["epoch"] for row in part.history] == [0]
    part = train(out=tmp_path / "parts", resume=True)
    assert [row["epoch"] for row in part.history] == [0, 1]
    assert same(whole, part)
    files = [(run.folder / MODEL_FILE).read_bytes() for run in (whole, part)]
    assert files[0] == files[1], "how a training was cut in rounds is no part of its model"
    with pytest.raises(RunError, match="is finished"):
        train(out=tmp_path / "parts", resume=True)


def test_rounds_may_change_on_the_way_and_leave_a_model(tmp_path: Path) -> None:
    stopped = []

    class Rounds(Silent):
        def round(self, epoch: int, batch: int, figures: dict[str, float]) -> None:
            stopped.append((epoch, batch, figures["val_nats_per_char"]))

    folder = tmp_path / "run"
    run = train(out=folder, rounds=0.25, progress=Rounds(), **SMALL)
    early = tensors(run)
    assert stopped[0][:2] == (0, 5) and stopped[0][2] < run.history[0]["val_nats_per_char"]
    train(out=folder, resume=True, rounds=0.75, progress=Rounds())
    assert [place[:2] for place in stopped] == [(0, 5), (0, 15)]
    assert any((early[name] != value).any() for name, value in tensors(run).items())
    assert len(train(out=folder, resume=True, rounds=10.0).history) == 3


def test_both_loops_train_a_gpt_alike(tmp_path: Path) -> None:
    options = {**SMALL, "cell": "gpt", "rnn_units": 32, "epochs": 1}
    runs = [train(out=tmp_path / loop, loop=loop, **options) for loop in ("fit", "tape")]
    fit, tape = map(tensors, runs)
    for name, value in fit.items():
        np.testing.assert_allclose(value, tape[name], atol=1e-5, err_msg=name)
    for run in runs:
        first, last = run.history
        assert last["val_nats_per_char"] < first["val_nats_per_char"] - 0.2
        assert len(run.model().generate_text(length=40, seed=0)) == 40


def test_interrupted_streams_go_on_with_their_state(tmp_path: Path) -> None:
    whole = train(out=tmp_path / "whole", **SMALL)
    with pytest.raises(InterruptedRunError):
        train(out=tmp_path / "run", progress=Interrupt(after=12), **SMALL)
    assert same(whole, train(out=tmp_path / "run", resume=True))


@pytest.mark.parametrize("layout", ["chunks", "windows"])
def test_a_state_may_go_on_from_any_batch_to_the_next(tmp_path: Path, layout: str) -> None:
    options = {**SMALL, "layout": layout, "step": 5, "drop_remainder": True, "loop": "fit"}
    options |= {"stateful": True, "dropout": 0.0}
    whole = train(out=tmp_path / "whole", **options)
    assert same(whole, train(out=tmp_path / "again", **options))
    with pytest.raises(InterruptedRunError):
        train(out=tmp_path / "run", progress=Interrupt(after=12), **options)
    assert same(whole, train(out=tmp_path / "run", resume=True))
    zeros = train(out=tmp_path / "zeros", **{**options, "stateful": False})
    assert not same(whole, zeros)
    # What is held out is read from a state of zeros, whatever the training left.
    assert whole.history[0] == pytest.approx(zeros.history[0], abs=1e-6)


def test_a_run_begins_untrained_and_can_be_gone_back_to(tmp_path: Path) -> None:
    heard = []

    class Listen(Silent):
        def log(self, epoch: int, batch: int, loss: float) -> None:
            heard.append((epoch * 20 + batch, loss))

        def sample(self, step: int, text: str) -> None:
            heard.append((step, text))

    run = train(
        out=tmp_path / "run",
        progress=Listen(),
        log_every=10,
        sample_every=25,
        sample_length=120,
        **SMALL,
    )
    assert list(list_checkpoints(run.folder)) == [0, 1, 2]
    assert run.history[0]["epoch"] == 0
    assert run.history[0]["val_nats_per_char"] == pytest.approx(
        math.log(len(run.vocabulary)), abs=0.7
    )
    steps = [step for step, _ in heard]
    assert steps == [10, 20, 25, 30, 40]
    losses = [value for _, value in heard if isinstance(value, float)]
    assert losses == sorted(losses, reverse=True)
    assert sum(len(value) for _, value in heard if isinstance(value, str)) == 120
    for epoch in (0, 2):
        export_epoch(run, epoch, tmp_path / f"{epoch}.safetensors")
    texts = [
        TextModel.read(tmp_path / f"{epoch}.safetensors").generate_text(length=30, seed=0)
        for epoch in (0, 2)
    ]
    assert texts[0] != texts[1] == run.model().generate_text(length=30, seed=0)


def test_a_file_of_text_and_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_text("To be or not to be.\n" * 5)
    folder = tmp_path / "run"
    with pytest.raises(
        CorpusError, match=r"held-out part of at least .* 17 characters, .* 10 beside 90"
    ):
        train(path, out=folder, **SMALL)
    with pytest.raises(CorpusError, match="101 characters, received 100; give a longer text"):
        train(path, out=folder, **{**SMALL, "seq_length": 100, "valid_fraction": 0.0})
    run = train(path, out=folder, **{**SMALL, "valid_fraction": 0.2})
    assert run.fingerprint == read_data(path, "text").fingerprint
    assert set(run.vocabulary.characters) == set("To be or not to be.\n")
    with pytest.raises(CorpusError, match="one name a line"):
        read_data(None, "names")


def test_l2_is_the_sum_of_squares_of_every_kernel() -> None:
    config = preset("gru-encode", rnn_units=4).model
    model = build_model(7, config=config, l2=0.5)
    shapes = Architecture(vocab_size=7, encoder="tanh", rnn_units=4, num_layers=2).shapes()
    values = dict(zip(shapes, model.trainable_variables, strict=True))
    expected = sum(
        0.5 * float((value.numpy() ** 2).sum())
        for name, value in values.items()
        if "kernel" in name
    )
    model(np.zeros((1, 2), np.int32))
    assert sum(map(float, model.losses)) == pytest.approx(expected, rel=1e-5)


def test_the_tutorials_way_to_generate_needs_a_state(tmp_path: Path) -> None:
    options = {**SMALL, "cell": "gpt", "rnn_units": 32, "epochs": 1, "rounds": 0.1}
    run = train(out=tmp_path / "run", **options)
    with pytest.raises(RunError, match="expected a recurrent cell"):
        restore_for_generation(run)
