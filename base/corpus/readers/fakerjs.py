"""Faker for JavaScript: names, places, streets, words and breeds by locale."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from base.corpus.errors import SourceError
from base.corpus.lists import RawList
from base.corpus.readers.left_out import is_left_out

# Its tables are a program, so Node.js, which npm needs anyway, is asked to print them.
PRINT = "import(process.argv[1]).then(faker => console.log(JSON.stringify(faker.allLocales)))"
# For each kind the modules and entries of a locale that hold it.
KINDS = {
    "first-names-female": r"person\.(first_name|middle_name)\.female",
    "first-names-male": r"person\.(first_name|middle_name)\.male",
    "first-names": r"person\.(first_name|middle_name)\.generic",
    "surnames": r"person\.last_name\.\w+",
    "places": r"location\.(city_name|county)",
    "provinces": r"location\.state",
    "streets": r"location\.(street_name|street_name_part)",
    "words": r"(lorem\.word|word\.\w+|animal\.type)",
    "occupations": r"person\.job_type",
    "colours": r"color\.human",
    "birds": r"animal\.bird",
    "fish": r"animal\.fish",
    "insects": r"animal\.insect",
    "snakes": r"animal\.(snake|crocodilia)",
    "mammals": r"animal\.(cetacean|rodent|bear|lion)",
    "breeds": r"animal\.(dog|cat|horse|cow|rabbit)",
    "foods": r"food\.(dish|ingredient|fruit|spice|vegetable|meat)",
    "elements": r"science\.chemical_element\.name",
    "airlines": r"airline\.airline\.name",
    "music": r"music\.genre",
    "musicians": r"music\.artist",
    "writers": r"book\.author",
    "publishers": r"book\.publisher",
}
# Counties are ISO 3166-2's in Great Britain; two locales are jokes about others.
NOT_THESE = re.compile(r"(en_GB location\.county|(en_BORK|en_AU_ocker|base) .*)")


def read(folder: Path) -> Iterator[RawList]:
    """One list a kind and locale."""
    command = ["node", "--eval", PRINT, str(folder / "dist/index.js")]
    try:
        printed = subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SourceError(f"fakerjs: needs Node.js 20 or later as `node`: {error}.") from error
    for locale, tree in json.loads(printed).items():
        if not is_left_out(locale):
            yield from _lists(locale, tree)


def _lists(locale: str, tree: Any) -> Iterator[RawList]:
    """The lists of a locale."""
    found: dict[str, list[str]] = {}
    for path, line in _leaves(tree):
        for kind, pattern in KINDS.items():
            if re.fullmatch(pattern, path) and not NOT_THESE.fullmatch(f"{locale} {path}"):
                found.setdefault(kind, []).append(line)
    for kind, lines in found.items():
        yield RawList(kind, locale, lines)


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a tree and the keys that lead to it; places in a list are no keys."""
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, list):
        for value in tree:
            yield from _leaves(value, path)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, f"{path}.{key}" if path else key)
