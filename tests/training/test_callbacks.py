"""Keras's callbacks in both loops: each kind that people use, told what Keras tells."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import dino_names
from dino_names.errors import InterruptedRunError, OptionError
from dino_names.runs import Run
from dino_names.teaching import Interrupt
from tests.helpers.tiny_runs import NAMES, TINY

pytestmark = pytest.mark.tensorflow
LOOPS = pytest.mark.parametrize("loop", ["fit", "tape"])
OPTIONS: dict[str, Any] = {**TINY, "base": "none", "schedule": "constant", "average": None}


def train(folder: Path, loop: str, *callbacks: Any, **options: Any) -> Run:
    return dino_names.train(
        NAMES, out=folder / "run", loop=loop, callbacks=callbacks, **{**OPTIONS, **options}
    )


class Diary(keras.callbacks.Callback):
    """Notes all that it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, int | None]] = []
        self.logs: list[dict[str, float]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.told.append(("begin", None))
        assert self.model.optimizer is not None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.told.append(("epoch", epoch))

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.told.append(("batch", batch))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.told.append(("batch end", batch))
        assert np.isfinite(logs["loss"])

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.told.append(("epoch end", epoch))
        self.logs.append(dict(logs))

    def on_train_end(self, logs: Any = None) -> None:
        self.told.append(("end", None))


@LOOPS
def test_all_is_told_in_keras_order_with_keras_names(loop: str, tmp_path: Path) -> None:
    diary = Diary()
    run = train(tmp_path, loop, diary)
    batches = [(kind, batch) for batch in range(3) for kind in ("batch", "batch end")]
    epochs = [[("epoch", epoch), *batches, ("epoch end", epoch)] for epoch in range(2)]
    assert diary.told == [("begin", None), *epochs[0], *epochs[1], ("end", None)]
    for logs, row in zip(diary.logs, run.history, strict=True):
        assert logs["loss"] == row["loss"]
        assert logs["val_loss"] == logs["val_nats_per_char"] == row["val_nats_per_char"]
        assert logs["learning_rate"] == row["learning_rate"]


@LOOPS
def test_without_any_it_trains_to_the_same_bits_as_with_one_that_watches(
    loop: str, tmp_path: Path
) -> None:
    plain, watched = train(tmp_path / "a", loop), train(tmp_path / "b", loop, Diary())
    files = [(run.folder / "model.safetensors").read_bytes() for run in (plain, watched)]
    assert files[0] == files[1]


@LOOPS
def test_early_stopping_ends_the_run_for_good(loop: str, tmp_path: Path) -> None:
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, min_delta=100)
    run = train(tmp_path, loop, stop, epochs=9)
    assert len(run.history) == 2 and stop.stopped_epoch == 1
    assert (run.folder / "ckpt_2.weights.h5").exists()
    with pytest.raises(dino_names.errors.RunError, match="finished after epoch 2"):
        train(tmp_path, loop, epochs=9, resume=True)


@LOOPS
def test_files_of_others_are_written(loop: str, tmp_path: Path) -> None:
    path, board = tmp_path / "log.csv", tmp_path / "board"
    kept = tmp_path / "epoch_{epoch}.weights.h5"
    train(
        tmp_path,
        loop,
        keras.callbacks.CSVLogger(str(path)),
        keras.callbacks.ModelCheckpoint(str(kept), save_weights_only=True, monitor="val_loss"),
        keras.callbacks.TensorBoard(str(board), write_graph=False),
    )
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert len(rows) == 2 and float(rows[1]["val_loss"]) > 0
    assert {file.name for file in tmp_path.glob("epoch_*")} == {
        "epoch_1.weights.h5",
        "epoch_2.weights.h5",
    }
    assert list(board.rglob("events*"))


@LOOPS
def test_a_plateau_lowers_the_rate_and_going_on_keeps_it(loop: str, tmp_path: Path) -> None:
    def plateau() -> keras.callbacks.Callback:
        return keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.5, patience=1, min_delta=100)

    options = {"learning_rate": 0.008, "epochs": 4}
    whole = train(tmp_path / "whole", loop, plateau(), **options)
    rates = [row["learning_rate"] for row in whole.history]
    assert rates == pytest.approx([0.008, 0.008, 0.004, 0.002])
    with pytest.raises(InterruptedRunError):
        train(tmp_path, loop, plateau(), **options, progress=Interrupt(after=8))
    train(tmp_path, loop, plateau(), **options, resume=True)
    last = Run.read(tmp_path / "run").history[2]["learning_rate"]
    assert last == pytest.approx(0.004)


@LOOPS
def test_a_lambda_is_called(loop: str, tmp_path: Path) -> None:
    seen: list[int] = []
    train(tmp_path, loop, keras.callbacks.LambdaCallback(on_epoch_end=lambda e, _: seen.append(e)))
    assert seen == [0, 1]


def test_what_works_against_the_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"keras\.callbacks, received a str"):
        train(tmp_path, "fit", "EarlyStopping")
    with pytest.raises(OptionError, match="resume=True"):
        train(tmp_path, "fit", keras.callbacks.BackupAndRestore(str(tmp_path / "x")))
    for kind in (keras.callbacks.ReduceLROnPlateau(), keras.callbacks.LearningRateScheduler(float)):
        with pytest.raises(OptionError, match=f"schedule='constant' with {type(kind).__name__}"):
            train(tmp_path, "fit", kind, schedule="cosine")
    assert not (tmp_path / "run" / "model.safetensors").exists()


def test_with_callbacks_keras_tunes_the_base(tmp_path: Path) -> None:
    diary = Diary()
    options = {"epochs": 1, "valid_fraction": 0.2}
    run = dino_names.train(NAMES, out=tmp_path / "a", callbacks=[diary], **options)
    assert run.config.train.tuner == "keras" and diary.logs
    with pytest.raises(InterruptedRunError):
        dino_names.train(NAMES, out=tmp_path / "b", epochs=2, progress=Interrupt(after=1))
    with pytest.raises(OptionError, match="a run that Keras trains"):
        dino_names.train(NAMES, out=tmp_path / "b", epochs=2, resume=True, callbacks=[diary])
