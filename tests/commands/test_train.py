from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dino_names import Run, load
from dino_names.config import MOST_FOR_BASE
from tests.helpers.command_line import call, refused
from tests.helpers.tiny_base import tiny_base


@pytest.fixture
def without_extras(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing but the three dependencies is installed."""
    for package in ("tensorflow", "keras", "rich", "matplotlib", "rapidfuzz"):
        (tmp_path / "missing" / package).mkdir(parents=True)
        hidden = tmp_path / "missing" / package / "__init__.py"
        hidden.write_text(f"raise ModuleNotFoundError(name={package!r})", encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(tmp_path / "missing")}


def dino_names(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "dino_names", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_short_list_needs_no_tensorflow(
    names_file: Path, without_extras: dict[str, str], tmp_path: Path
) -> None:
    arguments = ("train", "names.txt", "--epochs", "1")
    status, out, err = dino_names(tmp_path, without_extras, *arguments)
    assert (status, out) == (0, "training_checkpoints/names-default\n"), err
    *_, told, kept, then = err.splitlines()
    folder = tmp_path / "training_checkpoints/names-default"
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    assert kept.startswith(f"kept {size:.1f} MB in training_checkpoints/names-default; ")
    assert then == "next: dino-names generate -n 20 --model training_checkpoints/names-default"
    assert "started from the base, tuned for 1 epoch; nothing held out" in told
    shown = told.rpartition("such as ")[2].split(", ")
    listed = set(names_file.read_text(encoding="utf-8").split())
    assert len(set(shown)) == 5 and not listed & set(shown)
    assert "TensorFlow" not in err
    model = load(tmp_path / "training_checkpoints/names-default")
    assert model.describe()["origin"]["base"] == "names"


def test_what_does_is_told_what_to_install(without_extras: dict[str, str], tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [f"{a}{b}{c}" for a in letters for b in letters for c in letters]
    (tmp_path / "long.txt").write_text("\n".join(pairs[: MOST_FOR_BASE + 1]), encoding="utf-8")
    status, out, err = dino_names(tmp_path, without_extras, "train", "long.txt")
    assert (status, out) == (2, "") and "pip install 'dino-names[train]'" in err
    assert "Traceback" not in err


def test_the_last_line_says_what_was_done(
    names_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.safetensors"
    tiny_base().write(base)
    common = ("train", names_file, "--epochs", "2", "--batch-size", "8", "--out")

    def told(name: str, *more: object) -> str:
        status, out, err = call(capsys, *common, tmp_path / name, *more)
        assert (status, out) == (0, f"{tmp_path / name}\n")
        return err.splitlines()[-3]

    line = told("a", "--base", base)
    assert line.startswith(
        f"started from {base}, tuned for 2 epochs; nothing held out for good, parts "
    )
    assert "nats per character; such as " in line
    line = told("b", "--base", base, "--tuner", "keras", "--valid-fraction", "0.2")
    assert line.startswith(f"started from {base}, tuned by Keras for 2 epochs; 20 % held out: ")
    line = told("c", "--base", "none", "--rnn-units", "8", "--valid-fraction", "0")
    assert line.startswith("trained from nothing for 2 epochs; nothing held out; such as ")


def test_why_it_ended_early_is_said(
    names_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ("--base", "none", "--rnn-units", "4", "--embedding-dim", "3", "--batch-size", "8")
    more = ("--epochs", "40", "--patience", "2", "--learning-rate", "0.0001")
    more = (*more, "--valid-fraction", "0.2", "--average", "none", "--ngram-order", "none")
    run = ("--out", tmp_path / "run", "--schedule", "constant", "--learning-rate", "50")
    status, _, err = call(capsys, "train", names_file, *small, *more[:4], *more[6:], *run)
    assert status == 0, err
    epochs = len(Run.read(tmp_path / "run").history)
    assert epochs < 40
    assert f"for {epochs} epochs of 40, since the last 2 brought nothing; " in err.splitlines()[-3]


def test_a_part_of_an_epoch_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ("--rnn-units", "4", "--embedding-dim", "3", "--seq-length", "16", "--num-layers", "1")
    call_ = ("train", "--kind", "text", *small, "--rounds", "0.3", "--out", tmp_path / "run")
    status, _, err = call(capsys, *call_)
    assert status == 0 and "trained from nothing for a part of an epoch; " in err, err


def test_a_run_goes_on_with_what_it_was_begun_with(
    names_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.safetensors"
    tiny_base().write(base)
    common = ("train", names_file, "--out", tmp_path / "run", "--resume")
    status, _, err = call(capsys, *common[:-1], "--base", base, "--epochs", "1")
    assert status == 0, err
    assert "finished after epoch" in refused_at_last(capsys, *common)
    assert "tuner 'numpy', received 'keras'" in refused_at_last(capsys, *common, "--tuner", "keras")
    tiny_base(longest_name=19).write(base)
    (tmp_path / "run" / "state.previous.safetensors").unlink(missing_ok=True)
    assert "received that of others" in refused_at_last(capsys, *common)


def refused_at_last(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The line with which a call is refused after it said what it read."""
    status, out, err = call(capsys, *arguments)
    assert (status, out) == (2, "")
    return err.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--base", "names", "--rnn-units", "9"), "rnn_units: expected 256 as the base has it"),
        (("--tuner", "numpy", "--loop", "tape"), "received loop 'tape'; add --tuner keras"),
        (("--base", "none", "--tuner", "numpy"), "expected a base for NumPy to tune"),
    ],
)
def test_contradictions_are_refused_in_a_line(
    options: tuple[str, ...], message: str, names_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refused_at_last(capsys, "train", names_file, *options)


def test_names_are_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected a file with one name a line, received none" in refused(capsys, "train")
