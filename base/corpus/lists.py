"""Lists of names on their way from a source into the corpus."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from base.corpus.cleaning import clean, script_of

FEWEST, MOST = 20, 8_000
# Of a script with fewer names in all lists nothing can be learnt.
RARE = 1_000
# What short lists of one kind and script are called together.
REST = "rest"
# A script with fewer than one in so many of a source's names for a group is there by accident.
ACCIDENT = 10
# So large a part of a list's names in one other list makes it a repeat.
NEARLY = 0.8

NO_FILE_NAME = re.compile(r"[^\w-]+")

# Kind, about and script.
Group = tuple[str, str, str]


@dataclass(frozen=True)
class RawList:
    """What a reader found: lines as they are in the source.

    Arguments:
        kind: what they name, such as `places`.
        about: a language, a country or another group that they share; part of a file's name.
        lines: with repeats, explanations and anything else.
    """

    kind: str
    about: str
    lines: Iterable[str]


@dataclass(frozen=True)
class NameList:
    """A list of the corpus: clean, distinct, sorted, of one script.

    Arguments:
        source: key of the source.
        kind: what is named.
        about: a language, a country or another group.
        script: of all letters, such as `latin`.
        names: in order of code points.
    """

    source: str
    kind: str
    about: str
    script: str
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name in the corpus, with a folder for each kind of each source."""
        script = "" if self.script == "latin" else f"-{self.script}"
        return f"{self.source}-{self.kind}/{self.about}{script}"


def refine(source: str, raws: Iterable[RawList], held_out: Container[str]) -> list[NameList]:
    """Lists of a source as the corpus has them.

    Lines are cleaned, held-out names left out, scripts kept apart, lists with one heading joined,
    short ones merged, and of a very long one a fixed part is taken.
    """
    groups: defaultdict[Group, set[str]] = defaultdict(set)
    for raw in raws:
        for script, names in by_script(raw.lines).items():
            groups[raw.kind, NO_FILE_NAME.sub("-", raw.about).strip("-"), script] |= names
    for group, names in groups.items():
        groups[group] = {name for name in names if name not in held_out}
    return [
        NameList(source, *group, tuple(thin(names, MOST)))
        for group, names in sorted(merge_short(groups).items())
    ]


def by_script(lines: Iterable[str]) -> dict[str, set[str]]:
    """The names among lines, by their script; a script that few of them have is an accident."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in set(lines):
        name = clean(line)
        if name is not None:
            found[script_of(name)].add(name)
    enough = max(map(len, found.values()), default=0) / ACCIDENT
    return {script: names for script, names in found.items() if len(names) >= enough}


def merge_short(groups: Mapping[Group, set[str]]) -> dict[Group, set[str]]:
    """Put lists that are too short together, by kind and script; leave out what stays short."""
    merged: defaultdict[Group, set[str]] = defaultdict(set)
    for (kind, about, script), names in groups.items():
        merged[kind, about if len(names) >= FEWEST else REST, script] |= names
    return {group: names for group, names in merged.items() if len(names) >= FEWEST}


def without_repeats(lists: Iterable[NameList]) -> list[NameList]:
    """Leave out a list that is nearly part of another one of its kind and script.

    The longer of two stays, so that no name that two lists share is lost.
    """
    kept: list[NameList] = []
    places: defaultdict[tuple[str, str], defaultdict[str, list[int]]]
    places = defaultdict(lambda: defaultdict(list))
    for one in sorted(lists, key=lambda one: (-len(one.names), one.key)):
        known = places[one.kind, one.script]
        shared = Counter(place for name in one.names if name in known for place in known[name])
        if max(shared.values(), default=0) < NEARLY * len(one.names):
            for name in one.names:
                known[name].append(len(kept))
            kept.append(one)
    return sorted(kept, key=lambda one: one.key)


def learnable(lists: Sequence[NameList]) -> list[NameList]:
    """Leave out scripts that few names of all lists are written in."""
    names: Counter[str] = Counter()
    for one in lists:
        names[one.script] += len(one.names)
    return [one for one in lists if names[one.script] >= RARE]


def thin(names: Collection[str], most: int) -> list[str]:
    """At most so many names, sorted: the same ones each time, and no stretch of the alphabet."""
    if len(names) > most:
        names = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:most]
    return sorted(names)
