"""Both loops: the same weights, the same run folder, and what they must do when things go wrong."""

from __future__ import annotations

import json
import math
import signal
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from dino_names.corpus.splits import split_names
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import DivergedError, InterruptedRunError, RunError
from dino_names.progress.protocol import Silent
from dino_names.runs.checkpoint_files import list_checkpoints
from dino_names.runs.run import Run
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.batches import names_dataset
from dino_names.training.network import build_model, read_state
from dino_names.training.session import Session
from dino_names.training.tape import tape_loop
from dino_names.training.trainer import train

pytestmark = pytest.mark.tensorflow

LOOPS = ["fit", "tape"]


def tensors(run: Run) -> dict[str, np.ndarray]:
    return dict(run.model().bundle.tensors)


def weights(run: Run) -> dict[str, np.ndarray]:
    return {name: value for name, value in tensors(run).items() if name.startswith("network")}


@pytest.mark.parametrize("options", [{}, {"dropout": 0.3, "embedding_dropout": 0.2}])
def test_both_loops_reach_the_same_weights(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], options: dict[str, float]
) -> None:
    runs = [
        train(names_file, out=tmp_path / loop, loop=loop, **{**tiny, "epochs": 1, **options})
        for loop in LOOPS
    ]
    fit, tape = (weights(run) for run in runs)
    for name, value in fit.items():
        np.testing.assert_allclose(value, tape[name], atol=1e-5, err_msg=name)
    for figure in ("loss", "val_nats_per_char", "learning_rate"):
        assert runs[0].history[0][figure] == pytest.approx(runs[1].history[0][figure], abs=1e-5)


def test_the_published_tutorial_keeps_its_state_in_fit_and_begins_anew_in_each_epoch_of_tape(
    names_file: Path, tmp_path: Path
) -> None:
    options = {"preset": "tutorial", "rnn_units": 8, "embedding_dim": 4, "batch_size": 8}
    state = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: object = None) -> None:
            if batch == 0:
                state.append(np.abs(read_state(self.model)[0]).max())

    for loop in LOOPS:
        more = {"loop": loop, "epochs": 2, "valid_fraction": 0.4, "callbacks": [Look()]}
        assert len(train(names_file, out=tmp_path / loop, **more, **options).history) == 2
    fit, tape = state[:2], state[2:]
    assert fit[0] == tape[0] == tape[1] == 0 < fit[1]
    few = train(names_file, out=tmp_path / "few", epochs=1, **{**options, "batch_size": 64})
    assert few.history[0]["epoch"] == 1  # fewer names than a batch are one smaller batch


def test_the_loop_stands_alone_with_reports_and_checkpoints(twenty: list[str]) -> None:
    vocabulary = Vocabulary.of(twenty)
    dataset = names_dataset(twenty, vocabulary, batch_size=8, weights=True)
    model = build_model(len(vocabulary), 4, 8)
    optimizer = keras.optimizers.Adam(1e-2)
    optimizer.build(model.trainable_variables)
    said, saved = [], []
    tape_loop(
        model,
        optimizer,
        lambda epoch: enumerate(dataset),
        epochs=11,
        report=said.append,
        save=saved.append,
    )
    assert saved == [5, 10]
    assert [line.partition(" Loss")[0] for line in said] == [
        f"Epoch {epoch} Batch 0" for epoch in range(1, 12)
    ]
    losses = [float(line.rpartition(" ")[2]) for line in said]
    assert losses[0] == pytest.approx(math.log(len(vocabulary)), abs=0.2)
    assert losses[-1] < losses[0] - 0.5


@pytest.mark.parametrize("loop", LOOPS)
def test_the_run_folder_is_as_the_design_says(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], loop: str
) -> None:
    options = {**tiny, "epochs": 6, "keep_every": None}
    run = train(names_file, out=tmp_path / "run", loop=loop, **options)
    expected = [1, 2, 3, 4, 5, 6] if loop == "fit" else [5, 6]
    assert list(list_checkpoints(run.folder)) == expected
    kept = [
        json.loads(line) for line in (run.folder / "history.jsonl").read_text().split("\n")[:-1]
    ]
    assert kept == list(run.history) == list(Run.read(run.folder).history)
    assert [row["epoch"] for row in kept] == [1, 2, 3, 4, 5, 6]
    assert set(kept[0]) == {
        "epoch",
        "seconds",
        "loss",
        "val_nats_per_char",
        "val_nats_with_ngram",
        "names_per_second",
        "learning_rate",
    }
    assert kept[-1]["loss"] < kept[0]["loss"]
    versions = json.loads((run.folder / "run.json").read_text())["versions"]
    assert {"tensorflow", "keras", "numpy", "python", "dino_names"} == set(versions)


def test_validation_is_exact_nats_per_character_of_the_held_out_names(
    names_file: Path, tmp_path: Path, twenty: list[str], tiny: dict[str, Any]
) -> None:
    run = train(names_file, out=tmp_path / "run", ngram_order=None, **{**tiny, "epochs": 1})
    _, held_out = split_names(tuple(twenty), fraction=0.2, seed=0)
    scores = run.model().score_many(held_out)
    exact = sum(score.nats for score in scores) / sum(len(name) + 1 for name in held_out)
    assert run.history[0]["val_nats_per_char"] == pytest.approx(exact, abs=1e-5)


def test_the_same_run_gives_the_same_model_file(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any]
) -> None:
    files = [
        (train(names_file, out=tmp_path / name, **tiny).folder / "model.safetensors").read_bytes()
        for name in ("one", "two")
    ]
    assert files[0] == files[1]
    other = train(names_file, out=tmp_path / "three", **{**tiny, "seed": 1})
    assert (other.folder / "model.safetensors").read_bytes() != files[0]


def test_the_best_epoch_is_kept_and_patience_ends_training(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = iter([3.0, 2.0, 2.5, 2.4, 1.0])
    monkeypatch.setattr(Session, "evaluate", lambda self: {"val_nats_per_char": next(figures)})
    kept = []
    from dino_names.training import trainer as module

    real = module.make_bundle

    def spy(run: Run, *arguments: Any, **named: Any) -> Any:
        kept.append(len(list_checkpoints(run.folder)))
        return real(run, *arguments, **named)

    monkeypatch.setattr(module, "make_bundle", spy)
    run = train(names_file, out=tmp_path / "run", **{**tiny, "epochs": 9, "patience": 2})
    assert [row["val_nats_per_char"] for row in run.history] == [3.0, 2.0, 2.5, 2.4]
    assert kept == [1, 2]  # after the first epoch and after the second, the best


def test_nothing_held_out_keeps_the_last(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any]
) -> None:
    run = train(names_file, out=tmp_path / "run", **{**tiny, "valid_fraction": 0.0})
    assert "val_nats_per_char" not in run.history[-1]
    assert run.model().generate("A", seed=1).startswith("A")


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loss_that_is_not_finite_stops_and_loses_nothing(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], loop: str
) -> None:
    class Poison(Silent):
        def epoch(self, row: dict[str, Any]) -> None:
            for weight in sessions[0].model.trainable_variables:
                weight.assign(weight.value * math.nan)

    sessions: list[Session] = []
    real = Session.begin_epoch
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Session, "begin_epoch", lambda self, e: (sessions.append(self), real(self, e))[1]
        )
        with pytest.raises(DivergedError, match="epoch 2, batch 1"):
            train(names_file, out=tmp_path / "run", progress=Poison(), loop=loop, **tiny)
    run = Run.read(tmp_path / "run")
    assert len(run.history) == 1
    assert all(np.isfinite(value).all() for value in weights(run).values())


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_and_resumed_is_as_uninterrupted(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], loop: str, number: int
) -> None:
    options = {**tiny, "loop": loop, "dropout": 0.3, "epochs": 3}
    whole = train(names_file, out=tmp_path / "whole", **options)
    for after in (2, 4, 7):  # within an epoch, at its end, in the next
        folder = tmp_path / f"{after}"
        with pytest.raises(InterruptedRunError, match="--resume") as caught:
            train(names_file, out=folder, progress=Interrupt(after=after, number=number), **options)
        assert caught.value.exit_status == 128 + number
        again = train(names_file, out=folder, resume=True)
        model = "model.safetensors"
        assert (folder / model).read_bytes() == (whole.folder / model).read_bytes()
        strip = [{k: v for k, v in row.items() if "second" not in k} for row in again.history]
        assert strip == [
            {k: v for k, v in row.items() if "second" not in k} for row in whole.history
        ]


def test_resuming_refuses_what_differs(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any]
) -> None:
    folder = tmp_path / "run"
    with pytest.raises(RunError, match="expected a run to resume, found none"):
        train(names_file, out=folder, resume=True)
    with pytest.raises(InterruptedRunError):
        train(names_file, out=folder, progress=Interrupt(after=1), **tiny)
    with pytest.raises(RunError, match="holds a run; add --resume"):
        train(names_file, out=folder, **tiny)
    with pytest.raises(RunError, match="rnn_units 8, received 9"):
        train(names_file, out=folder, resume=True, rnn_units=9)
    other = tmp_path / "other.txt"
    other.write_text("Rex\nAjax\n")
    with pytest.raises(RunError, match="expected the data it began with"):
        train(other, out=folder, resume=True)


def test_what_auto_was_is_kept_and_gone_on_with(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dino_names.training import trainer as module

    monkeypatch.setattr(module, "settle_precision", lambda asked, units: "bfloat16")
    options = {**tiny, "epochs": 2, "precision": "auto"}
    with pytest.raises(InterruptedRunError):
        train(names_file, out=tmp_path / "run", progress=Interrupt(after=1), **options)
    monkeypatch.setattr(module, "settle_precision", lambda asked, units: "float32")
    run = train(names_file, out=tmp_path / "run", resume=True, **options)
    assert run.config.train.precision == "bfloat16"


def test_a_finished_run_says_so(names_file: Path, tmp_path: Path, tiny: dict[str, Any]) -> None:
    run = train(names_file, out=tmp_path / "run", **tiny)
    with pytest.raises(RunError, match="is finished"):
        train(names_file, out=run.folder, resume=True)


def test_one_name_trains(tmp_path: Path, tiny: dict[str, Any]) -> None:
    path = tmp_path / "one.txt"
    path.write_text("Rex\n")
    run = train(path, out=tmp_path / "run", **{**tiny, "epochs": 1})
    assert len(run.history) == 1
    assert "one name" in run.warnings[0]
