"""WordNet: English words and names by what they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList

DATA = "usr/share/wordnet"
# The numbers of the lexicographers' files, as every line of the data names one.
NOUNS = (
    "tops acts animals artifacts attributes bodies cognition communication events feelings foods "
    "groups places motives objects people phenomena plants possessions processes quantities "
    "relations shapes states substances times"
)
VERBS = (
    "body change cognition communication competition consumption contact creation emotion motion "
    "perception possession social stative weather"
)
FILES = ["adjectives", "relational", "adverbs", *NOUNS.split()]
FILES += [f"{about}-verbs" for about in VERBS.split()] + ["participles"]
# Heads of what is left out whole: medicines, dinosaurs, and languages.
HEADS = frozenset(["medicine", "drug", "dinosaur", "language", "mythical_being", "monster"])
BELOW = frozenset(["~", "~i"])


def read(folder: Path) -> Iterator[RawList]:
    """A list for each of the lexicographers' files, words and names apart."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for part in ("noun", "verb", "adj", "adv"):
        for number, words in _synsets(folder / DATA / f"data.{part}"):
            for word in words:
                kind = "proper-names" if word[:1].isupper() else "words"
                found[kind, f"en-{FILES[number]}"].append(word)
    for (kind, about), words in found.items():
        yield RawList(kind, about, words)


def _synsets(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number of the file and the words, of each set of synonyms that is not left out."""
    sets: dict[str, tuple[int, list[str], list[str]]] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if not line.startswith(" "):
            place, record = _record(line)
            sets[place] = record
    left_out = [place for place, (_, words, _) in sets.items() if not HEADS.isdisjoint(words)]
    while left_out:
        _, _, below = sets.pop(left_out.pop(), (0, [], []))
        left_out += below
    for number, words, _ in sets.values():
        yield number, [word.partition("(")[0].replace("_", " ") for word in words]


def _record(line: str) -> tuple[str, tuple[int, list[str], list[str]]]:
    """Where a set of synonyms stands, its file, its words, and where those below it stand."""
    place, number, _, count, *rest = line.split(" ")
    words = rest[: 2 * int(count, 16) : 2]
    pointers = rest[2 * int(count, 16) + 1 :]
    below = [
        pointers[4 * i + 1]
        for i in range(int(rest[2 * int(count, 16)]))
        if pointers[4 * i] in BELOW
    ]
    return place, (int(number), words, below)
