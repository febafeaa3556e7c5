"""What is to be prepared, read once and checked, and what is seen on the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from dino_names.corpus import (
    MAX_NAMES_CHARACTERS,
    STANDARD_INPUT,
    NameLines,
    as_lines,
    check_distinct,
    how_to_read,
    read_lines,
    whole_lines,
)
from dino_names.storage import FilePath, show

Names = FilePath | Iterable[str | os.PathLike[str]]
LARGEST = 1 << 50  # bytes
BLOCK_BYTES = 1 << 20


class Reader:
    """Reads names from files, from standard input or from Python.

    Arguments:
        source: a file, `-` for standard input; names, among which a path stands for those in its
            file.
        column: where the names of files are, see `corpus.how_to_read`.

    Attributes:
        filled: names read, repeats among them.
        characters: of the names.
        warnings: what looks wrong in the files read so far.
    """

    def __init__(self, source: Names, column: str | int | None = None) -> None:
        self._column = column
        self._source: Iterable[str | os.PathLike[str]]
        self._source = [Path(source)] if isinstance(source, str | os.PathLike) else source
        self.filled = 0
        self.characters: set[str] = set()
        self.warnings: list[str] = []

    @property
    def bytes(self) -> int:
        """How much there is to read, 0 where that cannot be known."""
        paths = self._source if isinstance(self._source, list | tuple) else ()
        files = [Path(path) for path in paths if isinstance(path, os.PathLike)]
        return sum(path.stat().st_size for path in files if path.is_file())

    def names(self) -> Iterator[list[str]]:
        """The names, many at a time.

        Raises:
            CorpusError: as `corpus.read_names`; too many characters in all.
        """
        for is_path, items in groupby(self._source, lambda item: isinstance(item, os.PathLike)):
            if not is_path:
                said: Any = items  # what is no text is refused
                yield from self._checked("names", as_lines(said, source="names"))
                continue
            for path in items:
                yield from self._file(path)

    def _file(self, path: FilePath) -> Iterator[list[str]]:
        shown = "standard input" if str(path) == STANDARD_INPUT else show(path)
        texts = lines_of(path)
        first = next(texts, "")
        how = how_to_read(first, shown, self._column)
        if how.warning is not None:
            self.warnings.append(how.warning)
        yield from self._checked(how.source, how.names(chain([first], texts)))

    def _checked(self, shown: str, texts: Iterator[str]) -> Iterator[list[str]]:
        lines = NameLines(shown)
        for text in texts:
            names = lines.check(text)
            self.characters.update("".join(names))
            yield names
        lines.finish()
        check_distinct(self.characters, MAX_NAMES_CHARACTERS, shown, "a list of names")
        self.filled += lines.filled
        self.warnings += lines.warnings()


def lines_of(path: FilePath) -> Iterator[str]:
    """The lines of a file or of standard input."""
    if str(path) == STANDARD_INPUT:
        blocks = iter(lambda: sys.stdin.buffer.read(BLOCK_BYTES), b"")
        return whole_lines(blocks, "standard input")
    return read_lines(path, limit=LARGEST)
