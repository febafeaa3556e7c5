"""HDF5 that is more than arrays: refused before an array is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from dino_names.training.saving import plain_hdf5 as plain_weights
from dino_names.training.saving.plain_hdf5 import check_plain

pytestmark = pytest.mark.tensorflow

SHAPES = [(3, 4), (4,)]
OUTSIDE = "an array that is stored outside the file or in pieces"
LINK = "a link to another place or file"
FLOATS = "not made of 32-bit floats, all of them in the file"


def weights(add: Callable[[h5py.File], Any] = lambda file: None) -> bytes:
    """A file with arrays of SHAPES in groups, and what is added to it."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for number, shape in enumerate(SHAPES):
            file[f"layers/{number}/vars/0"] = np.ones(shape, np.float32)
        add(file)
    return buffer.getvalue()


def unallocated(file: h5py.File) -> None:
    file.create_dataset("huge", shape=(2**40, 2**20), dtype=np.float32)


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    file.create_virtual_dataset("virtual", layout)


HOSTILE: dict[str, tuple[Callable[[h5py.File], Any], str]] = {
    "external link": (lambda f: f.__setitem__("x", h5py.ExternalLink("/etc/passwd", "/")), LINK),
    "soft link": (lambda f: f.__setitem__("x", h5py.SoftLink("/layers")), LINK),
    "external storage": (
        lambda f: f.create_dataset(
            "x", (4,), np.float32, external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)]
        ),
        OUTSIDE,
    ),
    "virtual": (virtual, OUTSIDE),
    "compressed": (
        lambda f: f.create_dataset("x", data=np.zeros(4, np.float32), compression="gzip"),
        OUTSIDE,
    ),
    "claims more than it has": (unallocated, FLOATS),
    "doubles": (lambda f: f.create_dataset("x", data=np.zeros(4)), FLOATS),
    "texts": (lambda f: f.create_dataset("x", data=["text"]), FLOATS),
    "a named type": (lambda f: f.__setitem__("x", np.dtype("f4")), "neither a group nor an array"),
    "one more": (lambda f: f.create_dataset("x", data=np.zeros(4, np.float32)), "2 arrays of its"),
    "an array twice": (lambda f: f.__setitem__("x", f["layers/0/vars/0"]), "2 arrays of its"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_more_than_arrays_is_refused(case: str) -> None:
    add, message = HOSTILE[case]
    with pytest.raises(ValueError, match=message):
        check_plain(weights(add), SHAPES)


def test_arrays_are_taken_in_any_order_and_groups_may_turn_in_circles() -> None:
    check_plain(weights(), SHAPES[::-1])
    check_plain(weights(lambda f: f.__setitem__("layers/again", f["layers"])), SHAPES)
    with pytest.raises(ValueError, match="arrays of its architecture"):
        check_plain(weights(), [(4, 3), (4,)])


def test_a_file_of_endless_groups_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_weights, "MAX_LINKS", 7)
    check_plain(weights(), [*SHAPES])  # layers, and two of group, vars and 0
    with pytest.raises(ValueError, match="more than 7 groups"):
        check_plain(weights(lambda f: f.create_group("more")), SHAPES)


def test_no_hdf5_at_all_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"text", weights()[:200]):
        with pytest.raises(OSError, match=r"\w"):
            check_plain(content, SHAPES)
