"""Whether an HDF5 file is nothing but the arrays it should be, looked at before any is read.

HDF5 can point to other files by links, by storage outside and by virtual datasets, and can claim
arrays of any size in a few bytes. A folder that somebody sent may hold such a file with a hash
that fits.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator

import h5py
import numpy as np

# Groups and arrays; networks of this package have a few dozen.
MAX_LINKS = 10_000
Shape = tuple[int, ...]


def check_plain(content: bytes, shapes: Iterable[Shape]) -> None:
    """Refuse weights that are not just arrays of these shapes, each stored whole in the file.

    Arguments:
        content: the bytes of the file.
        shapes: one for each array, in any order.

    Raises:
        ValueError: says what there is instead; no array has been read.
        OSError, RuntimeError: no HDF5.
    """
    with h5py.File(io.BytesIO(content), "r") as file:
        received = sorted(_check_array(item) for item in _arrays(file))
    expected = sorted(shapes)
    if received != expected:
        raise ValueError(f"expected {len(expected)} arrays of its architecture, received others")


def _arrays(file: h5py.File) -> Iterator[h5py.h5d.DatasetID]:
    links: dict[bytes, int] = {}

    def note(name: bytes, link: h5py.h5l.LinkInfo) -> bool | None:
        links[name] = link.type
        return True if len(links) > MAX_LINKS else None  # True ends the visit; none may raise

    file.id.links.visit(note, info=True)  # follows no link that is not a hard one
    if len(links) > MAX_LINKS:
        raise ValueError(f"more than {MAX_LINKS} groups and arrays")
    if set(links.values()) - {h5py.h5l.TYPE_HARD}:
        raise ValueError("a link to another place or file")
    for name in links:
        item = h5py.h5o.open(file.id, name)
        if isinstance(item, h5py.h5d.DatasetID):
            yield item
        elif not isinstance(item, h5py.h5g.GroupID):
            raise ValueError("something that is neither a group nor an array")


def _check_array(item: h5py.h5d.DatasetID) -> Shape:
    """The shape of an array that lies in the file as it is."""
    made = item.get_create_plist()
    if made.get_external_count() or made.get_layout() != h5py.h5d.CONTIGUOUS:
        raise ValueError("an array that is stored outside the file or in pieces")
    shape: Shape = tuple(item.shape)
    # What takes no room in the file would be made up when it is read, of any size.
    if item.dtype != np.float32 or item.get_storage_size() != 4 * math.prod(shape):
        raise ValueError("an array that is not made of 32-bit floats, all of them in the file")
    return shape
