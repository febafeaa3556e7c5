"""Tables with names in them, as spreadsheets, databases and statistics programs write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dino_names.errors import CorpusError

# In this order: a comma may be a decimal one where others separate.
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "blanks"}
FEWEST_ROWS = 3
NAME_WORDS = frozenset(
    [
        *("name", "names", "firstname", "first", "givenname", "given", "forename", "lastname"),
        *("last", "surname", "familyname", "family", "fullname", "title", "label", "word", "words"),
        *("genus", "species", "city", "town", "place", "nom", "vorname", "nachname", "nombre"),
    ]
)
OTHER_WORDS = frozenset(
    [
        *("id", "no", "nr", "number", "count", "counts", "freq", "frequency", "n", "rank", "year"),
        *("sex", "gender", "kind", "type", "category", "class", "country", "region", "weight"),
        *("population", "percent", "share"),
    ]
)
# A column of names has hardly the same thing again and again.
MOSTLY_DISTINCT = 0.5
SHOWN = 3
FIELD_BYTES = 1 << 17


class Table(NamedTuple):
    """Rows of the same columns.

    Arguments:
        separator: what stood between them.
        heading: what they are called; empty where the first row is one of the others.
        rows: cells as text, blanks around them dropped.
    """

    separator: str
    heading: tuple[str, ...]
    rows: list[list[str]]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0])

    def column(self, place: int) -> list[str]:
        """The cells of a column, counted from 0."""
        return [row[place] for row in self.rows]

    def describe(self, place: int) -> str:
        """How messages call a column, counted from 1, with some of its cells."""
        called = f" {self.heading[place]!r}" if self.heading else ""
        cells = [cell for cell in self.column(place) if cell][:SHOWN]
        return f"{place + 1}{called} ({', '.join(cells)})"

    def told(self, place: int, shown: str) -> str:
        """That a file is read as this table, and where its names are."""
        columns = f"{self.width} column{'s' * (self.width > 1)}"
        return (
            f"{shown}: read as a table with {columns}, {SEPARATORS[self.separator]} between them; "
            f"the names are column {self.describe(place)}."
        )

    def described(self) -> str:
        """How messages call all columns."""
        return "; ".join(map(self.describe, range(self.width)))


def find_separator(lines: Sequence[str]) -> str | None:
    """What separates the columns of some lines, if they are a table.

    Arguments:
        lines: without newlines; blank ones do not count.
    """
    lines = [line for line in lines if line.strip()]
    if len(lines) < FEWEST_ROWS:
        return None
    for separator in SEPARATORS:
        if separator == " " and sum('"' in line for line in lines) < len(lines) - 1:
            continue  # a blank separates where there are quotes around what it does not
        widths = [len(_split(line, separator)) for line in lines]
        # R leaves out the heading of the column of row names.
        if widths[1] > 1 and set(widths[1:]) == {widths[1]} and widths[1] - widths[0] in (0, 1):
            return separator
    return None


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def read_table(text: str, separator: str, *, shown: str, asked: Sequence[str] = ()) -> Table:
    """The table of a text.

    Arguments:
        text: the whole file.
        separator: of its columns.
        shown: the file.
        asked: what headings may be.

    Raises:
        CorpusError: a row has more or fewer columns than the others.
    """
    rows = list(rows_of(text.splitlines(keepends=True), separator, shown=shown))
    if not rows:
        raise CorpusError(f"{shown}: expected a table, received nothing but blank lines.")
    if len(rows) > 1 and len(rows[0]) == len(rows[1]) - 1:
        rows[0].insert(0, "")
    words = {word.casefold() for word in asked if not word.isdecimal()}
    headed = not words.isdisjoint(map(str.casefold, rows[0])) or _has_heading(rows)
    heading = tuple(rows.pop(0)) if headed else ()
    return Table(separator, heading, rows)


def rows_of(lines: Iterable[str], separator: str, *, shown: str) -> Iterator[list[str]]:
    """The cells of each row that has some, blanks around them dropped.

    Arguments:
        lines: with their newlines.
        separator, shown: as for `read_table`.

    Raises:
        CorpusError: a row has more or fewer columns than the second.
    """
    csv.field_size_limit(FIELD_BYTES)
    reader, width, count = csv.reader(lines, delimiter=separator), 0, 0
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            count += 1
            width = len(cells) if count < 3 else width
            if len(cells) != width:
                raise CorpusError(
                    f"{shown}:{reader.line_num}: expected {width} columns as above, "
                    f"received {len(cells)}; mend the row."
                )
            yield cells
    except csv.Error as error:
        raise CorpusError(f"{shown}:{reader.line_num}: expected a table: {error}.") from None


def check_rows(table: Table, shown: str) -> None:
    """Refuse a table that is nothing but its heading.

    Raises:
        CorpusError: it is.
    """
    if not table.rows:
        raise CorpusError(f"{shown}: expected names below the heading, received none.")


def _has_heading(rows: list[list[str]]) -> bool:
    """Whether the first row says what is below it."""
    first, columns = rows[0], list(zip(*rows[1:], strict=True))
    if any(_plain(cell) in NAME_WORDS | OTHER_WORDS for cell in first):
        return True
    return any(
        (not cell and all(column)) or (not _is_number(cell) and all(map(_is_number, column)))
        for cell, column in zip(first, columns, strict=False)
    )


def choose_column(
    table: Table, asked: str | int | None, *, shown: str, taken: Sequence[int] = ()
) -> int:
    """Where the names are, counted from 0.

    Arguments:
        table: the table.
        asked: the heading of the column or its number, counted from 1; None to find it.
        shown: the file.
        taken: columns that are something else.

    Raises:
        CorpusError: there is no such column, or several may be it; says which there are.
    """
    if table.width == 1 and asked is None:
        return 0
    if asked is not None:
        return named_column(table, asked, shown=shown)
    free = [place for place in range(table.width) if place not in taken]
    headed = [p for p in free if table.heading and _plain(table.heading[p]) in NAME_WORDS]
    if len(headed) == 1:
        return headed[0]
    found = [place for place in free if _may_be_names(table.column(place))]
    if len(found) == 1:
        return found[0]
    raise CorpusError(
        f"{shown}: expected names, received a table with {table.width} columns, "
        f"{SEPARATORS[table.separator]} between them: {table.described()}; name one: "
        "--column 1, or --column none to take the lines as they stand."
    )


def named_column(table: Table, column: str | int, *, shown: str) -> int:
    """Where a column is that was named, counted from 0.

    Raises:
        CorpusError: says which there are.
    """
    asked = str(column)
    if asked.isdecimal() and 1 <= int(asked) <= table.width:
        return int(asked) - 1
    called = [cell.casefold() for cell in table.heading]
    if asked.casefold() in called:
        return called.index(asked.casefold())
    raise CorpusError(
        f"{shown}: expected a column of these, received {asked!r}: {table.described()}."
    )


def _may_be_names(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    texts = [cell for cell in filled if any(map(str.isalpha, cell)) and not _is_number(cell)]
    return (
        bool(filled)
        and len(texts) >= 0.9 * len(filled)
        and len(set(texts)) >= MOSTLY_DISTINCT * len(texts)
        and max(map(len, texts)) > 1
    )


def _plain(cell: str) -> str:
    return re.sub(r"[\W_]", "", cell).casefold()


def _is_number(cell: str) -> bool:
    """Whether a cell is a number, with a decimal comma too, or empty."""
    return re.fullmatch(r"[-+]?[\d.,'\s]*\d%?(e[-+]?\d+)?", cell, re.I) is not None or not cell
