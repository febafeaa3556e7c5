"""Characters that may not stand in a name or a text, and how that is said."""

from __future__ import annotations

import re
import unicodedata

from dino_names.corpus.bounds import FORBIDDEN
from dino_names.errors import CorpusError

MAX_LINE = 256
# The bound of the Stream-Safe Text Format (UAX #15, section 13); sorting a long run of accents
# takes time that grows with its square.
MAX_ACCENTS = 30
BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROL_NAMES = {
    "\0": "NULL",
    "\t": "TAB",
    "\n": "NEWLINE",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def check_characters(text: str, *, shown: str, line: int, allowed: str = "") -> set[str]:
    """Refuse what cannot be seen: control, bidirectional and format characters.

    Arguments:
        text: whole lines; newlines and tabs are allowed.
        shown, line: the file, and the line at which the text starts in it.
        allowed: characters that may stand there though they cannot be seen.

    Returns:
        The distinct characters of the text.

    Raises:
        CorpusError: names the first such character, its line and its column.
    """
    characters = set(text)
    bad = {c for c in characters if unicodedata.category(c) in FORBIDDEN} - {"\n", "\t", *allowed}
    if bad:
        raise bad_character(text, min(map(text.index, bad)), shown=shown, line=line)
    accents = "".join(c for c in characters if unicodedata.combining(c))
    run = accents and re.search(f"[{accents}]{{{MAX_ACCENTS + 1}}}", text)
    if run:
        raise CorpusError(
            f"{shown}:{line + text.count(chr(10), 0, run.start())}: expected at most "
            f"{MAX_ACCENTS} accents on a letter, received more. Delete them."
        )
    return characters


def bad_character(text: str, position: int, *, shown: str, line: int) -> CorpusError:
    """The error for a character that may not stand where it does.

    Arguments:
        text: whole lines.
        position: the character in the text.
        shown, line: the file, and the line at which the text starts in it.
    """
    character = text[position]
    name = CONTROL_NAMES.get(character) or unicodedata.name(character, "")
    kinds = {"Cf": "format", "Cs": "surrogate", "Zl": "separator", "Zp": "separator"}
    kind = kinds.get(unicodedata.category(character), "control")
    kind = "bidirectional" if character in BIDIRECTIONAL else kind
    column = position - text.rfind("\n", 0, position)
    named = f"U+{ord(character):04X} {name}".rstrip()
    return CorpusError(
        f"{shown}:{line + text.count(chr(10), 0, position)}: expected visible characters, "
        f"received the {kind} character {named} in column {column}. Delete it."
    )


def long_line(text: str, *, shown: str, line: int) -> CorpusError:
    """The error for a line that is too long, with how it begins."""
    return CorpusError(
        f"{shown}:{line}: expected at most {MAX_LINE} characters in a line, received more "
        f"({text.lstrip()[:20]!r}...). Put each name on a line of its own."
    )
