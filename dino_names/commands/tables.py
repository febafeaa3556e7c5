"""Names and their numbers on standard output: as lines, as JSON, as CSV; and names from a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from dino_names.commands.options import echo_json, json_option
from dino_names.errors import CorpusError, OptionError

Row = Mapping[str, Any]
MOST_BYTES = 64_000_000


def csv_option(function: Any) -> Any:
    """Add `--csv`."""
    return click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")(function)


def table_options(function: Any) -> Any:
    """Add `--json` and `--csv`."""
    return json_option(csv_option(function))


def check_one(as_json: bool, as_csv: bool) -> None:
    """Refuse both.

    Raises:
        OptionError: says so.
    """
    if as_json and as_csv:
        raise OptionError("--json and --csv: expected one of them, received both; leave one out.")


def echo_csv(rows: Sequence[Row]) -> None:
    """Print rows of the same columns as CSV, the names of these first."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    click.echo(text.getvalue(), nl=False)


def echo_table(rows: Sequence[Row], *, as_json: bool, as_csv: bool) -> bool:
    """Print rows as JSON or CSV if that was asked for, and say whether it was."""
    if as_json:
        echo_json(list(rows))
    elif as_csv and rows:
        echo_csv(rows)
    return as_json or as_csv


def lines_of(path: str) -> list[str]:
    """The lines of a file, or of standard input for `-`, without those that are blank.

    Raises:
        CorpusError: it cannot be read as text, or is empty.
    """
    if path == "-":
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CorpusError(
                f"standard input: expected UTF-8, received byte {error.start} that is none."
            ) from None
    else:
        from dino_names.corpus import read_lines

        text = "".join(read_lines(path, limit=MOST_BYTES))
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise CorpusError(f"{path}: expected at least one line, received none.")
    return lines
