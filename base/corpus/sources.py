"""The table of sources in `sources.toml`, as objects."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from base.corpus.lists import RawList

TABLE = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True)
class Source:
    """A package with names in it; the table's first lines say what its fields mean.

    Arguments:
        key: the first part of its lists' names.
    """

    key: str
    index: str
    package: str
    version: str
    archive: str
    sha256: str
    reader: str
    names: str
    licence: str
    licence_file: str
    attribution: str

    def read(self, folder: Path) -> Iterator[RawList]:
        """The lists in the folder that holds what the archive held."""
        module, _, function = self.reader.partition(":")
        found = importlib.import_module(f"base.corpus.readers.{module}")
        lists: Iterator[RawList] = getattr(found, function or "read")(folder)
        return lists


def sources(table: Path = TABLE) -> list[Source]:
    """All sources, in the order of the table."""
    rows = tomllib.loads(table.read_text(encoding="utf-8"))
    return [Source(key, **row) for key, row in rows.items()]
