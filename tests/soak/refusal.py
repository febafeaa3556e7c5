"""Reads one file in a process of its own and says what that took; see `hostile.py`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import dino_names
from dino_names.corpus.names import read_names
from dino_names.corpus.texts import read_text
from dino_names.errors import DinoNamesError

READERS: dict[str, Callable[[str], Any]] = {
    "model": dino_names.load,
    "names": read_names,
    "text": read_text,
}


def refuse(reader: str, path: str) -> dict[str, Any]:
    """Read a file.

    Returns:
        `error`: the name of what was raised; `seconds` of the processor; `bytes` by which the
        peak of the process's memory grew.
    """
    dino_names.generate("A", seed=1)  # everything that using a model imports
    before, began, error = peak(), time.process_time(), ""
    try:
        READERS[reader](path)
    except DinoNamesError as refusal:
        error = type(refusal).__name__
    return {"error": error, "seconds": time.process_time() - began, "bytes": peak() - before}


def peak() -> int:
    """The most memory that the process has had, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(refuse(*sys.argv[1:])))
