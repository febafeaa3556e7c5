"""Lists as people have them: plain lines, tables, quoted or numbered lines, and what is no list."""

from __future__ import annotations

import codecs
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from dino_names.corpus.encoding import check_kind, decode
from dino_names.corpus.file_reading import read_blocks
from dino_names.corpus.names import MAX_NAMES_BYTES, Names, read_names
from dino_names.corpus.reading import PLAIN, Reading, collect
from dino_names.corpus.tables import (
    FEWEST_ROWS,
    Table,
    check_rows,
    choose_column,
    find_separator,
    named_column,
    read_table,
)
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, show

STANDARD_INPUT = "-"
SAMPLE_LINES = 500
MOST_TABLE_BYTES = 1 << 28
TABLE_ENDINGS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF32 = codecs.BOM_UTF32_LE
# What a column is called that there is not: the lines are names as they stand.
AS_IT_STANDS = "none"
QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb"}
NUMBERED = re.compile(r"\s*\(?(\d+)(?:[.):]\s*|\s+)(\S.*)")
BULLETED = re.compile(r"\s*[-*\u2022\u2013]\s+(\S.*)")
# Words in a line, in the middle, from which it is prose, and the share that ends as prose does.
PROSE_WORDS, PROSE_ENDS = 6, 0.3
Unwrap = Callable[[str], str]


def read_list(path: FilePath, reading: Reading = PLAIN) -> Names:
    """Read a list of names from a file of lines or a table.

    What it evidently is, a table, quoted or numbered lines, is read as such, with a warning that
    says so; what cannot be a list is refused.

    Arguments:
        path: in UTF-8, or in UTF-16 with a byte-order mark; `-` for standard input.
        reading: where the names are in a table, and what else is to be read.

    Raises:
        CorpusError: as `read_names`; a table of which nobody can tell where the names are; prose.
    """
    if str(path) == STANDARD_INPUT:
        return _from_text(_decode(sys.stdin.buffer.read(), "standard input"), reading, path)
    if reading == Reading(column=AS_IT_STANDS):
        return read_names(path)
    with closing(read_blocks(path, limit=MAX_NAMES_BYTES)) as blocks:
        head = next(blocks, b"")
    # Whether all of it is UTF-8 is for who reads all of it to say.
    sample = head[check_kind(head, show(path)) if not _is_wide(head) else 0 :]
    lines = sample.decode("utf-8", "replace").splitlines()[:SAMPLE_LINES]
    if reading == PLAIN and not _is_wide(head) and _is_plain(lines, path):
        return read_names(path)
    with closing(read_blocks(path, limit=MOST_TABLE_BYTES)) as blocks:
        data = b"".join(blocks)
    return replace(_from_text(_decode(data, show(path)), reading, path), path=Path(path))


def _is_wide(data: bytes) -> bool:
    return data.startswith(UTF16) and not data.startswith(UTF32)


def _is_plain(lines: Sequence[str], path: FilePath) -> bool:
    """Whether each line is a name as far as some tell."""
    refuse_prose(lines, show(path))
    return (
        find_separator(lines) is None
        and Path(path).suffix.lower() not in TABLE_ENDINGS
        and unwrapping(lines) is None
    )


def _decode(data: bytes, shown: str) -> str:
    if _is_wide(data):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise CorpusError(
                f"{shown}: expected UTF-16 as its first bytes say, received other bytes at byte "
                f"{error.start}. Save it as UTF-8."
            ) from None
    start = check_kind(data, shown)
    return decode(data[start:], shown=shown, offset=start)


def _from_text(text: str, reading: Reading, path: FilePath) -> Names:
    """The names of a whole file, whatever it is."""
    standard_input = str(path) == STANDARD_INPUT
    shown = "standard input" if standard_input else show(path)
    lines = text.splitlines()
    if reading.column == AS_IT_STANDS:
        return collect(lines, _without_columns(reading, shown), source=shown)
    sample = lines[:SAMPLE_LINES]
    separator = find_separator(sample)
    if separator is None and not standard_input:
        separator = TABLE_ENDINGS.get(Path(path).suffix.lower())
    if separator is not None:
        table = read_table(text, separator, shown=shown, asked=reading.columns)
        return from_table(table, reading, shown)
    _without_columns(reading, shown)
    refuse_prose(sample, shown)
    unwrap = unwrapping(sample)
    if unwrap is None:
        return collect(lines, reading, source=shown)
    found = collect([unwrap[0](line.strip()) for line in lines], reading, source=shown)
    told = f"{shown}: {unwrap[1]} dropped; read as {', '.join(found.names[:3])}."
    return replace(found, warnings=(told, *found.warnings))


def from_table(table: Table, reading: Reading, shown: str) -> Names:
    """The names of a table.

    Raises:
        CorpusError: nobody can tell where they are, or a column is not what it was said to be.
    """
    check_rows(table, shown)
    others = {
        field: named_column(table, column, shown=shown)
        for field in ("category_column", "weight_column")
        if (column := getattr(reading, field)) is not None
    }
    place = choose_column(table, reading.column, shown=shown, taken=[*others.values()])
    if place in others.values():
        raise CorpusError(f"{shown}: expected another column for the names, received {place + 1}.")
    cells = {field: table.column(at) for field, at in others.items()}
    found = collect(
        table.column(place),
        reading,
        source=f"{shown}, column {place + 1}",
        categories=cells.get("category_column", ()),
        weights=cells.get("weight_column", ()),
        # Where commas mark decimals, semicolons separate.
        usual_mark="," if table.separator == ";" else ".",
    )
    told = table.told(place, shown)
    return replace(found, warnings=(told, *found.warnings))


def _without_columns(reading: Reading, shown: str) -> Reading:
    """Refuse columns of what has none.

    Raises:
        CorpusError: says which was named.
    """
    if reading.columns not in ((), (AS_IT_STANDS,)):
        raise CorpusError(
            f"{shown}: expected a table for column {reading.columns[-1]!r}, received lines "
            "without columns; leave it out."
        )
    return reading


def refuse_prose(lines: Sequence[str], shown: str) -> None:
    """Refuse running text.

    Raises:
        CorpusError: says what reads it.
    """
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) < FEWEST_ROWS:
        return
    words = statistics.median(len(line.split()) for line in filled)
    ends = sum(line.endswith((".", ",", "!", "?", ";", ":")) for line in filled)
    if words >= PROSE_WORDS and ends >= PROSE_ENDS * len(filled):
        raise CorpusError(
            f"{shown}: expected one name a line, received what looks like running text "
            f"({filled[0][:40]!r}); add --kind text, or --column none if these are names."
        )


def unwrapping(lines: Sequence[str]) -> tuple[Unwrap, str] | None:
    """What takes quotes, numbers or bullets off every line, and what these are; or None."""
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) < FEWEST_ROWS:
        return None
    for opening, ending in QUOTES.items():
        if all(_is_quoted(line, opening, ending) for line in filled):
            return partial(_unquote, opening), "the quotes"
    numbers = [NUMBERED.fullmatch(line) for line in filled]
    counted = [int(match[1]) for match in numbers if match]
    if len(counted) == len(filled) and counted == list(
        range(counted[0], counted[0] + len(counted))
    ):
        return lambda name: NUMBERED.sub(r"\2", name), "the numbers before each"
    if all(map(BULLETED.fullmatch, filled)):
        return lambda name: BULLETED.sub(r"\1", name), "the bullets before each"
    return None


def _unquote(opening: str, name: str) -> str:
    return name[1:-1].replace(opening * 2, opening)


def _is_quoted(line: str, opening: str, ending: str) -> bool:
    inside = line[1:-1].replace(opening * 2, "")
    whole = len(line) > 2 and line[0] == opening and line[-1] == ending
    return whole and opening not in inside and ending not in inside
