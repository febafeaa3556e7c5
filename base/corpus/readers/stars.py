"""Stars and constellations as catalogues name them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList


def read(folder: Path) -> Iterator[RawList]:
    """Names of stars, and of constellations in both cases; no translations of them."""
    stars = json.loads((folder / "data/starnames.json").read_bytes()).values()
    yield RawList("stars", "la", [star["name"] for star in stars])
    found = json.loads((folder / "data/constellations.json").read_bytes())["features"]
    names = [each["properties"][key] for each in found for key in ("la", "gen")]
    yield RawList("constellations", "la", names)
