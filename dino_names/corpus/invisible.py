"""Characters that cannot be seen: those that a spelling needs, and those that only stand about."""

from __future__ import annotations

import re
import unicodedata

from dino_names.corpus.bounds import JOINERS

# Soft hyphen, zero width space, word joiner, a byte-order mark inside.
IDLE = "\u00ad\u200b\u2060\ufeff"
# Spaces at which no line breaks, which are spaces all the same.
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
ODD = re.compile(f"[{JOINERS}{IDLE}]+")
VIRAMA = 9  # the combining class of what takes the vowel off a consonant
EMOJI = ("So", "Sk")
VARIATION = "\ufe0f"


def respell(text: str) -> tuple[str, int]:
    """A text with the invisible characters that belong there, and how many were dropped.

    A joiner belongs between letters that join (Arabic and its kin), behind the virama of an Indic
    conjunct, and between emoji of one sequence. Spaces at which no line breaks become spaces.

    Arguments:
        text: any; where a line ends nothing joins.
    """
    if text.isascii():
        return text, 0
    text = text.translate(SPACES)
    dropped = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal dropped
        run = match[0].translate(dict.fromkeys(map(ord, IDLE)))
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        kept = run if len(run) == 1 and before and after and _joins(before, run, after) else ""
        dropped += len(match[0]) - len(kept)
        return kept

    return ODD.sub(keep, text), dropped


def spelled(name: str) -> str:
    """A name as it is learned: composed (NFC), without blanks around or idle characters."""
    return unicodedata.normalize("NFC", respell(name)[0]).strip()


def _joins(before: str, joiner: str, after: str) -> bool:
    """Whether a joiner belongs between two characters."""
    if unicodedata.combining(before) == VIRAMA:
        return after.isalpha()
    if joiner == "\u200d" and unicodedata.category(after) == "So":
        return before == VARIATION or unicodedata.category(before) in EMOJI
    kinds = [unicodedata.bidirectional(c) for c in (before, after)]
    # A vowel sign may stand on the letter before.
    return kinds[1] == "AL" and kinds[0] in ("AL", "NSM")


def is_whole(name: str) -> bool:
    """Whether a name begins and ends with whole characters, as a reader sees them."""
    if name.isascii():
        return True
    return unicodedata.category(name[0])[0] != "M" and respell(name)[0] == name
