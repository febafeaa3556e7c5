"""What a training learns from: names or a text, out of a file or out of Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dino_names.corpus.builtin_text import SNIPPET
from dino_names.corpus.file_reading import PREPARED
from dino_names.corpus.lists import STANDARD_INPUT, from_table, read_list
from dino_names.corpus.names import Names
from dino_names.corpus.prepared import PreparedNames, is_prepared
from dino_names.corpus.reading import PLAIN, Reading, collect, merge
from dino_names.corpus.tables import Table
from dino_names.corpus.texts import Text, read_text
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, show

Listed = FilePath | Iterable[str | os.PathLike[str]]
Source = Listed | Mapping[str, Listed] | Names | Text | PreparedNames | None
LONGEST_LABEL = 60


def read_data(
    source: Source, kind: str, reading: Reading = PLAIN, *, held_out: Source = None
) -> Names | Text:
    """Names or a text.

    Arguments:
        source: a file, `-` for standard input; names, among which a path stands for the names in
            its file; lists by their category; a data frame; None for the built-in text; or what
            was read before.
        kind: `names`, one name a line or a table of them, or `text`.
        reading: where the names are in a table, and what else is to be read of a list.
        held_out: others to measure on, or None.

    Raises:
        CorpusError: it cannot be read as such, or there is none for names.
    """
    data = _read(source, kind, reading)
    return data if held_out is None else _with_held_out(data, _read(held_out, kind, reading))


def read_to_train(
    source: Source, kind: str, reading: Reading = PLAIN, *, held_out: Source = None
) -> Names | Text | PreparedNames:
    """What a training is to learn from: names, a text, or a list that was prepared.

    Arguments: as for `read_data`; a source may be a folder that `dino-names prepare` made.

    Raises:
        CorpusError: as `read_data`; more is asked of a prepared list than it has.
    """
    if kind != "names" or not is_prepared(source):
        return read_data(source, kind, reading, held_out=held_out)
    prepared = source if isinstance(source, PreparedNames) else PreparedNames.read(str(source))
    if reading != PLAIN or held_out is not None:
        raise CorpusError(
            f"{show(prepared.path)}: expected no columns, by_file, keep_repeats and valid_file "
            "with a list that was prepared, received one; leave it out."
        )
    return prepared


def _read(source: Source, kind: str, reading: Reading) -> Names | Text:
    if isinstance(source, PreparedNames):
        raise CorpusError(f"{show(source.path)}: expected a file, received {PREPARED}.")
    if isinstance(source, Names | Text):
        return source
    if kind == "names":
        if source is None:
            raise CorpusError(
                "FILE: expected a file with one name a line, received none; name one, or add "
                "--kind text to try the built-in lines."
            )
        if isinstance(source, str | os.PathLike):
            if reading.by_file:
                raise CorpusError(
                    f"by_file: expected two or more lists, received {show(source)} alone; name "
                    "another, or leave it out."
                )
            return read_list(source, reading)
        return _gather(source, reading)
    if reading != PLAIN:
        raise CorpusError(
            "columns, by_file and keep_repeats: expected them with names, received a text; leave "
            "them out."
        )
    if source is None:
        return Text(SNIPPET, Path("snippet"), ())
    if isinstance(source, str | os.PathLike):
        return read_text(source)
    files: list[Any] = list(source)
    if len(files) == 1 and isinstance(files[0], os.PathLike):
        return read_text(files[0])
    raise CorpusError("text: expected a file, received a list; write it to a file.")


def _gather(source: Any, reading: Reading) -> Names:
    """The names of several lists as one."""
    if isinstance(source, Mapping):
        asked = reading._replace(by_file=False)
        parts = [(_part(listed, asked), str(label)) for label, listed in source.items()]
        return merge(parts, reading._replace(by_file=True))
    if hasattr(source, "columns"):
        heading = tuple(map(str, source.columns))
        columns = [list(map(str, source[name])) for name in source.columns]
        rows = [list(row) for row in zip(*columns, strict=True)]
        return from_table(Table(",", heading, rows), reading, "the data frame")
    given = list(source)
    files = [item for item in given if isinstance(item, os.PathLike)]
    if not files:
        if reading.columns or reading.by_file:
            raise CorpusError(
                "columns and by_file: expected them with files, received names; leave them out."
            )
        found = collect(given, reading, source="names")
        return replace(found, warnings=(*_files_among(given), *found.warnings))
    parts = [(read_list(item, reading), label_of(item)) for item in files]
    said = [item for item in given if not isinstance(item, os.PathLike)]
    if said:
        parts.append((collect(said, reading._replace(weight_column=None), source="names"), "names"))
    return parts[0][0] if len(parts) == 1 and not reading.by_file else merge(parts, reading)


def _part(listed: Any, reading: Reading) -> Names:
    """One of several lists, out of a file or out of Python."""
    found = read_data(listed, "names", reading)
    assert isinstance(found, Names)
    return found


def _files_among(names: Sequence[object]) -> list[str]:
    """What to say of names that are files here."""
    few = [name for name in names[:100] if isinstance(name, str) and "." in name]
    there = [name for name in few if Path(name).is_file()]
    return [
        f"{name!r} is taken for a name, and a file is called so; for what is in it, give a Path."
        for name in there
    ]


def vocabulary_of(data: Names | Text | PreparedNames) -> Vocabulary:
    """The characters of names or of a text and of what is held out, a tag for each category."""
    if isinstance(data, PreparedNames):
        return data.vocabulary
    if isinstance(data, Names):
        others = () if data.held_out is None else data.held_out.names
        return Vocabulary.of([*data.names, *others], tags=len(data.labels))
    return Vocabulary.of([data.text, "" if data.held_out is None else data.held_out.text])


def _with_held_out(data: Names | Text, held_out: Names | Text) -> Names | Text:
    """Data with others to measure on, of which what both have is no longer learned from.

    Raises:
        CorpusError: nothing is left to learn from, or a category of the others is not known.
    """
    if isinstance(data, Text):
        assert isinstance(held_out, Text)
        return replace(data, held_out=held_out)
    assert isinstance(held_out, Names)
    if not set(held_out.labels) <= set(data.labels) or bool(held_out.labels) != bool(data.labels):
        raise CorpusError(
            f"{describe_data(held_out)[0]}: expected the categories of what is learned "
            f"({', '.join(data.labels) or 'none'}), received "
            f"{', '.join(held_out.labels) or 'none'}."
        )
    if held_out.rows is not None and data.labels:
        tags = tuple(data.labels.index(held_out.labels[tag]) for tag in held_out.rows.tags)
        rows = replace(held_out.rows, tags=tags)
        held_out = replace(held_out, rows=rows, labels=data.labels)
    gone = set(held_out.names)
    names = tuple(name for name in data.names if name not in gone)
    if not names:
        raise CorpusError(
            f"{describe_data(held_out)[0]}: expected names beside those to learn from, received "
            "all of them; name another file."
        )
    warnings = data.warnings
    if dropped_names := len(data.names) - len(names):
        warnings = (
            *warnings,
            f"{dropped_names:,} names that are held out too are not learned from.",
        )
    rest = None if data.rows is None else data.rows.only(names)
    return replace(data, names=names, rows=rest, warnings=warnings, held_out=held_out)


def label_of(source: Source) -> str:
    """What a run of this data is named after."""
    if isinstance(source, Names | Text | PreparedNames):
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


def dropped(names: Names | PreparedNames) -> str:
    """What of a list was left out, as words."""
    weighted = isinstance(names, Names) and names.rows is not None and names.rows.weights
    done = "added to the first" if weighted else "dropped"
    return f"{names.repeats:,} repeated line{'s' * (names.repeats > 1)} {done}"


def describe_data(data: Names | Text | PreparedNames) -> tuple[str, str]:
    """Where data came from and what it is counted in, as words, and what of it was dropped."""
    if not isinstance(data, Text):
        source = "the list" if data.path is None else show(data.path)
        lists = len(data.labels) if isinstance(data, Names) else 0
        unit = f"names in {lists} categories" if lists else "names"
        return source, f"{unit}; {dropped(data)}" if data.repeats else unit
    return ("the built-in lines" if data.text is SNIPPET else show(data.path)), "characters"
