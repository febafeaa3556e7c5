"""What the tests share: a list of twenty names and the folder of reference lists."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TWENTY = """Abelisaurus Allosaurus Ankylosaurus Apatosaurus Baryonyx Brachiosaurus Camarasaurus
Carnotaurus Ceratosaurus Coelophysis Deinonychus Diplodocus Edmontosaurus Gallimimus Iguanodon
Maiasaura Oviraptor Ramosaurus Stegosaurus Triceratops""".split()


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
