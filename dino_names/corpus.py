"""Lists of names and running texts: read, checked, split."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dino_names.errors import CorpusError, check_range
from dino_names.textfile import (
    MAX_LINE,
    check_characters,
    long_line,
    read_lines,
    read_whole,
    refuse_character,
    show,
)

MAX_NAMES_BYTES = 1 << 30
MAX_NAMES = 10_000_000
MAX_TEXT_BYTES = 1 << 28
# Names are written with fewer characters than a whole literature is.
MAX_NAMES_CHARACTERS = 4_096
MAX_TEXT_CHARACTERS = 16_384

SHORT_TEXT = 1_000
SHOWN_WARNINGS = 10
# A capital inside is odd where at most one name in this many has one.
ODD_CAPITALS = 100
HEADINGS = "name names word words title label text genus species id firstname lastname surname"


@dataclass(frozen=True)
class Names:
    """A list of distinct names.

    Arguments:
        names: in the order in which each was first met; NFC, no blanks around.
        path: the file they were read from, or None.
        repeats: how many lines held a name that had been there before.
        warnings: what looks wrong and may be right, each `file:line: ...`.
    """

    names: tuple[str, ...]
    path: Path | None
    repeats: int
    warnings: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the names in hexadecimal, whatever their order."""
        return _sha256("\n".join(sorted(self.names)))


@dataclass(frozen=True)
class Text:
    """A running text.

    Arguments:
        text: NFC, newlines LF, no byte-order mark.
        path: the file it was read from.
        warnings: what looks wrong and may be right, each `file:line: ...`.
    """

    text: str
    path: Path
    warnings: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the text in hexadecimal."""
        return _sha256(self.text)


def read_names(path: str | os.PathLike[str]) -> Names:
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
    collector = _Collector(show(path))
    for text in read_lines(path, limit=MAX_NAMES_BYTES):
        collector.add(text)
    return collector.finish(Path(path))


def check_names(names: Iterable[str], *, source: str = "names") -> Names:
    """The same checks for names that do not come from a file.

    Arguments:
        names: the names; one that is blank is skipped, as a blank line is.
        source: what messages call them; the place of a name in them is its line.

    Raises:
        CorpusError: as `read_names`, or something is no text.
    """
    if isinstance(names, str | bytes):
        raise CorpusError(f"{source}: expected a list of names, received one text.")
    collector, batch = _Collector(source), []
    for place, name in enumerate(names, 1):
        if not isinstance(name, str):
            raise CorpusError(f"{source}:{place}: expected text, received {type(name).__name__}.")
        if "\n" in name:
            refuse_character(name, name.index("\n"), shown=source, line=place)
        batch.append(name)
        if len(batch) == 65_536:
            collector.add("\n".join([*batch, ""]))
            batch.clear()
    collector.add("\n".join(batch))
    return collector.finish(None)


def split_names(
    names: Iterable[str], *, fraction: float, seed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split names into those to train on and those held out, by whole name.

    Names are ordered by a hash of seed and name and the first of them are held out, so that
    the split depends on the seed and the names alone, not on their order or on repeats.

    Arguments:
        names: at least one.
        fraction: the share held out, rounded to whole names; at least one name stays on each
            side where there are two and the fraction is not 0.
        seed: from 0.

    Returns:
        The names to train on and those held out, each sorted.

    Raises:
        CorpusError: no names.
        OptionError: a fraction or a seed out of range.
    """
    from hashlib import blake2b  # slow to import, and using a model never splits

    check_range("valid_fraction", fraction, low=0.0, below=1.0)
    check_range("seed", seed, low=0, high=2**64 - 1, whole=True)
    distinct = sorted(set(names))
    if not distinct:
        raise CorpusError("names: expected at least one name to split, received none.")
    count = round(fraction * len(distinct))
    if fraction:
        count = min(max(count, 1), len(distinct) - 1)

    def place(name: str) -> bytes:
        return blake2b(f"{seed}\n{name}".encode(), digest_size=16).digest()

    held_out = set(sorted(distinct, key=place)[:count])
    train = tuple(name for name in distinct if name not in held_out)
    return train, tuple(sorted(held_out))


def read_text(path: str | os.PathLike[str]) -> Text:
    """Read a running text.

    Arguments:
        path: a regular file in UTF-8 of at most 256 MiB; tabs and blank lines are part
            of the text.

    Raises:
        CorpusError: as `read_names`, with at most 16,384 distinct characters and lines of
            any length.
    """
    shown = show(path)
    text = read_whole(path, limit=MAX_TEXT_BYTES)
    characters = check_characters(text, shown=shown, line=1)
    _check_distinct(characters, MAX_TEXT_CHARACTERS, shown, "a text")
    if not text.strip():
        received = "nothing but blanks" if text else "an empty file"
        raise CorpusError(f"{shown}: expected a text, received {received}.")
    text = unicodedata.normalize("NFC", text)
    warnings = []
    if len(text) < SHORT_TEXT:
        warnings.append(f"{shown}:1: {len(text)} characters only; a text to learn from has more.")
    return Text(text, Path(path), tuple(warnings))


def split_text(text: str, *, fraction: float) -> tuple[str, str]:
    """Split a text into what to train on and its last part, held out.

    Arguments:
        text: at least one character.
        fraction: the share held out; at least one character stays on each side where
            there are two and the fraction is not 0.

    Raises:
        CorpusError: no text.
        OptionError: a fraction out of range.
    """
    check_range("valid_fraction", fraction, low=0.0, below=1.0)
    if not text:
        raise CorpusError("text: expected at least one character to split, received none.")
    cut = int(len(text) * (1 - fraction))
    if fraction:
        cut = max(min(cut, len(text) - 1), 1)
    return text[:cut], text[cut:]


class _Collector:
    """Distinct names out of lines that come in pieces, with what warnings need."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: dict[str, None] = {}
        self.characters: set[str] = set()
        self.line = 1
        self.first_line = 1
        self.filled = 0
        self.commas = 0
        self.capitals = 0
        self.capital_lines: list[tuple[int, str]] = []

    def add(self, text: str) -> None:
        """Take some whole lines."""
        characters = check_characters(text, shown=self.source, line=self.line)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
            characters = set(text)
        lines = text.split("\n")
        if max(map(len, lines)) > MAX_LINE:
            index = next(i for i, line in enumerate(lines) if len(line) > MAX_LINE)
            raise long_line(lines[index], shown=self.source, line=self.line + index)
        stripped = list(map(str.strip, lines))
        if "\t" in characters:
            self._refuse_tabs(lines, stripped)
        filled = list(filter(None, stripped))
        if filled and not self.names:
            self.first_line = self.line + stripped.index(filled[0])
        self.names.update(dict.fromkeys(filled))
        self.filled += len(filled)
        self.characters |= characters
        self.commas += text.count(",")
        self._find_capitals(text, characters, stripped)
        self.line += len(lines) - 1
        _check_distinct(self.characters, MAX_NAMES_CHARACTERS, self.source, "a list of names")
        if len(self.names) > MAX_NAMES:
            raise CorpusError(
                f"{self.source}: expected at most {MAX_NAMES:,} names, received more. Take a part."
            )

    def finish(self, path: Path | None) -> Names:
        """What was taken, with its warnings."""
        if not self.names:
            received = "nothing but blank lines" if self.characters else "nothing"
            raise CorpusError(f"{self.source}: expected one name per line, received {received}.")
        names = tuple(self.names)
        return Names(names, path, self.filled - len(names), tuple(self._warnings(names)))

    def _refuse_tabs(self, lines: list[str], stripped: list[str]) -> None:
        for index, name in enumerate(stripped):
            if "\t" in name:
                position = lines[index].index("\t", lines[index].index(name[0]))
                refuse_character(lines[index], position, shown=self.source, line=self.line + index)

    def _find_capitals(self, text: str, characters: set[str], stripped: list[str]) -> None:
        small = "".join(c for c in characters if c.islower())
        capital = "".join(c for c in characters if c.isupper())
        if not small or not capital:
            return
        for match in re.finditer(f"[{small}][{capital}]", text):
            self.capitals += 1
            if len(self.capital_lines) < SHOWN_WARNINGS:
                index = text.count("\n", 0, match.start())
                self.capital_lines.append((self.line + index, stripped[index]))

    def _warnings(self, names: tuple[str, ...]) -> Iterable[str]:
        at_first = f"{self.source}:{self.first_line}:"
        first = names[0]
        fields = re.split(r"[,;\t]", first)
        heading = any(
            re.sub(r"[\W_]", "", field).casefold() in HEADINGS.split() for field in fields
        )
        if len(names) == 1 and "," in first:
            yield f"{at_first} one line with commas; one name per line is expected."
        elif len(names) == 1:
            yield f"{at_first} one name only; a model learns from many."
        elif heading or ("," in first and first.count(",") == self.commas):
            yield f"{at_first} {first!r} looks like a heading; delete it if it is not a name."
        if len(self.characters) < 4 and len(set().union(*names)) == 1:
            yield f"{at_first} every name is made of {first[0]!r} alone."
        if self.capitals <= max(1, self.filled // ODD_CAPITALS):
            for line, name in self.capital_lines:
                yield (
                    f"{self.source}:{line}: {name!r} has a capital letter inside; "
                    "if it is two names, put each on a line of its own."
                )
            if self.capitals > SHOWN_WARNINGS:
                rest = self.capitals - SHOWN_WARNINGS
                yield f"{self.source}: {rest} more names have a capital letter inside."


def _check_distinct(characters: set[str], limit: int, source: str, kind: str) -> None:
    if len(characters) > limit:
        raise CorpusError(
            f"{source}: expected at most {limit:,} distinct characters, received more; "
            f"this does not look like {kind}."
        )


def _sha256(text: str) -> str:
    from hashlib import sha256  # slow to import, and using a model never needs it

    return sha256(text.encode()).hexdigest()
