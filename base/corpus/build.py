"""From unpacked archives to a corpus that holds no held-out name."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from base.corpus.archives import unpacked
from base.corpus.checking import check
from base.corpus.held_out import Fold, HeldOut
from base.corpus.lists import NameList, learnable, refine, without_repeats
from base.corpus.sources import Source
from base.corpus.writing import write


def build(build_folder: Path, held_out_file: Path, sources: Sequence[Source]) -> str:
    """Make the corpus out of what was fetched; give the SHA-256 of all its lists.

    Raises:
        HeldOutError: a held-out name was found in what was written.
        SourceError: an archive is missing or not the one that was tested.
    """
    fold = unidecode_fold()
    held_out = HeldOut.read(held_out_file, fold)
    folders = [unpacked(source, build_folder) for source in sources]
    lists: list[NameList] = []
    for source, folder in zip(sources, folders, strict=True):
        found = refine(source.key, source.read(folder), held_out)
        print(f"{source.key}: {len(found)} lists", file=sys.stderr, flush=True)
        lists += found
    return publish(
        learnable(without_repeats(lists)), build_folder / "corpus", sources, held_out_file, fold
    )


def publish(
    lists: Sequence[NameList],
    corpus: Path,
    sources: Sequence[Source],
    held_out_file: Path,
    fold: Fold,
) -> str:
    """Write the lists beside their place, check them there, and only then move them into it.

    Raises:
        HeldOutError: a held-out name was found in what was written.
    """
    unchecked = corpus.with_suffix(".unchecked")
    described = {source.key: describe(source) for source in sources}
    sha256 = write(lists, unchecked, described)
    check(unchecked, held_out_file, fold)
    shutil.rmtree(corpus, ignore_errors=True)
    unchecked.rename(corpus)
    return sha256


def describe(source: Source) -> dict[str, str]:
    """What the corpus says of a source."""
    fields = ("index", "package", "version", "sha256", "names", "licence", "attribution")
    return {field: getattr(source, field) for field in fields}


def unidecode_fold() -> Fold:
    """The folding that the hashes were made with."""
    unidecode = importlib.import_module("unidecode").unidecode

    def fold(name: str) -> str:
        folded: str = unidecode(name)
        return folded.casefold().strip()

    return fold
