"""Model files of other programs, told by how they begin and never opened."""

from __future__ import annotations

import re

# What other programs' files begin with, and what they are.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    *((place, b"\x89HDF\r\n\x1a\n", "an HDF5 file (.h5)") for place in (0, 512, 1024, 2048)),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\0", "an xz archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x08\x01\x12", "a SavedModel or another protocol buffer"),
    (0, b"\x93NUMPY", "a NumPy array (.npy)"),
)
# A pickle says its protocol first; before protocol 2 it is text that builds or calls something.
PICKLE = re.compile(rb"\x80[\x02-\x05]|\(?[dlit]p?\d*\n|\(?c[\w.]+\n[\w.]+\n|[\]})](?:q\0|\.)")
ZIP_KINDS = (
    (b"data.pkl", "a PyTorch file"),
    (b".npy", "NumPy arrays (.npz)"),
    (b"config.json", "a Keras model (.keras)"),
    (b"metadata.json", "a Keras model (.keras)"),
    (b".h5", "a Keras model (.keras)"),
)


def other_kind(head: bytes) -> str:
    """What a file is that is no `.safetensors`, as far as its first few thousand bytes tell."""
    found = next((kind for at, sign, kind in SIGNATURES if head[at:].startswith(sign)), None)
    if found == "a ZIP archive":
        return next((kind for sign, kind in ZIP_KINDS if sign in head[:512]), found)
    if found is None and PICKLE.match(head):
        return "a Python pickle"
    if found is None and head and not any(byte < 9 or 13 < byte < 32 for byte in head):
        return "a text"
    return found or "bytes of another kind"
