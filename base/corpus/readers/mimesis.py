"""Mimesis: first names, surnames, places, streets and words by locale."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from base.corpus.lists import RawList
from base.corpus.readers.left_out import is_left_out

DATA = "mimesis/datasets"
# For each kind the file and the keys that lead to its list.
KINDS = {
    "first-names-female": ("person.json", "names", "female"),
    "first-names-male": ("person.json", "names", "male"),
    "surnames": ("person.json", "surnames"),
    "occupations": ("person.json", "occupation"),
    "universities": ("person.json", "university"),
    "companies": ("finance.json", "company", "name"),
    "banks": ("finance.json", "banks"),
    "places": ("address.json", "city"),
    "streets": ("address.json", "street", "name"),
    "countries": ("address.json", "country", "name"),
    "dishes": ("food.json", "dishes"),
    "fruits": ("food.json", "fruits"),
    "vegetables": ("food.json", "vegetables"),
    "drinks": ("food.json", "drinks"),
    "spices": ("food.json", "spices"),
    "words": ("text.json", "words"),
}


def read(folder: Path) -> Iterator[RawList]:
    """One list a kind and locale."""
    for path in sorted((folder / DATA).glob("*/person.json")):
        locale = path.parent.name
        if not is_left_out(locale):
            for kind, (name, *keys) in KINDS.items():
                yield RawList(kind, locale, _strings(_at(path.with_name(name), keys)))


def _at(path: Path, keys: list[str]) -> Any:
    """What stands in a file at the end of a path of keys; nothing if it does not go so far."""
    found = json.loads(path.read_bytes()) if path.exists() else None
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _strings(tree: Any) -> list[str]:
    """All strings of a tree of lists and dictionaries, keys not among them."""
    if isinstance(tree, str):
        return [tree]
    values = tree.values() if isinstance(tree, dict) else tree or ()
    return [text for value in values for text in _strings(value)]
