"""SCOWL: English words by how common they are, and by spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from base.corpus.lists import RawList

DATA = "usr/share/dict/scowl"
# The commonest words, the common ones and the rest of those that a large dictionary has.
BANDS = {"common": range(36), "known": range(40, 61), "rare": range(70, 71)}
KINDS = {"words": "words", "upper": "proper-names", "proper-names": "proper-names"}


def read(folder: Path) -> Iterator[RawList]:
    """Lists of words by band, and of names; forms with an apostrophe leave."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted((folder / DATA).iterdir()):
        stem, _, level = path.name.partition(".")
        kind = KINDS.get(stem.partition("-")[2])
        band = next((band for band, levels in BANDS.items() if int(level) in levels), None)
        if kind and band and "variant" not in stem:
            words = path.read_text(encoding="latin-1").splitlines()
            found[kind, f"en-{band}"] += [word for word in words if "'" not in word]
    for (kind, about), words in found.items():
        yield RawList(kind, about, words)
