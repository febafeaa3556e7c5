"""Runs that go on after their end, with other choices, or from an earlier epoch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.errors import InterruptedRunError, OptionError, RunError
from dino_names.modelfile import Bundle
from dino_names.progress import Silent
from dino_names.runs import Run, list_checkpoints
from dino_names.teaching import Interrupt
from tests.helpers.command_line import call
from tests.helpers.tiny_runs import NAMES, TINY, TINY_TEXT, write_text

pytestmark = pytest.mark.tensorflow
OPTIONS: dict[str, Any] = {**TINY, "base": "none", "epochs": 2, "keep_every": None}
BATCHES = 3
LOOPS = pytest.mark.parametrize("loop", ["fit", "tape"])


def train(folder: Path, **options: Any) -> Run:
    return dino_names.train(NAMES, out=folder, **options)


def bits(run: Run) -> bytes:
    return (run.folder / "model.safetensors").read_bytes()


def rates(run: Run) -> list[float]:
    return [row["learning_rate"] for row in Run.read(run.folder).history]


@LOOPS
def test_a_finished_run_goes_on_with_more_epochs(loop: str, tmp_path: Path) -> None:
    options = {**OPTIONS, "loop": loop, "schedule": "constant"}
    whole = train(tmp_path / "whole", **{**options, "epochs": 4})
    train(tmp_path / "run", **options)
    with pytest.raises(RunError, match="finished after epoch 2"):
        train(tmp_path / "run", resume=True, **options)
    longer = train(tmp_path / "run", resume=True, epochs=4)
    # With a rate that does not fall this is the longer training, to the bit.
    assert [row["loss"] for row in longer.history] == [row["loss"] for row in whole.history]
    read = Run.read(longer.folder)
    assert read.config.train.epochs == 4
    assert read.changes == (
        {"epoch": 2, "batch": 0, "step": 2 * BATCHES, "options": {"epochs": 4}},
    )
    said = json.loads((longer.folder / "run.json").read_text())
    assert said["config"]["train"]["epochs"] == 2
    for name, tensor in Bundle.read(whole.folder / "model.safetensors").tensors.items():
        np.testing.assert_array_equal(
            tensor, Bundle.read(longer.folder / "model.safetensors").tensors[name]
        )


def test_a_falling_rate_falls_anew_over_what_is_left(tmp_path: Path) -> None:
    options = {**OPTIONS, "schedule": "cosine", "warmup": 0.0, "learning_rate": 0.01}
    run = train(tmp_path / "run", **options)
    assert rates(run)[-1] == pytest.approx(0, abs=1e-6)
    longer = train(run.folder, resume=True, epochs=4, learning_rate=0.004)
    half = 0.004 * (1 + np.cos(np.pi / 2)) / 2
    assert rates(longer)[2:] == pytest.approx([half, 0.0], abs=1e-6)
    assert longer.keras_history["learning_rate"] == rates(longer)
    assert longer.keras_history["epoch"] == [1, 2, 3, 4]
    # And interrupted on the way it goes on to the same bits.
    again = train(tmp_path / "again", **options)
    with pytest.raises(InterruptedRunError):
        train(again.folder, resume=True, epochs=4, learning_rate=0.004, progress=Interrupt(after=2))
    ended = train(again.folder, resume=True)
    assert bits(ended) == bits(longer) and len(Run.read(again.folder).changes) == 1


@LOOPS
def test_other_rates_and_batches_from_here_on(loop: str, tmp_path: Path) -> None:
    options = {**OPTIONS, "loop": loop, "schedule": "constant", "learning_rate": 0.01}
    run = train(tmp_path / "run", **options)
    longer = train(run.folder, resume=True, epochs=3, learning_rate=0.002, batch_size=5)
    assert rates(longer) == pytest.approx([0.01, 0.01, 0.002])
    read = Run.read(run.folder)
    assert read.config.data.batch_size == 5 and read.changes[0]["options"]["batch_size"] == 5
    with pytest.raises(RunError, match="rnn_units 4, received 8"):
        train(run.folder, resume=True, epochs=4, rnn_units=8)
    with pytest.raises(InterruptedRunError):
        train(run.folder, resume=True, epochs=5, progress=Interrupt(after=1))
    with pytest.raises(RunError, match="in the middle of an epoch, received 3"):
        train(run.folder, resume=True, batch_size=3)


@LOOPS
def test_back_to_an_epoch_and_on_from_there(loop: str, tmp_path: Path) -> None:
    options = {**OPTIONS, "loop": loop, "epochs": 3, "checkpoint_every": 1}
    run = train(tmp_path / "run", **options)
    first = run.keras_model(epoch=1).get_weights()
    with pytest.raises(RunError, match="expected a checkpoint of epoch 7, found those of 1, 2, 3"):
        train(run.folder, resume=True, from_epoch=7)
    with (
        pytest.warns(UserWarning, match="back at epoch 1: its weights"),
        pytest.raises(InterruptedRunError),
    ):
        train(run.folder, resume=True, from_epoch=1, progress=Interrupt(after=1))
    assert [row["epoch"] for row in Run.read(run.folder).history] == [1]
    assert list(list_checkpoints(run.folder)) == [1]
    for one, other in zip(run.keras_model().get_weights(), first, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    ended = train(run.folder, resume=True)
    assert [row["epoch"] for row in ended.history] == [1, 2, 3]
    assert Run.read(run.folder).changes[0]["epoch"] == 1


def test_back_to_an_epoch_and_on_in_another_folder(tmp_path: Path) -> None:
    run = train(tmp_path / "run", **{**OPTIONS, "epochs": 3})
    before = {path.name: path.read_bytes() for path in run.folder.iterdir()}
    back = {"resume": True, "from_epoch": 2, "epochs": 4, "learning_rate": 1e-4}
    notes: list[str] = []

    class Notes(Silent):
        def note(self, sentence: str) -> None:
            notes.append(sentence)

    other = train(run.folder, into=tmp_path / "other", progress=Notes(), **back)
    assert len(notes) == 1 and "back at epoch 2: its weights" in notes[0]
    after = {path.name: path.read_bytes() for path in run.folder.iterdir()}
    assert {**after, "run.lock": b""} == {**before, "run.lock": b""}
    assert other.folder == tmp_path / "other"
    assert [row["epoch"] for row in other.history] == [1, 2, 3, 4]
    assert other.history[:2] == run.history[:2] and other.history[2] != run.history[2]
    assert list(list_checkpoints(other.folder)) == [1, 2, 3, 4]
    with pytest.raises(RunError, match="is finished"):
        train(other.folder, resume=True)
    with pytest.raises(RunError, match="expected a new folder"):
        train(run.folder, into=other.folder, **back)
    with pytest.raises(RunError, match="expected a checkpoint of epoch 7, found those of 1, 2, 3"):
        train(run.folder, into=tmp_path / "third", **{**back, "from_epoch": 7})
    assert not (tmp_path / "third").exists()
    with pytest.raises(OptionError, match="into: expected from_epoch with it"):
        train(run.folder, into=tmp_path / "third", resume=True)


def test_no_epoch_at_all_makes_the_first_checkpoint(tmp_path: Path) -> None:
    run = train(tmp_path / "run", **{**OPTIONS, "epochs": 0})
    assert list(list_checkpoints(run.folder)) == [0]
    assert [row["epoch"] for row in run.history] == [0]
    before = run.keras_model(epoch=0).get_weights()
    for one, other in zip(run.keras_model().get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    longer = train(run.folder, resume=True, epochs=2)
    assert [row["epoch"] for row in longer.history] == [0, 1, 2]
    tuned = dino_names.train(NAMES, out=tmp_path / "base", epochs=0)
    assert tuned.config.train.tuner == "keras" and tuned.history[-1]["epoch"] == 0


def test_a_stream_of_another_width_begins_its_state_anew(tmp_path: Path) -> None:
    path = write_text(tmp_path)
    options = {**TINY_TEXT, "layout": "streams", "seq_length": 8}
    run = dino_names.train(path, out=tmp_path / "run", **options)
    notes: list[str] = []

    class Notes(Silent):
        def note(self, sentence: str) -> None:
            notes.append(sentence)

    dino_names.train(
        path, out=run.folder, resume=True, epochs=3, batch_size=3, progress=Notes(), kind="text"
    )
    assert any("states of another shape begin anew" in note for note in notes)
    assert len(Run.read(run.folder).history) == 4


def test_what_cannot_go_on_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="from_epoch: expected resume with it"):
        train(tmp_path / "x", from_epoch=1, **OPTIONS)
    tuned = dino_names.train(NAMES, out=tmp_path / "base", epochs=1)
    with pytest.raises(OptionError, match="a run that Keras trains"):
        train(tuned.folder, resume=True, from_epoch=1)
    with pytest.raises(RunError, match="epochs 1, received 2"):
        train(tuned.folder, resume=True, epochs=2)


def test_from_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, run = tmp_path / "names.txt", tmp_path / "run"
    path.write_text("\n".join(NAMES), encoding="utf-8")
    small = ("--rnn-units", "4", "--embedding-dim", "3", "--base", "none", "--epochs", "1")
    assert call(capsys, "train", path, "--out", run, *small)[0] == 0
    assert call(capsys, "train", path, "--out", run, "--resume", "--epochs", "2")[0] == 0
    back = ("--resume", "--from-epoch", "1")
    assert call(capsys, "train", path, "--out", run, *back)[0] == 0
    status, _, err = call(capsys, "train", path, "--out", run, "--from-epoch", "1")
    assert status == 2 and "add --resume" in err
