"""WordNet: English words and names by what they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
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
# Heads of what is left out whole: medicines, dinosaurs, languages, what tales have made up.
HEADS = frozenset(
    ["medicine", "drug", "dinosaur", "language", "imaginary_being", "terrorist_organization"]
)
BELOW = frozenset(["~", "~i"])
INSTANCE_OF = "@i"


@dataclass(frozen=True)
class Synset:
    """A set of synonyms.

    Arguments:
        file: number of the lexicographers' file.
        words: as the data write them.
        below: where the sets that are kinds or instances of it stand.
        above: where the sets that it is an instance of stand.
    """

    file: int
    words: list[str]
    below: list[str]
    above: list[str]


def read(folder: Path) -> Iterator[RawList]:
    """Words by the lexicographers' files; names by what they are names of: rivers, writers."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for part in ("noun", "verb", "adj", "adv"):
        synsets = _taken((folder / DATA / f"data.{part}").read_text(encoding="ascii"))
        for one in synsets.values():
            heads = [synsets[place].words[0].lower() for place in one.above if place in synsets]
            for word in one.words:
                kind = "proper-names" if word[:1].isupper() else "words"
                about = heads[0] if heads and kind == "proper-names" else FILES[one.file]
                found[kind, f"en-{about}"].append(word.partition("(")[0].replace("_", " "))
    for (kind, about), words in found.items():
        yield RawList(kind, about, words)


def _taken(text: str) -> dict[str, Synset]:
    """The sets of a file by the place where they stand, but for those that are left out."""
    lines = (line for line in text.splitlines() if not line.startswith(" "))
    synsets = dict(map(_record, lines))
    left_out = [place for place, one in synsets.items() if not HEADS.isdisjoint(one.words)]
    while left_out:
        one = synsets.pop(left_out.pop(), None)
        left_out += one.below if one else []
    return synsets


def _record(line: str) -> tuple[str, Synset]:
    """Where a set of synonyms stands, and the set."""
    place, number, _, count, *rest = line.split(" ")
    size = 2 * int(count, 16)
    words, pointers = rest[:size:2], rest[size + 1 :]
    targets = [(pointers[4 * i], pointers[4 * i + 1]) for i in range(int(rest[size]))]
    below = [target for sign, target in targets if sign in BELOW]
    above = [target for sign, target in targets if sign == INSTANCE_OF]
    return place, Synset(int(number), words, below, above)
