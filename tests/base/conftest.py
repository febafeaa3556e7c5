"""What the tests of the corpus share: a plain fold, hashes of names, archives made here."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from base.corpus.held_out import digest


def fold(name: str) -> str:
    """Letters without marks, small: as much of Unidecode as these tests need."""
    plain = (char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))
    return "".join(plain).casefold().strip()


@pytest.fixture
def hashes(tmp_path: Path) -> Callable[..., Path]:
    """Make a file of the hashes of names."""

    def write(*names: str) -> Path:
        path = tmp_path / "held-out.sha256"
        path.write_text("".join(f"{digest(fold(name))}\n" for name in names), encoding="ascii")
        return path

    return write
