"""What hostile files take to be refused, each in a process of its own.

The time is the processor's, which does not depend on what else runs; what hangs is given up.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dino_names.config.presets import preset
from tests.helpers.foreign_files import FOREIGN
from tests.helpers.paths import ROOT
from tests.soak.record import Row, Settings

GIGABYTE = 10**9
MEBIBYTE = 1 << 20
REFUSAL = "tests.soak.refusal"
MOST_SECONDS, MOST_BYTES, HANGS_SECONDS = 10.0, 300 * MEBIBYTE, 120
Maker = Callable[[Path], Any]


def run(settings: Settings, place: Path) -> list[Row]:
    """Have each file refused; the worst of them as one row, each as a row of its own."""
    rows = []
    chosen = list(hostile_files().items())[:: settings.stride]
    for number, (name, (reader, make)) in enumerate(chosen):
        path = place / str(number)
        target = make(path)
        rows.append(_measure(name, reader, target if isinstance(target, Path) else path))
    for name, maker in list(FOREIGN.items())[:: settings.stride]:
        maker(place / name, place / "canary")
        rows.append(_measure(name, "model", place / name))
    touched = (place / "canary").exists()
    return [*rows, Row("canary that such files would touch", 1, f"touched {touched}", not touched)]


def hostile_files() -> dict[str, tuple[str, Maker]]:
    """Each file's reader and maker; a maker may hand back another path."""
    return {
        "model of a gigabyte": ("model", lambda path: sparse(path, b"", GIGABYTE)),
        "model of 256 MiB of nothing": ("model", lambda path: sparse(path, b"", 256 * MEBIBYTE)),
        "header of 2^63 bytes": ("model", lambda path: sparse(path, head(2**63), GIGABYTE // 4)),
        "header of 1 MiB of nothing": (
            "model",
            lambda path: sparse(path, head(MEBIBYTE), 250 * 10**6),
        ),
        "header of half a million brackets": (
            "model",
            lambda path: header(path, b'{"a":' + b"[" * 500_000),
        ),
        "header of 14,000 tensors": ("model", lambda path: header(path, many_tensors())),
        "header with a number of a million digits": (
            "model",
            lambda path: header(path, b'{"a":' + b"9" * 10**6 + b"}"),
        ),
        "header of 170,000 escapes": (
            "model",
            lambda path: header(path, b'{"' + b"\\u0041" * 170_000),
        ),
        "model that is /dev/zero": ("model", lambda path: Path("/dev/zero")),
        "model that is a pipe": ("model", os.mkfifo),
        "model that is a link to /dev/zero": ("model", lambda path: path.symlink_to("/dev/zero")),
        "names: a line of a gigabyte": (
            "names",
            lambda path: sparse(path, b"Rex\n" + b"a" * 2 * MEBIBYTE, GIGABYTE),
        ),
        "names: a gigabyte of NUL": ("names", lambda path: sparse(path, b"", GIGABYTE)),
        "names: two gigabytes": ("names", lambda path: sparse(path, b"Rex\n", 2 * GIGABYTE)),
        "names: /dev/zero": ("names", lambda path: Path("/dev/zero")),
        "names: a pipe": ("names", os.mkfifo),
        "text: four million accents": (
            "text",
            lambda path: path.write_text("a" + "\u0301\u0316" * 2_000_000, encoding="utf-8"),
        ),
        "run.json of a gigabyte": ("model", lambda path: in_run(path, "run.json", b"{", GIGABYTE)),
        "run.json of a megabyte of lists": (
            "model",
            lambda path: in_run(path, "run.json", b'{"a":[' + b"[]," * 345_000 + b"1]}", 0),
        ),
        "history of 16 MB of short lines": (
            "model",
            lambda path: with_history(path, b'{"a":1}\n' * 2_000_000),
        ),
        "history of 16 MB in long lines": (
            "model",
            lambda path: with_history(path, (b'{"a":[' + b"[]," * 50_000 + b"1]}\n") * 100),
        ),
    }  # fmt: skip


def sparse(path: Path, start: bytes, size: int) -> None:
    path.write_bytes(start)
    if size > len(start):
        os.truncate(path, size)


def head(length: int) -> bytes:
    return struct.pack("<Q", length) + b"{"


def header(path: Path, content: bytes) -> None:
    path.write_bytes(struct.pack("<Q", len(content)) + content)


def many_tensors() -> bytes:
    tensor = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    text = json.dumps({str(number): tensor for number in range(14_000)}, separators=(",", ":"))
    return text.encode()


def in_run(path: Path, name: str, start: bytes, size: int) -> None:
    path.mkdir()
    sparse(path / name, start, size)


def with_history(path: Path, content: bytes) -> None:
    """A run that is good but for its history."""
    path.mkdir()
    values = {"config": preset("default").to_json(), "vocabulary": "\nab", "fingerprint": "0"}
    (path / "run.json").write_text(json.dumps(values))
    (path / "history.jsonl").write_bytes(content)


def _measure(name: str, reader: str, path: Path) -> Row:
    done = subprocess.run(
        [sys.executable, "-m", REFUSAL, reader, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANGS_SECONDS,
        check=True,
    )
    found = json.loads(done.stdout)
    seconds, grown = found["seconds"], found["bytes"]
    good = found["error"] and seconds < MOST_SECONDS and grown < MOST_BYTES
    words = f"{found['error'] or 'accepted'}, {seconds:.3f} s, {grown / MEBIBYTE:.1f} MiB"
    return Row(name, 1, words, good=bool(good))
