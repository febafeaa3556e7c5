"""What of a line in a source is a name, and how it is written here."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

SHORTEST, LONGEST = 2, 40
# What stands in brackets explains a name and is no part of it.
BRACKETS = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})")
OPENING = frozenset("([{")
SPACES = re.compile(r"\s+")
# Characters that are written in one way here, and those that show nothing and leave. Names with
# joiners, which show nothing but belong to the spelling, are not taken. The last one to leave
# makes an Arabic word wider.
ONE_WAY = str.maketrans(
    {
        **dict.fromkeys("’‘´`′＇", "'"),
        **dict.fromkeys("‐‑–−", "-"),
        "ĳ": "ij",
        "Ĳ": "IJ",
        **dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff\u00ad\u0640", ""),
    }
)
# Not at the ends of a name: there they are left over from something that was cut off.
ENDS = "'-·・־& "
# In a name beside letters and their marks.
INSIDE = frozenset("'-·・־&. ")
KANA = frozenset(["hiragana", "katakana", "katakana-hiragana"])
# Too many letters for a model of characters.
NOT_TAKEN = frozenset(["cjk"])


def clean(line: str) -> str | None:
    """A name as the corpus writes it, or None for what is not a name.

    Letters stay as the source has them, capitals and accents too. Explanations in brackets
    leave; apostrophes, hyphens and spaces are written in one way each. What is all in capitals
    is an abbreviation, or was typed so; it is not taken.
    """
    name = unicodedata.normalize("NFC", line.translate(ONE_WAY))
    if not OPENING.isdisjoint(name):
        name = _without_brackets(name)
    name = SPACES.sub(" ", name).strip(ENDS)
    if not SHORTEST <= len(name) <= LONGEST or name.isupper():
        return None
    return name if script_of(name) else None


def script_of(name: str) -> str:
    """The script of a name's letters, such as `latin`.

    Empty for what is no name: with a digit or a sign, without two letters, in two scripts, or in
    one that is not taken.
    """
    kinds = [_kind(char) for char in name]
    letters = [kind for kind in kinds if kind not in ("mark", "sign")]
    scripts = set(letters) - {"modifier"}
    if len(letters) < 2 or len(scripts) != 1:
        return ""
    (script,) = scripts
    return "" if script is None or script in NOT_TAKEN else script


@cache
def _kind(char: str) -> str | None:
    """A letter's script, or `modifier`, `mark` or `sign`; None for what is in no name."""
    category = unicodedata.category(char)
    if category == "Lm" and "KATAKANA" not in unicodedata.name(char, ""):
        return "modifier"
    if category[0] == "L":
        script = unicodedata.name(char, "unknown").split()[0].lower()
        return "kana" if script in KANA else script
    if category[0] == "M":
        return "mark"
    return "sign" if char in INSIDE else None


def _without_brackets(name: str) -> str:
    """A name without what stands in pairs of brackets, one inside another too."""
    while (shorter := BRACKETS.sub("", name)) != name:
        name = shorter
    return name
