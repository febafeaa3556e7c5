"""The history of a run: one JSON object an epoch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dino_names.errors import InputError, RunError
from dino_names.storage import read_regular, reason, show, strict_json, write_atomically

HISTORY_FILE = "history.jsonl"
# Small objects take a hundred times the room of their text, so these bound memory too.
MAX_HISTORY_BYTES = 16 * 2**20
MAX_ROWS = 100_000


def read_history(folder: Path) -> tuple[dict[str, Any], ...]:
    """The rows of `history.jsonl`; none where there is no such file.

    Raises:
        RunError: it is too long, or a line is not a JSON object of plain values.
    """
    path = folder / HISTORY_FILE
    try:
        content = read_regular(path, limit=MAX_HISTORY_BYTES)
        if content.count(b"\n") > MAX_ROWS:
            raise ValueError(f"more than {MAX_ROWS:,} rows")
        rows = tuple(map(_row, content.decode().removesuffix("\n").split("\n") if content else ()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, InputError) as error:
        raise RunError(
            f"{show(path)}: expected one JSON object a line, received {reason(error)}; "
            "delete the file to go on without a history."
        ) from error
    return rows


def best_epoch(rows: Iterable[dict[str, Any]]) -> int | None:
    """The epoch of the lowest figure of held-out names; None where there is none.

    Arguments:
        rows: of the history.
    """
    figures = [
        (value, row["epoch"])
        for row in rows
        for name, value in row.items()
        if name.startswith("val_") and isinstance(value, (int, float))
    ]
    return min(figures)[1] if figures else None


def _row(line: str) -> dict[str, Any]:
    row = strict_json(line)
    if not isinstance(row, dict) or any(isinstance(value, (dict, list)) for value in row.values()):
        raise ValueError("a line that is none, or has more in it than numbers and words")
    return row


def write_history(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Write all rows anew, so that a crash leaves the old file or the new one."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    write_atomically(folder / HISTORY_FILE, text.encode())
