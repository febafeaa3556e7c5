"""What the tests of trust share: tiny runs, and what two of them must have alike."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dino_names.training.session import Session
from dino_names.training.trainer import train
from tests.helpers.paths import ROOT

NAMES = "Abba Abel Ramo Rex Saura Tara Umbra Vela Xeno Yara Zora Ajax".split()
TINY: dict[str, Any] = {
    "epochs": 2,
    "embedding_dim": 3,
    "rnn_units": 4,
    "batch_size": 4,
    "valid_fraction": 0.2,
    "precision": "float32",
    "dropout": 0.3,
}
TEXT = "the quick brown fox jumps over the lazy dog, and then again; " * 2
TINY_TEXT: dict[str, Any] = {
    **{name: value for name, value in TINY.items() if name != "batch_size"},
    "kind": "text",
    "batch_size": 2,
    "seq_length": 16,
}


class Reached(Exception):
    """A training has come to the place that a test is about."""


def write_names(folder: Path) -> Path:
    path = folder / "names.txt"
    path.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    return path


def write_text(folder: Path) -> Path:
    path = folder / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


KINDS: dict[str, tuple[Callable[[Path], Path], dict[str, Any]]] = {
    "fit, names": (write_names, {**TINY, "loop": "fit"}),
    "tape, names": (write_names, {**TINY, "loop": "tape"}),
    "fit, chunks": (write_text, {**TINY_TEXT, "loop": "fit", "layout": "chunks"}),
    "tape, streams": (write_text, {**TINY_TEXT, "loop": "tape", "layout": "streams"}),
}


def facts(folder: Path) -> dict[str, Any]:
    """Everything of a finished run that must not depend on how often it was stopped."""
    from dino_names.runs.run import Run

    run = Run.read(folder)
    files = {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.name.startswith("ckpt_") or path.name == "model.safetensors"
    }
    rows = [
        {name: value for name, value in row.items() if "second" not in name} for row in run.history
    ]
    return {**files, "history": rows}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def put_back(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def stop_before_saving(file: Path, folder: Path, epoch: int, **options: Any) -> Session:
    """Train, and stop where everything of an epoch, counted from 1, is about to be saved."""
    found: list[Session] = []
    after_epoch = Session.after_epoch

    def reached(self: Session) -> bool:
        if self.bookmark.epoch + 1 < epoch:
            return after_epoch(self)
        found.append(self)
        raise Reached

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "after_epoch", reached)
        with contextlib.suppress(Reached):
            train(file, out=folder, **options)
    return found[0]


@contextlib.contextmanager
def command_line(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The real command line in a process of its own, ended in any case."""
    before = signal.getsignal(signal.SIGINT)
    # What is ignored here would be ignored there.
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "dino_names", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="backslashreplace",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            **options,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()
