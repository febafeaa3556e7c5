"""What is built and installed works by itself, in an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dino_names import __version__
from tests.helpers.paths import ROOT

SOURCES = ("dino_names", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", "NOTICE")
MOST_BYTES = 6_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, since building writes beside the sources."""
    folder = tmp_path_factory.mktemp("build")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", "out", "."]
    done = subprocess.run(pip, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (found,) = (folder / "out").glob("*.whl")
    return found


def test_the_wheel_has_what_it_needs_and_is_small(wheel: Path) -> None:
    assert wheel.name == f"dino_names-{__version__}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    for model in ("dinosaurs", "base"):
        assert f"dino_names/models/{model}.safetensors" in names
    assert any(name.endswith("NOTICE") for name in names)
    assert {name.partition("/")[0] for name in names} == {
        "dino_names",
        f"dino_names-{__version__}.dist-info",
    }
    assert wheel.stat().st_size < MOST_BYTES


def test_it_trains_on_forty_names_and_generates(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    shutil.copy(ROOT / "data" / "cheeses.txt", tmp_path / "my cheeses.txt")
    calls = [
        ["generate", "Ram", "-n", "3"],
        ["train", "my cheeses.txt", "--epochs", "1"],
        ["generate", "-n", "3", "--model", "training_checkpoints/my cheeses-default"],
    ]
    for arguments in calls:
        done = subprocess.run(
            [sys.executable, "-m", "dino_names", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()
