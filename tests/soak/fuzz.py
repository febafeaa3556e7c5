"""The header parser, the model reader and the readers of names and texts, given anything.

Hypothesis makes the inputs. What escapes is an exception that is not the package's own, or one
for want of memory: the process may grow by ROOM_BYTES.
"""

from __future__ import annotations

import contextlib
import json
import resource
import struct
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dino_names.corpus.names import read_names
from dino_names.corpus.texts import read_text
from dino_names.errors import DinoNamesError
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.header import parse_header
from tests.helpers.tiny_bundle import tiny_bundle
from tests.soak.record import Row, Settings

ROOM_BYTES = 1 << 29
INPUTS_AT_ONCE = 200
SHOWN = 5
Bytes = st.SearchStrategy[bytes]


@dataclass
class Tally:
    """What one reader was given.

    Arguments:
        tried: inputs.
        accepted: those that it took.
        escapes: those that made it raise what it should not, shown.
    """

    tried: int = 0
    accepted: int = 0
    escapes: list[str] = field(default_factory=list)


def run(chosen: Settings, place: Path) -> list[Row]:
    """Give each reader inputs for its share of the minutes."""
    path = place / "fuzzed"
    targets: dict[str, tuple[Callable[[bytes], Any], Bytes]] = {
        "header parser": (parse_header, headers()),
        "model reader": (lambda data: Bundle.read(_write(path, data)), files()),
        "name reader": (lambda data: read_names(_write(path, data)), lists()),
        "text reader": (lambda data: read_text(_write(path, data)), lists()),
    }
    rows = []
    share = 60 * chosen.minutes / len(targets)
    for name, (read, inputs) in targets.items():
        tally = _fuzz(read, inputs, share, chosen.seed)
        found = f"{share / 3600:.3f} hours, taken {tally.accepted:,}, "
        found += f"escapes {len(tally.escapes)} {' '.join(tally.escapes[:SHOWN])}".rstrip()
        rows.append(Row(f"{name} (hypothesis)", tally.tried, found, good=not tally.escapes))
    return rows


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _fuzz(read: Callable[[bytes], Any], inputs: Bytes, seconds: float, first_seed: int) -> Tally:
    tally, end, number = Tally(), time.monotonic() + seconds, first_seed

    def attempt(data: bytes) -> None:
        if time.monotonic() > end and tally.tried:
            return
        tally.tried += 1
        try:
            with bounded_memory(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                read(data)
            tally.accepted += 1
        except DinoNamesError as error:
            if len(str(error).splitlines()) != 1:
                tally.escapes.append(f"{data!r:.200}: {error!r:.200}")
        except Exception as error:
            tally.escapes.append(f"{data!r:.200}: {error!r:.200}")

    while time.monotonic() < end:
        number += 1  # other inputs each time
        check = given(inputs)(attempt)
        seed(number)(settings(**ENDLESS)(check))()
    return tally


ENDLESS: dict[str, Any] = {
    "max_examples": INPUTS_AT_ONCE,
    "phases": [Phase.generate],
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


@contextlib.contextmanager
def bounded_memory() -> Iterator[None]:
    """No more memory than the process has, and ROOM_BYTES, while the block runs."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    bound = pages * resource.getpagesize() + ROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (bound, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


# Inputs


def damaged(whole: bytes) -> Bytes:
    """Bytes with a few places written over, cut out or put in."""
    places = st.integers(0, len(whole))
    edits = st.lists(st.tuples(places, st.integers(0, 8), pieces()), min_size=1, max_size=6)

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        data = whole
        for place, length, piece in edits:
            data = data[:place] + piece + data[place + length :]
        return data

    return edits.map(apply)


def pieces() -> Bytes:
    """What readers trip over: brackets, numbers beyond any type, broken characters."""
    odd = '" \\ { } [ ] : , null true 1e999 -1 9007199254740993 NaN \\ud800 [[[[ "__metadata__"'
    known = [word.encode() for word in odd.split()] + [b"\0", b"\xff", b"\xed\xa0\x80", b""]
    return st.sampled_from(known) | st.binary(max_size=8) | st.integers().map(lambda n: b"%d" % n)


def good_file() -> tuple[bytes, bytes]:
    """A model file as small as they come: its header without the 8 bytes before, and the rest."""
    data = tiny_bundle().to_bytes()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    return data[8:end], data[end:]


def headers() -> Bytes:
    """Anything, JSON of any kind, a good header damaged."""
    plain = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=20,
    )
    entry = st.fixed_dictionaries(
        {"dtype": st.sampled_from(["F32", "U64", "BF16"]) | plain},
        optional={
            "shape": st.lists(st.integers(-1, 2**70), max_size=5) | plain,
            "data_offsets": st.lists(st.integers(-1, 2**70), max_size=3) | plain,
        },
    )
    entries = st.dictionaries(st.text(max_size=3) | st.just("__metadata__"), entry | plain)
    return st.one_of(
        st.binary(max_size=300),
        (plain | entries).map(json.dumps).map(str.encode),
        damaged(good_file()[0]),
    )


def files() -> Bytes:
    """Such headers with a length that fits or not, and something after; a good file damaged."""
    lengths = st.none() | st.integers(0, 2**64 - 1)

    def put(header: bytes, length: int | None, rest: bytes) -> bytes:
        return struct.pack("<Q", len(header) if length is None else length) + header + rest

    header, rest = good_file()
    start = struct.pack("<Q", len(header)) + header
    return st.one_of(
        st.builds(put, headers(), lengths, st.binary(max_size=64) | st.just(rest)),
        damaged(start).map(lambda head: head + rest),
        damaged(start + rest),
    )


def lists() -> Bytes:
    """Lines of any characters in several encodings, damaged; anything."""
    codecs = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252", "shift_jis"]
    ends = st.sampled_from(["\n", "\r", "\r\n", "\n\n", "\u2028", "\x85", ""])
    names = st.text(max_size=300) | st.sampled_from(["Rex", "a" * 257, "e\u0301", "\ufeff", " "])
    lines = st.lists(st.tuples(names, ends), max_size=30)
    texts = lines.map(lambda pairs: "".join(name + end for name, end in pairs))
    encoded = st.builds(lambda text, codec: text.encode(codec, "replace"), texts,
                        st.sampled_from(codecs))  # fmt: skip
    return st.one_of(st.binary(max_size=400), encoded, encoded.flatmap(damaged))
