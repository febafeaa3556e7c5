"""Faker for PHP: first names, surnames and places by locale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList
from base.corpus.readers.left_out import is_left_out

DATA = "usr/share/php/Faker/Provider"
TABLE = re.compile(r"static \$(\w+) *= *(?:array\(|\[)(.*?)(?:\)|\]);", re.DOTALL)
STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"")
COMMENT = re.compile(r"(^|\s)//.*$|^\s*(\*|/\*|#).*$", re.MULTILINE)
KEY = re.compile(r"(?:'[^'\n]*'|\"[^\"\n]*\"|\d+)\s*=>")
# For each kind which tables of which files hold it. The texts of novels in other files stay out.
KINDS = {
    "first-names-female": ("Person.php", r"firstNameFemale\w*"),
    "first-names-male": ("Person.php", r"firstNameMale\w*"),
    "surnames": ("Person.php", r"lastName(?!Format)\w*"),
    "patronymics": ("Person.php", r"middleName\w*"),
    "places": ("Address.php", r"city|cityNames?|towns|village\w*Names?|kommuneNames|district|ward"),
    "streets": ("Address.php", r"street|streetNames?|streetPlainName"),
}


def read(folder: Path) -> Iterator[RawList]:
    """One list a kind and locale."""
    for place in sorted((folder / DATA).glob("??_*")):
        locale = place.name
        if not is_left_out(locale):
            for kind, (name, pattern) in KINDS.items():
                if (place / name).exists():
                    yield RawList(kind, locale, tables(place / name, pattern))


def tables(path: Path, pattern: str) -> Iterator[str]:
    """The strings of a file's tables whose names match; keys and comments are none of them."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    for table in TABLE.finditer(text):
        if re.fullmatch(pattern, table[1]):
            for single, double in STRING.findall(KEY.sub("", table[2])):
                yield re.sub(r"\\(.)", r"\1", single or double)
