"""The header of a `.safetensors` file, read as if somebody wished us ill."""

from __future__ import annotations

from typing import Any, NamedTuple

from dino_names.errors import ModelFileError
from dino_names.storage import strict_json

MAX_HEADER_BYTES = 1 << 20
MAX_EXTENTS = 4
METADATA = "__metadata__"
LENGTH_BYTES = 8


class Entry(NamedTuple):
    """What a header says of one tensor: its type's code, its shape, and where it lies."""

    code: str
    shape: tuple[int, ...]
    begin: int
    end: int


def header_bytes(start: bytes, file_bytes: int) -> int:
    """How long the header is, from the first bytes of a file.

    Arguments:
        start: at least the first 9 bytes, if the file has as many.
        file_bytes: how long the file is.

    Returns:
        The length of the JSON after the first 8 bytes; 0 where they are no header's.
    """
    length = int.from_bytes(start[:LENGTH_BYTES], "little")
    plausible = start[LENGTH_BYTES : LENGTH_BYTES + 1] == b"{" and 2 <= length <= MAX_HEADER_BYTES
    if plausible and LENGTH_BYTES + length > file_bytes:
        raise ModelFileError(
            f"expected a header of {length} bytes, received a file of {file_bytes}: it was cut "
            "off; copy or export it again."
        )
    return length if plausible else 0


def parse_header(data: bytes) -> tuple[dict[str, str], dict[str, Entry]]:
    """What a header says.

    Arguments:
        data: the JSON, without the 8 bytes before it.

    Returns:
        The metadata and the entry of each tensor; entries lie one after another from 0.

    Raises:
        ModelFileError: anything is not as it must be.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ModelFileError("header: expected UTF-8, received other bytes.") from None
    header = strict_json(text)
    if not isinstance(header, dict):
        raise ModelFileError("header: expected a JSON object, received another value.")
    metadata = header.pop(METADATA, {})
    _require(_is_object_of(metadata, str), "metadata", "texts by name")
    entries = {name: _entry(name, value) for name, value in header.items()}
    end = 0
    for name, entry in sorted(entries.items(), key=_place):
        _require(entry.begin == end, f"tensor {name[:80]!r}", f"offset {end}", entry.begin)
        end = entry.end
    return metadata, entries


def _entry(name: str, value: Any) -> Entry:
    where = f"tensor {name[:80]!r}"
    _require(
        isinstance(value, dict) and set(value) == {"dtype", "shape", "data_offsets"},
        where,
        "dtype, shape and data_offsets",
    )
    code, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    _require(isinstance(code, str), where, "a type as text", code)
    _require(_is_list_of_sizes(shape) and len(shape) <= MAX_EXTENTS, where, "a shape")
    _require(_is_list_of_sizes(offsets) and len(offsets) == 2, where, "two offsets")
    _require(offsets[0] <= offsets[1], where, "ascending offsets", offsets)
    return Entry(code, tuple(shape), *offsets)


def _place(item: tuple[str, Entry]) -> tuple[int, int]:
    return item[1].begin, item[1].end


def _is_object_of(value: Any, kind: type) -> bool:
    return isinstance(value, dict) and all(isinstance(item, kind) for item in value.values())


def _is_list_of_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)


def _require(holds: bool, where: str, expected: str, received: Any = "another value") -> None:
    if not holds:
        raise ModelFileError(f"{where}: expected {expected}, received {str(received)[:80]}.")
