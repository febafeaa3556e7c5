"""What a training learns from: names or a text, out of a file or out of Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from dino_names.corpus.builtin_text import SNIPPET
from dino_names.corpus.lists import STANDARD_INPUT, read_list
from dino_names.corpus.names import Names, check_names
from dino_names.corpus.texts import Text, read_text
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, show

Source = FilePath | Iterable[str | os.PathLike[str]] | Names | Text | None
LONGEST_LABEL = 60


def read_data(source: Source, kind: str, column: str | int | None = None) -> Names | Text:
    """Names or a text.

    Arguments:
        source: a file, `-` for standard input; names, among which a path stands for the names in
            its file; None for the built-in text; or what was read before.
        kind: `names`, one name a line or a table of them, or `text`.
        column: where the names are in a table; see `read_list`.

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
            return read_list(source, column)
        return _gather(source, column)
    if column is not None:
        raise CorpusError("--column: expected it with names, received a text; leave it out.")
    if source is None:
        return Text(SNIPPET, Path("snippet"), ())
    if isinstance(source, str | os.PathLike):
        return read_text(source)
    files = list(source)
    if len(files) == 1 and isinstance(files[0], os.PathLike):
        return read_text(files[0])
    raise CorpusError("text: expected a file, received a list; write it to a file.")


def _gather(source: Iterable[str | os.PathLike[str]], column: str | int | None) -> Names:
    """The names of a list and of the files in it, as one list."""
    given = list(source)
    files = [item for item in given if isinstance(item, os.PathLike)]
    if not files:
        found = check_names(given)  # type: ignore[arg-type]
        if column is not None:
            raise CorpusError("column: expected it with files, received names; leave it out.")
        return replace(found, warnings=(*_files_among(given), *found.warnings))
    parts = [read_list(item, column) for item in files]
    if len(given) == 1:
        return parts[0]
    said = [item for item in given if not isinstance(item, os.PathLike)]
    if said:
        parts.append(check_names(said))
    names = check_names([name for part in parts for name in part.names], source="the lists")
    warnings = [warning for part in parts for warning in part.warnings]
    repeats = names.repeats + sum(part.repeats for part in parts)
    return Names(names.names, None, repeats, tuple(warnings))


def _files_among(names: Sequence[object]) -> list[str]:
    """What to say of names that are files here."""
    few = [name for name in names[:100] if isinstance(name, str) and "." in name]
    there = [name for name in few if Path(name).is_file()]
    return [
        f"{name!r} is taken for a name, and a file is called so; for what is in it, give a Path."
        for name in there
    ]


def label_of(source: Source) -> str:
    """What a run of this data is named after."""
    if isinstance(source, Names | Text):
        return "names" if source.path is None else source.path.stem
    if source is None:
        return "snippet"
    if isinstance(source, str | os.PathLike):
        return "stdin" if str(source) == STANDARD_INPUT else Path(source).stem
    some = source if isinstance(source, list | tuple) else ()
    paths = [item for item in some if isinstance(item, os.PathLike)]
    if paths and len(paths) == len(some):
        return "+".join(map(label_of, paths))[:LONGEST_LABEL]
    return "names"


def dropped(names: Names) -> str:
    """What of a list was left out, as words."""
    return f"{names.repeats:,} repeated line{'s' * (names.repeats > 1)} dropped"


def describe_data(data: Names | Text) -> tuple[str, str]:
    """Where data came from and what it is counted in, as words, and what of it was dropped."""
    if isinstance(data, Names):
        source = "the list" if data.path is None else show(data.path)
        return source, f"names{f'; {dropped(data)}' if data.repeats else ''}"
    return ("the built-in lines" if data.text is SNIPPET else show(data.path)), "characters"
