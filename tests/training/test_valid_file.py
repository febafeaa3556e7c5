"""A file to measure on while training, in place of a share of the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.corpus import Names, read_data
from dino_names.errors import CorpusError, InterruptedRunError, OptionError, RunError
from dino_names.evaluation import evaluate_names
from dino_names.teaching import Interrupt
from tests.helpers.command_line import call
from tests.helpers.tiny_runs import NAMES, TINY, write_text

OPTIONS: dict[str, Any] = {**TINY, "base": "none", "average": None, "ngram_order": None}
del OPTIONS["valid_fraction"]
OTHERS = ["Ramara", "Xela", "Zorex"]


def nats(run: dino_names.Run) -> float:
    total, characters = evaluate_names(run.model(), OTHERS)  # type: ignore[arg-type]
    return float(total.sum() / characters.sum())


@pytest.mark.tensorflow
@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_the_figures_are_of_the_file_and_all_else_is_learned(loop: str, tmp_path: Path) -> None:
    about = {**OPTIONS, "loop": loop}
    run = dino_names.train(NAMES, out=tmp_path / "a", valid_file=OTHERS, **about)
    best = min(row["val_nats_per_char"] for row in run.history)
    assert nats(run) == pytest.approx(best, rel=1e-4)
    assert run.config.data.valid_fraction == 0
    assert run.model().bundle.training_names is not None
    assert run.model().score("Abba").in_training_list  # type: ignore[union-attr]
    assert not run.model().score("Xela").in_training_list  # type: ignore[union-attr]
    with pytest.raises(InterruptedRunError):
        dino_names.train(
            *(NAMES,), out=tmp_path / "b", valid_file=OTHERS, progress=Interrupt(after=4), **about
        )
    with pytest.raises(RunError, match="expected the data it began with"):
        dino_names.train(NAMES, out=tmp_path / "b", valid_file=OTHERS[:2], resume=True, **about)
    again = dino_names.train(NAMES, out=tmp_path / "b", valid_file=OTHERS, resume=True, **about)
    files = [(each.folder / "model.safetensors").read_bytes() for each in (run, again)]
    assert files[0] == files[1]


def test_a_tuned_list_is_measured_on_it_too(tmp_path: Path) -> None:
    run = dino_names.train(NAMES, out=tmp_path / "run", valid_file=OTHERS, epochs=1)
    row = run.history[-1]
    assert row["held_out_names"] == 3
    assert row["val_nats_with_ngram"] == pytest.approx(nats(run), rel=1e-5)


def test_each_list_is_measured_by_itself(tmp_path: Path) -> None:
    lists = {"as": ["Ab", "Aba", "Abb", "Aab"], "zs": ["Zyz", "Zzy", "Zyy", "Zyzz"]}
    others = {"as": ["Abab"], "zs": ["Zyzy", "Zyyz"]}
    run = dino_names.train(lists, out=tmp_path / "run", valid_file=others, epochs=1)
    report = dino_names.evaluate(run, names=others, sample=0).likelihood
    assert report is not None and run.history[-1]["held_out_names"] == 3
    assert run.history[-1]["val_nats_with_ngram"] == pytest.approx(report.model.nats_per_char)
    with pytest.raises(CorpusError, match=r"expected the categories of what is learned \(as, zs\)"):
        dino_names.train(lists, out=tmp_path / "x", valid_file={"ys": ["Ab"], "as": ["Abab"]})


@pytest.mark.tensorflow
def test_a_text_is_measured_on_another(tmp_path: Path) -> None:
    path = write_text(tmp_path)
    other = tmp_path / "other.txt"
    other.write_text("the lazy dog jumps over the quick brown fox again and again; ")
    small = {"seq_length": 16, "batch_size": 2, "epochs": 1, "rnn_units": 4, "embedding_dim": 3}
    about = {"kind": "text", "precision": "float32", **small}
    run = dino_names.train(path, out=tmp_path / "run", valid_file=other, **about)
    found = dino_names.train(path, out=tmp_path / "self", valid_file=path, **about)
    assert np.isfinite(run.history[-1]["val_nats_per_char"])
    assert found.history[0]["val_nats_per_char"] != run.history[0]["val_nats_per_char"]


def test_what_both_have_is_not_learned(tmp_path: Path) -> None:
    found = read_data(NAMES, "names", held_out=[*OTHERS, "Rex"])
    assert isinstance(found, Names) and "Rex" not in found.names and len(found) == len(NAMES) - 1
    assert "1 names that are held out too are not learned from." in found.warnings
    assert found.fingerprint != read_data(NAMES, "names").fingerprint
    with pytest.raises(CorpusError, match="expected names beside those to learn from"):
        read_data(NAMES, "names", held_out=NAMES)
    with pytest.raises(OptionError, match="valid_file and valid_fraction: expected one"):
        dino_names.train(NAMES, out=tmp_path / "x", valid_file=OTHERS, valid_fraction=0.1)


def test_from_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = tmp_path / "names.txt", tmp_path / "others.txt"
    for path, names in zip(paths, (NAMES, OTHERS), strict=True):
        path.write_text("\n".join(names), encoding="utf-8")
    about = ("--epochs", "1", "--out", tmp_path / "run")
    status, _, err = call(capsys, "train", paths[0], "--valid", paths[1], *about)
    assert status == 0 and "a file held out: " in err
