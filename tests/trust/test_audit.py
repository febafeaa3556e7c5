"""What Python's own audit hook sees while models are used: reading the one file, nothing else.

In a process of its own, since a hook cannot be taken out again. Everything is done once before
the hook listens, so that what is imported then is no part of it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dino_names.runs.run import Run
from tests.helpers.foreign_files import FOREIGN
from tests.helpers.tiny_runs import ROOT

WATCHER = Path(__file__).with_name("watched.py")
SHIPPED = ROOT / "dino_names" / "models" / "dinosaurs.safetensors"


def watch(paths: list[Path], folder: Path) -> dict[str, list[list[Any]]]:
    """What happened while each was loaded and used, by path: the name of an event and a path."""
    done = subprocess.run(
        [sys.executable, str(WATCHER), *map(str, paths)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[list[Any]]] = json.loads(done.stdout)
    return found


def test_using_a_good_model_reads_its_file_alone(tmp_path: Path) -> None:
    copy = tmp_path / "copy.safetensors"
    shutil.copy(SHIPPED, copy)
    for path, events in watch([SHIPPED, copy], tmp_path).items():
        assert events == [["open", path], ["used", ""]]


@pytest.mark.tensorflow
def test_using_a_run_reads_three_of_its_files(tiny_run: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_run.folder, tmp_path / "run")
    for name in ("ckpt_9.weights.h5", "checkpoint", "sitecustomize.py", "dino_names.py"):
        (folder / name).write_text("raise SystemExit('executed')")
    [events] = watch([folder], folder).values()
    files = ["run.json", "history.jsonl", "model.safetensors"]
    assert events == [*(["open", str(folder / name)] for name in files), ["used", ""]]


def test_a_foreign_file_is_looked_at_and_no_more(tmp_path: Path) -> None:
    canary, paths = tmp_path / "canary", [tmp_path / name for name in FOREIGN]
    for path in paths:
        FOREIGN[path.name](path, canary)
    for path, events in watch(paths, tmp_path).items():
        assert events == [["open", path], ["refused", "ModelFileError"]], path
    assert not canary.exists()


def test_the_watcher_sees_what_it_should(tmp_path: Path) -> None:
    script = WATCHER.read_text().replace("use(path)", "exec('import antigravity_is_none')", 1)
    (tmp_path / "watched.py").write_text(script)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "watched.py"), "x"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    names = {name for name, _ in json.loads(done.stdout)["x"]}
    assert {"compile", "exec", "import"} <= names
