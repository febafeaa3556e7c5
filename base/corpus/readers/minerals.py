"""Minerals and gems."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from base.corpus.lists import RawList

DATA = "mineral_database/data/minerals.db"


def read(folder: Path) -> Iterator[RawList]:
    """One list; forms of one mineral count once, since they differ in brackets alone."""
    with closing(sqlite3.connect(f"file:{folder / DATA}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT name FROM minerals UNION SELECT name FROM mineral_families")
        yield RawList("minerals", "en", [name for (name,) in rows])
