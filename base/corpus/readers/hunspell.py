"""Dictionaries for checking spelling: words, and names apart from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList


def read(folder: Path) -> Iterator[RawList]:
    """A dictionary package of npm: `dictionary-LANGUAGE`."""
    language = folder.name.removeprefix("dictionary-")
    return split(language, stems(folder / "index.dic"))


def stems(path: Path) -> Iterator[str]:
    """The words of a `.dic` file, without their number in its first line and their flags."""
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        yield line.split("/")[0].split("\t")[0]


def split(language: str, words: Iterator[str]) -> Iterator[RawList]:
    """Words in small letters, and those with a capital: mostly names. Abbreviations leave."""
    small, capital = [], []
    for word in words:
        if word[:1].isupper() and not word[1:2].isupper():
            capital.append(word)
        elif not word[:1].isupper():
            small.append(word)
    yield RawList("words", language, small)
    yield RawList("proper-names", language, capital)
