"""Lists of names and running texts: read, checked, split."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dino_names.checks import check_range
from dino_names.corpus.encoding import bad_character, check_characters
from dino_names.corpus.file_reading import FilePath, read_lines, read_whole, show
from dino_names.corpus.names_from_lines import NameLines, check_distinct
from dino_names.errors import CorpusError

MAX_NAMES_BYTES = 1 << 30
MAX_TEXT_BYTES = 1 << 28
MAX_TEXT_CHARACTERS = 16_384

SHORT_TEXT = 1_000


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
    if isinstance(names, str | bytes):
        raise CorpusError(f"{source}: expected a list of names, received one text.")
    lines, batch = NameLines(source), list[str]()
    for place, name in enumerate(names, 1):
        if not isinstance(name, str):
            raise CorpusError(f"{source}:{place}: expected text, received {type(name).__name__}.")
        if "\n" in name:
            raise bad_character(name, name.index("\n"), shown=source, line=place)
        batch.append(name)
        if len(batch) == 65_536:
            lines.add("\n".join([*batch, ""]))
            batch.clear()
    lines.add("\n".join(batch))
    return _names(lines, None)


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


def read_text(path: FilePath) -> Text:
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
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        characters = set(text)
    check_distinct(characters, MAX_TEXT_CHARACTERS, shown, "a text")
    if not text.strip():
        received = "nothing but blanks" if text else "an empty file"
        raise CorpusError(f"{shown}: expected a text, received {received}.")
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


def _names(lines: NameLines, path: Path | None) -> Names:
    names = lines.finish()
    return Names(names, path, lines.filled - len(names), tuple(lines.warnings()))


def _sha256(text: str) -> str:
    from hashlib import sha256  # slow to import, and using a model never needs it

    return sha256(text.encode()).hexdigest()
