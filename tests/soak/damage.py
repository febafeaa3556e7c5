"""Model files cut at every length and with every bit turned over."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dino_names.errors import ModelFileError
from dino_names.modelfile.contents import Bundle
from dino_names.training.trainer import train
from tests.helpers.tiny_runs import TINY, TINY_TEXT, write_names, write_text
from tests.soak.record import Row, Settings

# A network and an n-gram as small as they come.
SMALL = {"epochs": 1, "embedding_dim": 2, "rnn_units": 2}


def run(settings: Settings, place: Path) -> list[Row]:
    """Damage a file of names and one of text in every place."""
    kinds = {"names": (write_names, TINY), "text": (write_text, TINY_TEXT)}
    rows = []
    for kind, (write, options) in [*kinds.items()][:: settings.stride]:
        made = train(write(place), out=place / kind, **{**options, **SMALL})
        whole = (made.folder / "model.safetensors").read_bytes()
        path = place / "damaged.safetensors"
        rows += [
            _cut(whole, path, kind, settings.stride),
            _turn_bits(whole, path, kind, settings.stride),
        ]
    return rows


def _cut(whole: bytes, path: Path, kind: str, stride: int) -> Row:
    refused = 0
    lengths = range(0, len(whole), stride)
    for length in lengths:
        path.write_bytes(whole[:length])
        refused += _read(path) is None
    what = f"a model of {kind} of {len(whole):,} bytes, cut at every length"
    return Row(what, len(lengths), f"refused {refused:,}", good=refused == len(lengths))


def _turn_bits(whole: bytes, path: Path, kind: str, stride: int) -> Row:
    path.write_bytes(whole)
    original = _read(path)
    refused = same = 0
    bits = range(0, 8 * len(whole), stride)
    with path.open("r+b", buffering=0) as file:
        for bit in bits:
            place = bit // 8
            file.seek(place)
            file.write(bytes([whole[place] ^ 1 << bit % 8]))
            found = _read(path)
            refused += found is None
            same += found is not None and original is not None and _same(found, original)
            file.seek(place)
            file.write(whole[place : place + 1])
    other = len(bits) - refused - same
    what = f"the same with each of its bits turned over ({kind})"
    found_text = f"refused {refused:,}, accepted with the same weights {same}, with others {other}"
    return Row(what, len(bits), found_text, good=not other)


def _read(path: Path) -> Bundle | None:
    """What the file holds, None where it is refused; anything else that is raised escapes."""
    try:
        return Bundle.read(path)
    except ModelFileError:
        return None


def _same(one: Bundle, other: Bundle) -> bool:
    mine, others = one.all_tensors(), other.all_tensors()
    return set(mine) == set(others) and all(np.array_equal(mine[n], others[n]) for n in mine)
