"""What a training learns from: names or a text, out of a file or out of Python."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from dino_names.corpus.builtin_text import SNIPPET
from dino_names.corpus.names import Names, check_names, read_names
from dino_names.corpus.texts import Text, read_text
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, show

Source = FilePath | Iterable[str] | Names | Text | None


def read_data(source: Source, kind: str) -> Names | Text:
    """Names or a text.

    Arguments:
        source: a file; names; None for the built-in text; or what was read before.
        kind: `names`, one name a line, or `text`.

    Raises:
        CorpusError: it cannot be read as such, or there is none for names.
    """
    if isinstance(source, Names | Text):
        return source
    if kind == "names":
        if source is None:
            raise CorpusError(
                "FILE: expected a file with one name a line, received none; name one, or add "
                "--kind text to try the built-in lines."
            )
        if isinstance(source, str | os.PathLike):
            return read_names(source)
        return check_names(source)
    if source is None:
        return Text(SNIPPET, Path("snippet"), ())
    if isinstance(source, str | os.PathLike):
        return read_text(source)
    raise CorpusError("text: expected a file, received a list; write it to a file.")


def label_of(source: Source) -> str:
    """What a run of this data is named after."""
    if isinstance(source, Names | Text):
        return "names" if source.path is None else source.path.stem
    if source is None:
        return "snippet"
    return Path(source).stem if isinstance(source, str | os.PathLike) else "names"


def describe_data(data: Names | Text) -> tuple[str, str]:
    """Where data came from and what it is counted in, as words."""
    if isinstance(data, Names):
        return ("the list" if data.path is None else show(data.path)), "names"
    return ("the built-in lines" if data.text is SNIPPET else show(data.path)), "characters"
