"""The lists that come along, wherever the package is installed.

In: nothing.
Out: names, or the path of a file with one on each line.
May use: corpus, checks.

`dinosaurs` are genera that have been described, CC0; the others are short, for trying things out.
`data/README.md` says where they are from. The files are those of `data/`.
"""

from __future__ import annotations

from pathlib import Path

from dino_names.checks import check_choice
from dino_names.corpus import read_names

__all__ = ["LISTS", "cheeses", "dinosaurs", "dwarves", "elves", "path_of"]
LISTS = ("cheeses", "dinosaurs", "dwarves", "elves")


def path_of(name: str) -> Path:
    """The file of a list.

    Raises:
        OptionError: there is no such list.
    """
    check_choice("list", name, LISTS)
    return Path(__file__).parent / f"{name}.txt"


def dinosaurs() -> list[str]:
    """1,545 genera of dinosaurs, sorted.

    Example:
        >>> len(dinosaurs())
        1545
    """
    return _names("dinosaurs")


def cheeses() -> list[str]:
    """Forty cheeses."""
    return _names("cheeses")


def elves() -> list[str]:
    """Forty invented names of elves."""
    return _names("elves")


def dwarves() -> list[str]:
    """Forty invented names of dwarves."""
    return _names("dwarves")


def _names(name: str) -> list[str]:
    return list(read_names(path_of(name)).names)
