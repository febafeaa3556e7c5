"""What the tests share: a list of twenty names and the folder of reference lists."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.helpers.paths import ROOT

if TYPE_CHECKING:
    from dino_names.runs.run import Run

# No test depends on time: a busy machine is no reason to fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TWENTY = """Abelisaurus Allosaurus Ankylosaurus Apatosaurus Baryonyx Brachiosaurus Camarasaurus
Carnotaurus Ceratosaurus Coelophysis Deinonychus Diplodocus Edmontosaurus Gallimimus Iguanodon
Maiasaura Oviraptor Ramosaurus Stegosaurus Triceratops""".split()


TINY = {
    "epochs": 2,
    "embedding_dim": 4,
    "rnn_units": 8,
    "batch_size": 4,
    "valid_fraction": 0.2,
    "precision": "float32",
}


@pytest.fixture
def tiny() -> dict[str, Any]:
    """Options that make training take a moment."""
    return dict(TINY)


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of two epochs on twenty names, for those who only read it."""
    from dino_names.training.trainer import train

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "names.txt").write_text("\n".join(TWENTY) + "\n", encoding="utf-8")
    return train(folder / "names.txt", out=folder / "run", **TINY)


@pytest.fixture
def twenty() -> list[str]:
    """Twenty names, sorted."""
    return list(TWENTY)


@pytest.fixture
def names_file(tmp_path: Path) -> Path:
    """The same twenty names, one per line."""
    path = tmp_path / "names.txt"
    path.write_text("\n".join(TWENTY) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of public lists and texts that figures are measured on."""
    folder = os.environ.get("DINO_NAMES_REFERENCE")
    if not folder or not Path(folder).is_dir():
        pytest.skip("DINO_NAMES_REFERENCE does not name the folder of reference lists")
    return Path(folder)


SOURCES = ("dino_names", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution, and a wheel made from it, out of a copy: building writes beside it."""
    folder = tmp_path_factory.mktemp("build")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    build = [sys.executable, "-m", "build", "--outdir", "out", "."]
    done = subprocess.run(build, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel is installed, for `PYTHONPATH`."""
    folder = tmp_path_factory.mktemp("installed") / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True)
    return folder
