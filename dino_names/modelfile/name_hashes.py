"""Which names were in the training list, from hashes of them and not from the names.

Above some number of names the hashes take more room than the rest of the file, and a filter, which
is wrong for some names, takes their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from dino_names.arrays import Booleans, UInt64s

if TYPE_CHECKING:
    from dino_names.modelfile.name_filter import NameFilter

    KnownNames = UInt64s | NameFilter
else:
    KnownNames = Any


class Listed(Protocol):
    """Names that can be counted, whether all of them are in memory or not."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[str]:
        """Each once."""


# Beyond this, 8 MB, a filter: 1.2 bytes a name, of which one name in a hundred is taken for known.
MOST_HASHES = 1_000_000


def hash_names(names: Iterable[str]) -> UInt64s:
    """Their hashes, sorted, each once: BLAKE2b (RFC 7693) of the UTF-8, 8 bytes long.

    Of a million names, two share a hash with a probability of 3 in 100 million.

    Arguments:
        names: NFC-normalised.
    """
    return np.unique(hash_each(names))


def remember_names(names: Listed) -> KnownNames:
    """What a model file keeps of a list: hashes, or a filter where they would be too many.

    Arguments:
        names: NFC-normalised, distinct.
    """
    if len(names) <= MOST_HASHES:
        return hash_names(names)
    from dino_names.modelfile.name_filter import NameFilter

    return NameFilter.of(names, count=len(names))


def contains(known: KnownNames, names: Sequence[str]) -> Booleans:
    """Which of some names are among those that are remembered.

    Arguments:
        known: from `hash_names` or `remember_names`.
        names: NFC-normalised.

    Returns:
        bool of shape (names,).
    """
    if not isinstance(known, np.ndarray):
        return known.contains(names)
    own = hash_each(names)
    if not known.size:
        return np.zeros(own.shape, np.bool_)
    places = np.minimum(np.searchsorted(known, own), known.size - 1)
    found: Booleans = known[places] == own
    return found


def are_remembered(known: KnownNames, names: Iterable[str]) -> bool:
    """Whether these names, and no others as far as can be told, are the remembered ones."""
    distinct = sorted(set(names))
    return len(distinct) == len(known) and bool(contains(known, distinct).all())


def hash_each(names: Iterable[str]) -> UInt64s:
    """The hash of each, (names,); see `hash_names`."""
    from hashlib import blake2b  # slow to import, and not every model keeps hashes

    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
