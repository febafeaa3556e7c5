"""Which checkpoints of a run stay: the best, the last, and every so many."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import dino_names
from dino_names.config import all_presets
from dino_names.errors import InterruptedRunError, RunError
from dino_names.runs import Run, best_epoch, list_checkpoints, locked
from dino_names.teaching import Interrupt
from tests.helpers.command_line import call, refused
from tests.helpers.tiny_runs import NAMES, TINY

pytestmark = pytest.mark.tensorflow
EPOCHS, EVERY = 7, 3
OPTIONS: dict[str, Any] = {
    **TINY,
    "base": "none",
    "epochs": EPOCHS,
    "keep_every": EVERY,
    "checkpoint_every": 1,
    "patience": None,
    "learning_rate": 0.3,  # so high that the last epoch is not the best
    "schedule": "constant",
}


def train(folder: Path, **options: Any) -> Run:
    return dino_names.train(NAMES, out=folder, progress=False, **options)


def expected(run: Run, every: int | None) -> list[int]:
    figures = {
        row["epoch"]: min(value for name, value in row.items() if name.startswith("val_"))
        for row in run.history
    }
    best = min(figures, key=lambda epoch: figures[epoch])
    kept = {best, EPOCHS - 1, EPOCHS, *(range(every, EPOCHS, every) if every else ())}
    return sorted(kept)


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_the_best_the_last_and_every_so_many_stay(loop: str, tmp_path: Path) -> None:
    run = train(tmp_path / "run", **OPTIONS, loop=loop)
    assert list(list_checkpoints(run.folder)) == expected(run, EVERY)
    assert best_epoch(run.history) not in (
        EPOCHS,
        EPOCHS - 1,
        *range(EVERY, EPOCHS, EVERY),
    )  # of use here
    missing = next(epoch for epoch in range(1, EPOCHS) if epoch not in expected(run, EVERY))
    those = ", ".join(map(str, expected(run, EVERY)))
    with pytest.raises(RunError, match=f"found those of {those}"):
        train(run.folder, resume=True, from_epoch=missing)
    manifest = json.loads((run.folder / "manifest.json").read_text())["checkpoints"]
    assert {path.name for path in list_checkpoints(run.folder).values()} <= set(manifest)


def test_a_run_that_was_stopped_keeps_what_another_keeps(tmp_path: Path) -> None:
    whole = train(tmp_path / "whole", **OPTIONS)
    with pytest.raises(InterruptedRunError):
        dino_names.train(NAMES, out=tmp_path / "run", progress=Interrupt(after=11), **OPTIONS)
    run = train(tmp_path / "run", resume=True)
    assert list(list_checkpoints(run.folder)) == list(list_checkpoints(whole.folder))


def test_the_default_keeps_few_and_published_presets_all() -> None:
    keeps = {name: config.train.keep_every for name, config in all_presets().items()}
    assert keeps.pop("default") == 10
    assert set(keeps.values()) == {None}


def test_clean_never_takes_the_best_or_the_last(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run = train(tmp_path / "run", **{**OPTIONS, "keep_every": None})
    assert list(list_checkpoints(run.folder)) == list(range(1, EPOCHS + 1))
    shutil.copytree(run.folder, tmp_path / "copy")
    others = {p.name: p.read_bytes() for p in run.folder.iterdir() if "ckpt" not in p.name}
    status, out, err = call(capsys, "clean", run.folder, "--keep-every", EVERY)
    kept = expected(run, EVERY)
    assert (status, err) == (0, "") and list(list_checkpoints(run.folder)) == kept
    assert f"removed: {EPOCHS - len(kept)}," in out
    assert out.endswith(f"left, by epoch: {', '.join(map(str, kept))}\n")
    assert others == {p.name: p.read_bytes() for p in run.folder.iterdir() if p.name in others}
    call(capsys, "clean", run.folder)
    assert list(list_checkpoints(run.folder)) == expected(run, None)
    call(capsys, "clean", run.folder)
    assert list(list_checkpoints(run.folder)) == expected(run, None)
    assert run.keras_model(epoch="latest").count_params()

    # One that is damaged is not among the last: two whole ones stay beside it.
    copy = tmp_path / "copy"
    (copy / f"ckpt_{EPOCHS}.weights.h5").write_bytes(b"damaged")
    call(capsys, "clean", copy)
    assert set(list_checkpoints(copy)) == {best_epoch(run.history), EPOCHS - 2, EPOCHS - 1, EPOCHS}


def test_clean_leaves_a_run_alone_that_is_none_or_at_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "run.json" in refused(capsys, "clean", tmp_path)
    run = train(tmp_path / "run", **{**OPTIONS, "keep_every": None})
    with locked(run.folder, resume=True):
        assert "nobody trains" in refused(capsys, "clean", run.folder)
    assert len(list_checkpoints(run.folder)) == EPOCHS


def test_training_goes_on_where_a_checkpoint_cannot_be_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name.startswith("ckpt_"):
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    run = train(tmp_path / "run", **OPTIONS)
    assert list(list_checkpoints(run.folder)) == list(range(1, EPOCHS + 1))
    status, out, err = call(capsys, "clean", run.folder)
    assert (status, out) == (1, "") and len(err.splitlines()) == 1
    assert "expected to remove it" in err
