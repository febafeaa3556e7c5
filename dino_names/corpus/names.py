"""Lists of names and running texts: read, checked, split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from dino_names.corpus.characters import bad_character
from dino_names.corpus.file_reading import read_lines
from dino_names.corpus.names_from_lines import NameLines
from dino_names.corpus.rows import Rows
from dino_names.corpus.splits import split_names
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, hash_text, show

MAX_NAMES_BYTES = 1 << 30
# Names from Python that are checked at once.
AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Names:
    """A list of distinct names.

    Arguments:
        names: in the order in which each was first met; NFC, no blanks around.
        path: the file they were read from, or None.
        repeats: how many lines held a name that had been there before.
        warnings: what looks wrong and may be right, each `file:line: ...`.
        rows: them as training reads them, where that is not once each: with the list that each
            comes from, with weights, or with repeats kept.
        labels: the categories of the rows, sorted.
        held_out: others of the same kind, to measure on in place of a share of these; or None.
    """

    names: tuple[str, ...]
    path: Path | None
    repeats: int
    warnings: tuple[str, ...]
    rows: Rows | None = None
    labels: tuple[str, ...] = ()
    held_out: Names | None = None

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal of the names and of their rows, whatever their order."""
        held_out = [] if self.held_out is None else ["", self.held_out.fingerprint]
        if self.rows is None:
            return hash_text("\n".join([*sorted(self.names), *held_out]))
        columns = [self.rows.names, self.rows.tags, self.rows.weights]
        rows = zip(*filter(None, columns), strict=True)
        lines = ["\t".join(map(str, row)) for row in rows]
        return hash_text("\n".join([*self.labels, "", *lines, *held_out]))

    def split(self, *, fraction: float, seed: int) -> tuple[Rows, Rows]:
        """The rows to learn from and those to measure on: what is held out, or a share."""
        if self.held_out is not None:
            found = self.held_out
            return self.chosen(sorted(self.names)), found.chosen(sorted(found.names))
        learned, held_out = split_names(self.names, fraction=fraction, seed=seed)
        return self.chosen(learned), self.chosen(held_out)

    def chosen(self, names: Sequence[str]) -> Rows:
        """The rows of some of the names."""
        return Rows(tuple(names)) if self.rows is None else self.rows.only(names)

    @property
    def smallest(self) -> int:
        """How many names the smallest of its lists has."""
        if self.rows is None or not self.labels:
            return len(self)
        return int(np.bincount(self.rows.tags).min())

    @property
    def categories(self) -> tuple[tuple[str, int], ...]:
        """Each category and how many names it has, or what their weights add up to."""
        if self.rows is None or not self.labels:
            return ()
        totals = np.bincount(self.rows.tags, self.rows.weights or None)
        return tuple(
            (label, max(1, round(float(total))))
            for label, total in zip(self.labels, totals, strict=True)
        )


def read_names(path: FilePath) -> Names:
    r"""Read a list of names, one per line.

    Lines end with LF, CRLF or CR and with nothing else; blanks around a name, blank lines
    and a byte-order mark are dropped, repeats are counted and dropped, characters are
    composed (NFC).

    Arguments:
        path: a regular file in UTF-8 of at most 1 GiB and 10 million distinct names,
            a name of at most 256 characters (blanks around it counted).

    Raises:
        CorpusError: with the path: missing, not readable, not a regular file, too big,
            empty, more than 4,096 distinct characters; with `file:line`: not UTF-8, a
            character that is not there to be seen, a line too long.
    """
    lines = NameLines(show(path))
    for text in read_lines(path, limit=MAX_NAMES_BYTES):
        lines.add(text)
    return _names(lines, Path(path))


def check_names(names: Iterable[str], *, source: str = "names") -> Names:
    """The same checks for names that do not come from a file.

    Arguments:
        names: the names; one that is blank is skipped, as a blank line is.
        source: what messages call them; the place of a name in them is its line.

    Raises:
        CorpusError: as `read_names`, or something is no text.
    """
    lines = NameLines(source)
    for text in as_lines(names, source=source):
        lines.add(text)
    return _names(lines, None)


def as_lines(names: Iterable[str], *, source: str) -> Iterator[str]:
    """Names that do not come from a file as whole lines, many at a time.

    Arguments:
        names, source: as for `check_names`.

    Raises:
        CorpusError: something is no text, or has a newline in it.
    """
    if isinstance(names, str | bytes):
        raise CorpusError(f"{source}: expected a list of names, received one text.")
    batch = list[str]()
    for place, name in enumerate(names, 1):
        if not isinstance(name, str):
            raise CorpusError(f"{source}:{place}: expected text, received {type(name).__name__}.")
        if "\n" in name:
            raise bad_character(name, name.index("\n"), shown=source, line=place)
        batch.append(name)
        if len(batch) == AT_ONCE:
            yield "\n".join([*batch, ""])
            batch.clear()
    yield "\n".join(batch)


def _names(lines: NameLines, path: Path | None) -> Names:
    names = lines.finish()
    return Names(names, path, lines.filled - len(names), tuple(lines.warnings()))
