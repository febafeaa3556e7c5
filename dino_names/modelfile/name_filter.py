"""Which names are probably in a list, in little room: a filter instead of the names.

B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", Communications of the
ACM 13, 1970: what was put in is always found, and of other names a known share is found too. The
bits of a name are a + i b for two halves a and b of one hash (A. Kirsch and M. Mitzenmacher, "Less
hashing, same performance: building a better Bloom filter", 2006).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from dino_names.arrays import Booleans, UInt64s
from dino_names.checks import check_range
from dino_names.errors import ModelFileError

KEYS = ("bits", "hashes", "names")
MAX_BITS = 1 << 31
MAX_HASHES = 32
WORD_BITS = 64
# Names whose bits are worked out at once.
AT_ONCE = 1 << 16
HASH_BYTES = 16


class NameFilter:
    """A Bloom filter of names.

    Arguments:
        words: the bits, (bits / 64,), the lowest of a word first.
        names: how many distinct names were put in.
        hashes: bits that each name sets.
    """

    def __init__(self, words: UInt64s, *, names: int, hashes: int) -> None:
        self.words, self.names, self.hashes = words, names, hashes

    @classmethod
    def of(cls, names: Iterable[str], *, count: int, errors: float = 0.01) -> NameFilter:
        """The filter of some names.

        Arguments:
            names: NFC-normalised, distinct.
            count: how many they are at most, from which the size follows.
            errors: share of other names that it takes for one of these.

        Raises:
            OptionError: a number out of its range, or a filter that no model file holds.
        """
        check_range("errors", errors, above=0.0, below=1.0)
        check_range("count", count, low=1, whole=True)
        bits = math.ceil(-count * math.log(errors) / math.log(2) ** 2 / WORD_BITS) * WORD_BITS
        check_range("bits of a filter of names", bits, high=MAX_BITS, whole=True)
        hashes = max(1, min(MAX_HASHES, round(bits / count * math.log(2))))
        made = cls(np.zeros(bits // WORD_BITS, np.uint64), names=0, hashes=hashes)
        rest = iter(names)
        while part := list(islice(rest, AT_ONCE)):
            made._put(part)
        return made

    def __len__(self) -> int:
        return self.names

    def contains(self, names: Sequence[str]) -> Booleans:
        """Which of some names are probably among those put in, (names,).

        Arguments:
            names: NFC-normalised.
        """
        found = np.ones(len(names), np.bool_)
        for start in range(0, len(names), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            places = self._places(names[part])
            set_ = self.words[places // WORD_BITS] >> (places % WORD_BITS) & np.uint64(1)
            found[part] = set_.all(axis=1)
        return found

    def section(self) -> dict[str, int]:
        """What a model file says of it beside its words."""
        return {"bits": self.words.size * WORD_BITS, "hashes": self.hashes, "names": self.names}

    def _put(self, names: Sequence[str]) -> None:
        places = self._places(names).ravel()
        np.bitwise_or.at(self.words, places // WORD_BITS, np.uint64(1) << places % WORD_BITS)
        self.names += len(names)

    def _places(self, names: Sequence[str]) -> UInt64s:
        """The bits of each name, (names, hashes)."""
        from hashlib import blake2b  # slow to import

        digests = b"".join(blake2b(n.encode(), digest_size=HASH_BYTES).digest() for n in names)
        halves = np.frombuffer(digests, "<u8").astype(np.uint64).reshape(-1, 2)
        steps = np.arange(self.hashes, dtype=np.uint64)
        # Odd, so that it is never a step of nothing.
        places: UInt64s = halves[:, :1] + steps * (halves[:, 1:] | np.uint64(1))
        return places % np.uint64(self.words.size * WORD_BITS)


def check_filter(label: str, section: Any) -> int:
    """The number of words that a filter's section implies.

    Arguments:
        label: what messages call it.
        section: `bits`, `hashes` and `names`.

    Raises:
        ModelFileError: it is not a filter's.
        OptionError: a number out of its range.
    """
    if not isinstance(section, Mapping) or set(section) != set(KEYS):
        raise ModelFileError(f"metadata: expected {label} to hold {', '.join(KEYS)}.")
    bits = section["bits"]
    check_range(f"{label} bits", bits, low=WORD_BITS, high=MAX_BITS, whole=True)
    check_range(f"{label} hashes", section["hashes"], low=1, high=MAX_HASHES, whole=True)
    check_range(f"{label} names", section["names"], low=0, high=MAX_BITS, whole=True)
    if bits % WORD_BITS:
        raise ModelFileError(f"metadata: expected {label} bits in words of 64, received {bits}.")
    return int(bits) // WORD_BITS
