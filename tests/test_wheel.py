"""What is built and installed works by itself, in an empty folder."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path

from dino_names import __version__
from tests.helpers.command_line import installed
from tests.helpers.paths import ROOT

MOST_BYTES = 6_000_000


def test_the_source_distribution_has_all_that_the_wheel_is_made_of(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    assert path.name == f"dino_names-{__version__}.tar.gz"
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for needed in ("LICENSE", "NOTICE", "README.md", "setup.cfg", "dino_names/py.typed"):
        assert needed in names
    assert {f"dino_names/models/{model}.safetensors" for model in ("dinosaurs", "base")} <= names
    assert path.stat().st_size < MOST_BYTES


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


def test_the_lists_come_along(site: Path, tmp_path: Path) -> None:
    code = "from dino_names import lists; print(len(lists.dinosaurs()), lists.cheeses()[0])"
    assert installed(tmp_path, site, "-c", code).split() == ["1545", "Appenzeller"]
    for name in ("cheeses", "dinosaurs", "dwarves", "elves"):
        there = site / "dino_names" / "lists" / f"{name}.txt"
        assert there.read_bytes() == (ROOT / "data" / f"{name}.txt").read_bytes()


def test_it_trains_on_forty_names_and_generates(site: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "data" / "cheeses.txt", tmp_path / "my cheeses.txt")
    calls = [
        ["generate", "Ram", "-n", "3"],
        ["train", "my cheeses.txt", "--epochs", "1"],
        ["generate", "-n", "3", "--model", "training_checkpoints/my cheeses-default"],
    ]
    for arguments in calls:
        assert installed(tmp_path, site, "-m", "dino_names", *arguments).strip()
