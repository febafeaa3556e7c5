"""Paths: in messages, and whether something is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FilePath = str | os.PathLike[str]


def show(path: FilePath) -> str:
    """A path as a message may print it: on one line, whatever is in it."""
    text = os.fspath(path)
    return text if text and text.isprintable() else repr(text)


def is_there(path: Path) -> bool:
    """Whether something has this name; nothing has one that is too long or no name at all."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def reason(error: Exception) -> str:
    """What the system said, or whoever raised it, in one short line."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(words.split())[:200]
