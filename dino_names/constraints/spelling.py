"""When two characters count as the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

Spelling = Callable[[str], str]


def exact(character: str) -> str:
    """Itself."""
    return character


def any_case(character: str) -> str:
    """Small and capital alike, one character for one."""
    small = character.lower()
    return small if len(small) == 1 else character


def bare(text: str) -> str:
    """What is left for words not to say: letters and digits, without accents and case.

    Blanks, hyphens and apostrophes are dropped, so that they hide no word.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if character.isalnum())
