"""Faker: first names, surnames, places, streets and words by locale."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList
from base.corpus.readers.left_out import is_left_out

# Which attributes of which provider hold a kind.
KINDS = {
    "person": {
        "first-names-female": r"first_names_female\w*",
        "first-names-male": r"first_names_male\w*",
        "first-names": r"first_names(_nonbinary|_unisex|_est|_rus)?",
        "surnames": r"(unisex_|male_)?last_names(?!_pairs)\w*",
        "patronymics": r"middle_names\w*",
    },
    "address": {
        "places": "cities|city_names|towns|villages|settlements|localities|bairros|freguesias|"
        "concelhos|communes|municipalities|province_lgus|tambons|amphoes|places",
        "streets": r"street_names|streets|street_titles|road_names|streets_\w+",
    },
    "job": {"occupations": "jobs(_female|_male)?"},
    "company": {"companies": "large_companies|companies|company_names"},
    "bank": {"banks": "banks"},
    "color": {"colours": "all_colors"},
    "lorem": {"words": "word_list"},
}


def read(folder: Path) -> Iterator[RawList]:
    """One list a kind and locale, out of the tables of the providers' classes."""
    sys.path.insert(0, str(folder))
    try:
        for provider, kinds in KINDS.items():
            package = importlib.import_module(f"faker.providers.{provider}")
            for found in pkgutil.iter_modules(package.__path__):
                if found.ispkg and not is_left_out(found.name):
                    module = importlib.import_module(f"{package.__name__}.{found.name}")
                    yield from _lists(found.name, vars(module.Provider), kinds)
    finally:
        sys.path.remove(str(folder))


def _lists(locale: str, attributes: dict[str, object], kinds: dict[str, str]) -> Iterator[RawList]:
    """The lists of one locale; where there are women's and men's names, no list of both."""
    taken: set[str] = set()
    for kind, pattern in kinds.items():
        tables = [attributes[name] for name in attributes if re.fullmatch(pattern, name)]
        lines = [line for table in tables for line in _strings(table)]
        if lines and not (kind == "first-names" and taken):
            yield RawList(kind, locale, lines)
            taken.add(kind)


def _strings(table: object) -> list[str]:
    """Names of a table: a sequence, one with codes before the names, or one with weights."""
    if not isinstance(table, list | tuple | dict):
        return []
    rows = (row[-1] if isinstance(row, tuple) and row else row for row in table)
    return [row for row in rows if isinstance(row, str)]
