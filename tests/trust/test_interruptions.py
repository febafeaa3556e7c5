"""Stopped by signals, by a loss that is no number, by another trainer: what each comes to."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.commands.main import run as run_command
from dino_names.errors import DivergedError, InterruptedRunError, RunError
from dino_names.progress.protocol import Silent
from dino_names.runs.exact_state import STATE_FILE, Bookmark
from dino_names.runs.lock import LOCK_FILE, locked
from dino_names.signals import StopRequest, heeded, leaving_at_once
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.session import Session
from dino_names.training.trainer import train
from tests.helpers.tiny_runs import (
    KINDS,
    TINY,
    command_line,
    contents,
    facts,
    write_names,
)

pytestmark = pytest.mark.tensorflow

OTHER: dict[str, Any] = {
    "loop": "tape",
    "epochs": 3,
    "batch_size": 8,
    "optimizer": "rmsprop",
    "schedule": "constant",
    "clip_norm": None,
    "clip_value": 0.5,
    "l2": 0.1,
    "patience": 1,
}
EACH = {**KINDS, "tape, other choices": (write_names, {**TINY, **OTHER})}


@pytest.mark.parametrize("kind", EACH)
def test_interrupted_at_every_batch_is_as_uninterrupted(tmp_path: Path, kind: str) -> None:
    write, options = EACH[kind]
    file = write(tmp_path)
    train(file, out=tmp_path / "whole", **options)
    folder, stops, resume = tmp_path / "run", 0, False
    while True:
        stop = Interrupt(after=1, number=signal.SIGTERM if stops % 2 else signal.SIGINT)
        try:
            train(file, out=folder, resume=resume, progress=stop, **({} if resume else options))
        except InterruptedRunError as error:
            assert error.exit_status == 128 + stop.number
            assert f"everything saved in {folder}; go on with" in str(error)
            stops, resume = stops + 1, True
        else:
            break
    assert facts(folder) == facts(tmp_path / "whole")
    assert stops >= 5


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"save_seconds": None}, [(0, 0), (1, 0)]),
        ({"save_seconds": None, "save_batches": 2}, [(0, 0), (0, 2), (0, 4), (1, 0)]),
        ({"save_seconds": 1e-9}, [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 0)]),
    ],
)
def test_it_is_saved_as_often_as_was_chosen(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    expected: list[tuple[int, int]],
) -> None:
    saved = []

    def note(folder: Path, groups: Any, position: Bookmark, history: Any, *, run: str) -> None:
        saved.append((position.epoch, position.batch))

    monkeypatch.setattr("dino_names.training.session.save_state", note)
    tiny = {**TINY, "epochs": 1, "batch_size": 2}
    train(write_names(tmp_path), out=tmp_path / "run", **tiny, **options)
    assert saved == expected


def test_a_signal_while_saving_waits_for_the_save(tmp_path: Path) -> None:
    file, sent = write_names(tmp_path), []
    flush = os.fsync

    def interrupted(descriptor: int) -> None:
        if not sent:
            sent.append(os.kill(os.getpid(), signal.SIGINT))
        flush(descriptor)

    class Late(Silent):
        def batch(self, epoch: int, batch: int, loss: float) -> None:
            if batch == 2:
                patch.setattr(os, "fsync", interrupted)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(InterruptedRunError, match="batch 2"):
        train(file, out=tmp_path / "run", save_batches=1, progress=Late(), **TINY)
    assert not [name for name in contents(tmp_path / "run") if name.startswith(".partial")]
    train(file, out=tmp_path / "run", resume=True)


# Signals, in a process of their own


def in_child(function: Callable[[], object]) -> tuple[int, int]:
    """Fork; the child calls the function. Its process id, and what it writes to descriptor 1."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.dup2(writer, 1)
            function()
        finally:
            os._exit(99)
    os.close(writer)
    return child, reader


def hang(stop: StopRequest) -> None:
    with stop.listening():
        os.write(1, b"!")
        while True:
            time.sleep(60)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_leaves_at_once(first: int, second: int) -> None:
    child, reader = in_child(lambda: hang(StopRequest(lambda: os.write(1, b"heard"))))
    assert os.read(reader, 1) == b"!"
    os.kill(child, first)
    assert os.read(reader, 5) == b"heard"
    os.kill(child, second)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -second
    os.close(reader)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_starting_a_signal_leaves_at_once(number: int) -> None:
    def start() -> None:
        os.dup2(1, 2)
        with leaving_at_once():
            os.write(1, b"!")
            while True:
                time.sleep(60)

    child, reader = in_child(start)
    assert os.read(reader, 1) == b"!"
    os.kill(child, number)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 128 + number
    assert os.read(reader, 100) == b"\ndino-names: stopped, with nothing left to save.\n"
    os.close(reader)


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert signal.SIGINT not in heeded()
        with StopRequest().listening() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.signal_number is None
    finally:
        signal.signal(signal.SIGINT, before)


# The real command line


def wait_for(process: Any, words: str) -> str:
    """What it writes to standard error, up to the line with these words."""
    seen = ""
    for line in process.stderr:
        seen += line
        if words in line:
            return seen
    raise AssertionError(f"{words!r} never came:\n{seen}")


def test_the_command_line_is_interrupted(tmp_path: Path) -> None:
    file = write_names(tmp_path)
    small = "--rnn-units 4 --embedding-dim 3 --batch-size 4 --save-batches 1 --epochs 90000"
    flags = [*small.split(), "--checkpoint-every", "80000", "--schedule", "constant"]
    cases = [("fit", signal.SIGINT, 130), ("tape", signal.SIGTERM, 143)]
    with ExitStack() as stack:
        new = ["train", str(file), "--base", "none", "--out", "x"]
        starting = stack.enter_context(command_line(*new, cwd=tmp_path))
        training = [
            stack.enter_context(
                command_line(
                    "train", str(file), "--out", loop, "--loop", loop, *flags, cwd=tmp_path
                )
            )
            for loop, _, _ in cases
        ]
        # TensorFlow takes seconds to start, and has not saved anything by now.
        wait_for(starting, "starting TensorFlow")
        starting.send_signal(signal.SIGINT)
        out, errors = starting.communicate(timeout=60)
        assert (starting.returncode, out) == (130, "")
        assert errors == "\ndino-names: stopped, with nothing left to save.\n"
        for process, (loop, number, status) in zip(training, cases, strict=True):
            wait_for(process, "epoch 1 of 90000")
            process.send_signal(number)
            out, errors = process.communicate(timeout=60)
            assert (process.returncode, out) == (status, "")
            assert "stopping: finishing the batch and saving; once more leaves at once" in errors
            last = errors.strip().splitlines()[-1]
            assert last.startswith("dino-names: training: stopped after epoch ")
            assert f"everything saved in {loop}; go on with the same command and --resume" in last
            assert "Traceback" not in errors
            assert (tmp_path / loop / STATE_FILE).exists()


# Loss that is no number


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_weights_that_are_no_numbers_are_not_saved(tmp_path: Path, loop: str) -> None:
    file, folder = write_names(tmp_path), tmp_path / "run"
    session: list[Session] = []
    begin_epoch = Session.begin_epoch

    class Poison(Silent):
        """Spoils the weights after the last batch of epoch 2: its loss was finite yet."""

        def batch(self, epoch: int, batch: int, loss: float) -> None:
            if (epoch, batch) == (1, session[0].train.batches):
                kept.update(contents(folder))
                weight = session[0].model.trainable_variables[0]
                weight.assign(weight.value * math.inf)

    def begin(self: Session, epoch: int) -> None:
        session.append(self)
        begin_epoch(self, epoch)

    kept: dict[str, bytes] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "begin_epoch", begin)
        with pytest.raises(DivergedError, match=r"NaN or infinite in epoch 2, batch \d"):
            train(file, out=folder, loop=loop, progress=Poison(), **TINY)
    assert kept
    assert contents(folder) == kept


def test_figures_that_are_no_numbers_end_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "evaluate", lambda self: {"val_nats_per_char": np.nan})
    with pytest.raises(DivergedError, match="held-out figures became .*nan.* in epoch 1"):
        train(write_names(tmp_path), out=tmp_path / "run", **TINY)
    assert not (tmp_path / "run" / "model.safetensors").exists()


# Two trainers


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_second_trainer_is_refused_with_the_first_ones_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = write_names(tmp_path), tmp_path / "run"

    def hold() -> None:
        with locked(folder, resume=False):
            os.write(1, b"!")
            time.sleep(60)

    child, reader = in_child(hold)
    try:
        assert os.read(reader, 1) == b"!"
        with pytest.raises(RunError, match=f"nobody trains, but process {child} does"):
            train(file, out=folder, **TINY)
        assert run_command(["train", str(file), "--out", str(folder)]) == 2
        assert f"but process {child} does; wait for it" in capsys.readouterr().err
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
    # A lock goes with its process, however that ends.
    with locked(folder, resume=False):
        assert (folder / LOCK_FILE).read_text() == str(os.getpid())
