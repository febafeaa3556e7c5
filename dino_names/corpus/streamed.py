"""Files of names of any length as a stream: plain lines, a table, quoted or numbered lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from dino_names.corpus.lists import (
    AS_IT_STANDS,
    SAMPLE_LINES,
    TABLE_ENDINGS,
    refuse_prose,
    unwrapping,
)
from dino_names.corpus.names import as_lines
from dino_names.corpus.tables import (
    Table,
    check_rows,
    choose_column,
    find_separator,
    read_table,
    rows_of,
)
from dino_names.errors import CorpusError


class Streamed(NamedTuple):
    """How a file is read.

    Arguments:
        source: what messages call it.
        names: makes whole lines with a name each of whole lines of the file.
        warning: says how it is read, where that is not as it stands.
    """

    source: str
    names: Callable[[Iterator[str]], Iterator[str]]
    warning: str | None = None


def how_to_read(first: str, shown: str, column: str | int | None) -> Streamed:
    """What a file evidently is, as `read_list` finds it of one that it reads whole.

    Arguments:
        first: its first lines, whole ones.
        shown: the file.
        column: where the names are in a table, its heading or number, counted from 1; `none` to
            take the lines as they stand; None to find out.

    Raises:
        CorpusError: nobody can tell where the names are, or it is prose.
    """
    lines = first.split("\n")[:SAMPLE_LINES]
    if column == AS_IT_STANDS:
        return Streamed(shown, iter)
    separator = find_separator(lines) or TABLE_ENDINGS.get(Path(shown).suffix.lower())
    if separator is not None:
        asked = () if column is None else (str(column),)
        table = read_table("\n".join(lines), separator, shown=shown, asked=asked)
        check_rows(table, shown)
        place = choose_column(table, column, shown=shown)
        source = f"{shown}, column {place + 1}"

        def cells(texts: Iterator[str]) -> Iterator[str]:
            return as_lines(column_of(texts, table, place, shown), source=source)

        return Streamed(source, cells, table.told(place, shown))
    if column is not None:
        raise CorpusError(
            f"{shown}: expected a table for column {column!r}, received lines without columns; "
            "leave it out."
        )
    refuse_prose(lines, shown)
    unwrap = unwrapping(lines)
    if unwrap is None:
        return Streamed(shown, iter)
    bare, what = unwrap

    def unwrapped(texts: Iterator[str]) -> Iterator[str]:
        return ("\n".join([bare(line.strip()) for line in text.split("\n")]) for text in texts)

    some = ", ".join([bare(line.strip()) for line in lines if line.strip()][:3])
    return Streamed(shown, unwrapped, f"{shown}: {what} dropped; read as {some}.")


def column_of(texts: Iterable[str], table: Table, place: int, shown: str) -> Iterator[str]:
    """The cells of one column of a table of any length.

    Arguments:
        texts: whole lines of it.
        table: of its first ones.
        place: of the column, counted from 0.
        shown: the file.

    Raises:
        CorpusError: a row has more or fewer columns than the others.
    """
    lines = chain.from_iterable(text.splitlines(keepends=True) for text in texts)
    rows = rows_of(lines, table.separator, shown=shown)
    first = next(rows, [])
    if not table.heading:
        yield ["", *first][-table.width :][place]  # R leaves out the first of its first row
    for row in rows:
        yield row[place]
