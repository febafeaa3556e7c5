from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.modelfile.name_hashes import contains, hash_names


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=6)), st.lists(st.text(max_size=6)))
def test_names_are_found_and_others_not(known: list[str], asked: list[str]) -> None:
    known = [name.encode("utf-8", "ignore").decode() for name in known]
    asked = [name.encode("utf-8", "ignore").decode() for name in asked]
    hashes = hash_names(known)
    assert hashes.dtype == np.uint64
    assert (hashes[1:] > hashes[:-1]).all()
    assert len(hashes) == len(set(known))
    assert contains(hashes, known).all()
    assert contains(hashes, asked).tolist() == [name in known for name in asked]


def test_hashes_are_those_of_blake2b() -> None:
    # 8 bytes of BLAKE2b of "abc", read little-endian: files keep them, so they may not change.
    import hashlib

    digest = hashlib.blake2b(b"abc", digest_size=8).digest()
    assert hash_names(["abc"]).tolist() == [int.from_bytes(digest, "little")]
    assert hash_names(["abc"]).tolist() != hash_names(["Abc"]).tolist()
