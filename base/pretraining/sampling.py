"""The corpus as batches: names of many lists, each with the number of its list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from base.pretraining.syllables import syllable_lists
from base.pretraining.variants import Variant, variants
from dino_names import Vocabulary
from dino_names.arrays import Array, Booleans, Float32s, Float64s, Int32s, Int64s

LONGEST = 30
FEWEST_NAMES = 20
# A character of fewer names than this, over all lists, is not learned.
RARE = 60
# A list of n names is drawn in proportion to n to the power of this.
POWER = 0.6
# Batches that are sorted by length together.
POOL = 64


class Batch(NamedTuple):
    """Names with the numbers of their lists.

    Arguments:
        ids: a boundary, the name, boundaries after it, (batch, time + 1).
        lists: (batch,).
        counts: 1 where the next character counts, (batch, time).
    """

    ids: Int32s
    lists: Int32s
    counts: Float32s


@dataclass(frozen=True)
class Source:
    """A list of the corpus and how it is drawn.

    Arguments:
        names: as the corpus has them.
        latin: whether its letters are.
        weight: times what its length gives.
    """

    names: tuple[str, ...]
    latin: bool
    weight: float = 1.0


def read_corpus(
    folder: Path, *, scripts: Sequence[str], weights: Mapping[str, float], synthetic: int
) -> dict[str, Source]:
    """The lists of a corpus, and some made of syllables.

    Arguments:
        folder: what `base.corpus` made.
        scripts: those to take.
        weights: of lists whose key begins so.
        synthetic: lists of syllables to try.
    """
    lists: dict[str, Source] = {}
    facts = json.loads((folder / "corpus.json").read_text(encoding="utf-8"))
    for entry in facts["lists"]:
        if entry["script"] in scripts:
            text = (folder / f"{entry['key']}.txt").read_text(encoding="utf-8")
            names = tuple(n for n in text.split("\n") if n and len(n) <= LONGEST)
            weight = next((w for key, w in weights.items() if entry["key"].startswith(key)), 1.0)
            lists[entry["key"]] = Source(names, entry["script"] == "latin", weight)
    real = {key: source.names for key, source in lists.items() if source.latin}
    weight = weights.get("syllables", 1.0)
    for key, made in syllable_lists(real, synthetic):
        lists[key] = Source(tuple(made), True, weight)
    return lists


def vocabulary_of(lists: Mapping[str, Source]) -> Vocabulary:
    """The characters of many names, in both their cases."""
    counted: Counter[str] = Counter()
    for source in lists.values():
        for name in source.names:
            counted.update({*name, *name.lower()})
    known = [c for c, times in counted.items() if times >= RARE and len(c.lower()) == 1]
    return Vocabulary.of(known)


class Corpus:
    """Every variant of every list, encoded.

    Arguments:
        lists: by key.
        vocabulary: names with other characters are left out.

    Attributes:
        keys: the list of each variant.
        chances: how often each variant is drawn, (variants,).
        used: which characters each has, the boundary among them, (variants, vocab_size).
    """

    def __init__(self, lists: Mapping[str, Source], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        known = set(vocabulary.characters[1:])
        kept: list[Variant] = []
        weights: list[float] = []
        for key, source in lists.items():
            names = [name for name in source.names if known.issuperset(name)]
            for variant in variants(key, names, latin=source.latin):
                fitting = tuple(name for name in variant.names if known.issuperset(name))
                if len(fitting) >= FEWEST_NAMES:
                    kept.append(Variant(key, fitting, variant.share))
                    weights.append(variant.share * source.weight * len(names) ** POWER)
        self.keys = [variant.key for variant in kept]
        self.chances: Float64s = np.array(weights) / sum(weights)
        self._counts: Int64s = np.array([len(variant.names) for variant in kept])
        self._first: Int64s = np.concatenate([[0], np.cumsum(self._counts)[:-1]])
        flat = [name for variant in kept for name in variant.names]
        self._lengths: Int64s = np.array([len(name) for name in flat])
        self._places: Int64s = np.concatenate([[0], np.cumsum(self._lengths)[:-1]])
        self._letters: Array = vocabulary.encode("".join(flat)).astype(np.uint16)
        self.used: Booleans = self._characters_used()

    def __len__(self) -> int:
        return len(self.keys)

    def _characters_used(self) -> Booleans:
        used = np.zeros((len(self), len(self.vocabulary)), np.bool_)
        used[:, 0] = True
        for row, (first, count) in enumerate(zip(self._first, self._counts, strict=True)):
            last = first + count - 1
            end = self._places[last] + self._lengths[last]
            used[row, np.unique(self._letters[self._places[first] : end])] = True
        return used

    def batches(self, size: int, *, seed: int) -> Iterator[Batch]:
        """Batches of names of like length, of lists by their chances, without end."""
        rng = np.random.default_rng(seed)
        bounds = np.cumsum(self.chances)
        while True:
            drawn = np.searchsorted(bounds, rng.random(POOL * size)).clip(max=len(self) - 1)
            names = self._first[drawn] + (rng.random(len(drawn)) * self._counts[drawn]).astype(int)
            order = np.lexsort((rng.random(len(names)), self._lengths[names]))
            for part in rng.permutation(POOL):
                rows = order[part * size : (part + 1) * size]
                yield self._pack(names[rows], drawn[rows])

    def _pack(self, names: Int64s, lists: Int64s) -> Batch:
        lengths = self._lengths[names]
        longest = int(lengths.max())
        columns = np.arange(longest)
        places = self._places[names][:, None] + np.minimum(columns, lengths[:, None] - 1)
        letters = np.where(columns < lengths[:, None], self._letters[places], 0)
        ids = np.zeros((len(names), longest + 2), np.int32)
        ids[:, 1:-1] = letters
        counts = (np.arange(longest + 1) <= lengths[:, None]).astype(np.float32)
        return Batch(ids, lists.astype(np.int32), counts)
