"""Running texts, read and checked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dino_names.corpus.characters import check_characters
from dino_names.corpus.file_reading import read_whole
from dino_names.corpus.names_from_lines import check_distinct
from dino_names.corpus.splits import split_text
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, hash_text, show

MAX_TEXT_BYTES = 1 << 28
MAX_TEXT_CHARACTERS = 16_384
SHORT_TEXT = 1_000


@dataclass(frozen=True)
class Text:
    """A running text.

    Arguments:
        text: NFC, newlines LF, no byte-order mark.
        path: the file it was read from.
        warnings: what looks wrong and may be right, each `file:line: ...`.
        held_out: another, to measure on in place of the last part of this; or None.
    """

    text: str
    path: Path
    warnings: tuple[str, ...]
    held_out: Text | None = None

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the text in hexadecimal, and of what is held out where that is another."""
        own = hash_text(self.text)
        return own if self.held_out is None else hash_text(f"{own}\n{self.held_out.fingerprint}")

    def split(self, *, fraction: float) -> tuple[str, str]:
        """What to learn from and what to measure on: the other text, or the last share of this."""
        if self.held_out is not None:
            return self.text, self.held_out.text
        return split_text(self.text, fraction=fraction)


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
