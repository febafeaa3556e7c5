"""Which names were in the training list, from hashes of them and not from the names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dino_names.arrays import Booleans, UInt64s


def hash_names(names: Iterable[str]) -> UInt64s:
    """Their hashes, sorted, each once: BLAKE2b (RFC 7693) of the UTF-8, 8 bytes long.

    Of a million names, two share a hash with a probability of 3 in 100 million.

    Arguments:
        names: NFC-normalised.
    """
    return np.unique(_hashes(names))


def contains(hashes: UInt64s, names: Sequence[str]) -> Booleans:
    """Which of some names are among those that were hashed.

    Arguments:
        hashes: from `hash_names`.
        names: NFC-normalised.

    Returns:
        bool of shape (names,).
    """
    own = _hashes(names)
    if not hashes.size:
        return np.zeros(own.shape, np.bool_)
    places = np.minimum(np.searchsorted(hashes, own), hashes.size - 1)
    found: Booleans = hashes[places] == own
    return found


def _hashes(names: Iterable[str]) -> UInt64s:
    from hashlib import blake2b  # slow to import, and not every model keeps hashes

    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
