"""Unicode's Common Locale Data Repository: countries, provinces, cities and words by language."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from base.corpus.lists import RawList, thin
from base.corpus.readers.left_out import SUBDIVIDED, is_left_out

SUBDIVISIONS = "usr/share/unicode/cldr/common/subdivisions"
# Languages share most of these names, so a part of each is enough.
MOST = 2_000
# A language with or without a script; what a country adds to it is nearly the same again.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


def read_subdivisions(folder: Path) -> Iterator[RawList]:
    """Provinces of the world, a list for each language that has words for them."""
    for path in sorted((folder / SUBDIVISIONS).glob("*.xml")):
        language = path.stem.replace("_", "-")
        if LANGUAGE.fullmatch(language) and not is_left_out(language):
            found = ElementTree.parse(path).iter("subdivision")
            lines = {
                each.text or ""
                for each in found
                if each.get("type", "")[:2].upper() not in SUBDIVIDED
            }
            yield RawList("provinces", language, thin(lines, MOST))


def read_annotations(folder: Path) -> Iterator[RawList]:
    """The words that describe signs and pictures: for most languages several thousand."""
    for language, tree in _languages(folder / "annotations", "annotations.json"):
        found = tree["annotations"].get("annotations", {}).values()
        words = {word for each in found for word in each.get("default", []) if " " not in word}
        yield RawList("words", language, thin(words, MOST))


def read_territories(folder: Path) -> Iterator[RawList]:
    """Countries and parts of the world."""
    for language, tree in _languages(folder / "main", "territories.json"):
        names = tree["main"][language]["localeDisplayNames"].get("territories", {})
        yield RawList("countries", language, names.values())


def read_zones(folder: Path) -> Iterator[RawList]:
    """The city that stands for each time zone."""
    for language, tree in _languages(folder / "main", "timeZoneNames.json"):
        zones = tree["main"][language]["dates"].get("timeZoneNames", {}).get("zone", {})
        yield RawList("zone-cities", language, _cities(zones))


def _languages(folder: Path, name: str) -> Iterator[tuple[str, Any]]:
    """Each language that may be taken, with what its file holds."""
    for path in sorted(folder.glob(f"*/{name}")):
        language = path.parent.name
        if LANGUAGE.fullmatch(language) and not is_left_out(language):
            yield language, json.loads(path.read_bytes())


def _cities(tree: dict[str, Any]) -> Iterator[str]:
    for key, value in tree.items():
        if key == "exemplarCity":
            yield value
        elif isinstance(value, dict):
            yield from _cities(value)
