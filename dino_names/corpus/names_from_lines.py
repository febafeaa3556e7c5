"""Names out of lines that come in pieces, with what looks wrong in them and may be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dino_names.corpus.bounds import JOINERS, TOO_MANY
from dino_names.corpus.characters import MAX_LINE, bad_character, check_characters, long_line
from dino_names.corpus.invisible import respell
from dino_names.errors import CorpusError

MAX_NAMES = 10_000_000
# Names are written with fewer characters than a whole literature is.
MAX_NAMES_CHARACTERS = 4_096

SHOWN_WARNINGS = 10
# A capital inside is odd where at most one name in this many has one.
ODD_CAPITALS = 100
HEADINGS = "name names word words title label text genus species id firstname lastname surname"


class NameLines:
    """Distinct names out of lines that come in pieces, with what warnings need."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: dict[str, None] = {}
        self.first = ""
        self.alone = True
        self.own: set[str] = set()  # characters of names, up to the second
        self.characters: set[str] = set()
        self.line = 1
        self.first_line = 1
        self.filled = 0
        self.commas = 0
        self.dropped = 0
        self.capitals = 0
        self.capital_lines: list[tuple[int, str]] = []

    def add(self, text: str) -> None:
        """Take some whole lines, and keep their names.

        Raises:
            CorpusError: as `check`; too many names.
        """
        self.names.update(dict.fromkeys(self.check(text)))
        if len(self.names) > MAX_NAMES:
            raise CorpusError(
                f"{self.source}: expected at most {MAX_NAMES:,} names, received more. {TOO_MANY}"
            )

    def check(self, text: str) -> list[str]:
        """The names of some whole lines, repeats among them, which are not kept.

        Raises:
            CorpusError: with the line, a character that may not stand in a name or a line too
                long; with the source, too many distinct characters.
        """
        text, dropped = respell(text)
        self.dropped += dropped
        characters = check_characters(text, shown=self.source, line=self.line, allowed=JOINERS)
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
        filled = self._count(text, characters, stripped)
        self.line += len(lines) - 1
        check_distinct(self.characters, MAX_NAMES_CHARACTERS, self.source, "a list of names")
        return filled

    def finish(self) -> tuple[str, ...]:
        """The names that were kept.

        Raises:
            CorpusError: there was none.
        """
        if not self.filled:
            received = "nothing but blank lines" if self.characters else "nothing"
            raise CorpusError(f"{self.source}: expected one name per line, received {received}.")
        return tuple(self.names)

    def warnings(self) -> Iterator[str]:
        """What looks wrong and may be right, once there is a name."""
        at_first = f"{self.source}:{self.first_line}:"
        first, alone = self.first, self.alone
        fields = [re.sub(r"[\W_]", "", field).casefold() for field in re.split("[,;]", first)]
        if alone and "," in first:
            yield f"{at_first} one line with commas; expected one name per line."
        elif alone:
            yield f"{at_first} one name only; a model learns from many."
        elif set(fields) & set(HEADINGS.split()) or 0 < self.commas == first.count(","):
            yield f"{at_first} {first!r} looks like a heading; delete it if it is not a name."
        if self.dropped:
            yield (
                f"{self.source}: {self.dropped:,} invisible characters that join nothing, such as "
                "soft hyphens, were dropped."
            )
        if len(self.own) == 1:
            yield f"{at_first} every name is made of {first[0]!r} alone."
        if self.capitals <= max(1, self.filled // ODD_CAPITALS):
            yield from self._capital_warnings()

    def _count(self, text: str, characters: set[str], stripped: list[str]) -> list[str]:
        filled = list(filter(None, stripped))
        if filled and not self.filled:
            self.first, self.first_line = filled[0], self.line + stripped.index(filled[0])
        self.alone = self.alone and len({self.first, *filled}) < 2
        if len(self.own) < 2:
            self.own.update(*filled)
        self.filled += len(filled)
        self.characters |= characters
        self.commas += text.count(",")
        small = "".join(c for c in characters if c.islower())
        capital = "".join(c for c in characters if c.isupper())
        if not small or not capital:
            return filled
        for match in re.finditer(f"[{small}][{capital}].*", text):
            self.capitals += 1
            if len(self.capital_lines) < SHOWN_WARNINGS:
                index = text.count("\n", 0, match.start())
                self.capital_lines.append((self.line + index, stripped[index]))
        return filled

    def _capital_warnings(self) -> Iterator[str]:
        for line, name in self.capital_lines:
            yield (
                f"{self.source}:{line}: {name!r} has a capital letter inside; "
                "if it is two names, put each on a line of its own."
            )
        rest = self.capitals - len(self.capital_lines)
        if rest:
            last = self.capital_lines[-1][0]
            yield f"{self.source}:{last}: {rest} more after it have a capital letter inside."

    def _refuse_tabs(self, lines: list[str], stripped: list[str]) -> None:
        for index, name in enumerate(stripped):
            if "\t" in name:
                position = lines[index].index("\t", lines[index].index(name[0]))
                raise bad_character(
                    lines[index], position, shown=self.source, line=self.line + index
                )


def check_distinct(characters: set[str], limit: int, source: str, kind: str) -> None:
    """Refuse more distinct characters than a language has.

    Raises:
        CorpusError: names the source and the limit.
    """
    if len(characters) > limit:
        raise CorpusError(
            f"{source}: expected at most {limit:,} distinct characters, received more; "
            f"this does not look like {kind}."
        )
