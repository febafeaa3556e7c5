from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.errors import ModelFileError
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.header import MAX_HEADER_BYTES, parse_header
from dino_names.storage.untrusted_json import strict_json


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        Bundle.read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


class Canary:
    """Unpickled, it touches a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.path,)


def zip_of(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")


def tar_of(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("weights"))


def saved(save: Callable[[Any, Any], None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer, np.zeros(3))
    return buffer.getvalue()


HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(100)
FOREIGN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "h5": (lambda path: path.write_bytes(HDF5), "an HDF5 file (.h5)"),
    "h5 after a block": (lambda path: path.write_bytes(bytes(512) + HDF5), "an HDF5 file"),
    "keras": (
        lambda path: zip_of(path, "metadata.json", "config.json", "model.weights.h5"),
        "a Keras model (.keras)",
    ),
    "pytorch": (lambda path: zip_of(path, "archive/data.pkl"), "a PyTorch file"),
    "npz": (lambda path: path.write_bytes(saved(np.savez)), "NumPy arrays (.npz)"),
    "npy": (lambda path: path.write_bytes(saved(np.save)), "a NumPy array"),
    "zip": (lambda path: zip_of(path, "letter.txt"), "a ZIP archive"),
    "gzip": (lambda path: path.write_bytes(gzip.compress(b"x" * 50)), "a gzip archive"),
    "tar": (tar_of, "a tar archive"),
    "saved model": (lambda path: path.write_bytes(b"\x08\x01\x12\xff\x01" * 9), "a SavedModel"),
    "noise": (lambda path: path.write_bytes(b"\xc3\x01" * 90), "bytes of another kind"),
    **{
        f"pickle {protocol}": (
            lambda path, protocol=protocol: path.write_bytes(
                pickle.dumps(Canary(path.with_name("touched")), protocol)
            ),
            "a Python pickle",
        )
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "pickled dictionary": (
        lambda path: path.write_bytes(pickle.dumps({"a": 1}, 0)),
        "a Python pickle",
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_files_of_other_programs_are_named_and_not_opened(tmp_path: Path, kind: str) -> None:
    make, named = FOREIGN[kind]
    make(tmp_path / "m.safetensors")
    message = refusal(tmp_path / "m.safetensors")
    assert f"received {named}" in message
    assert "dino-names export RUN -o FILE.safetensors" in message
    assert not (tmp_path / "touched").exists()


def test_a_list_of_names_is_not_a_model(names_file: Path) -> None:
    assert "received a text. To learn from a list of names run `dino-names train" in refusal(
        names_file
    )


def test_another_programs_safetensors_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"a": np.zeros(3)}, tmp_path / "m.safetensors", metadata={"format": "pt"})
    assert "metadata key dino_names alone, received ['format']" in refusal(
        tmp_path / "m.safetensors"
    )


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, names_file: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "received a folder" in refusal(tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    assert "received a pipe" in refusal(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(names_file)
    assert "received a symbolic link" in refusal(tmp_path / "link")
    for device in ("/dev/zero", "/dev/full"):
        assert "a device" in refusal(Path(device))
    assert "there is none of this name" in refusal(tmp_path / "missing")
    (tmp_path / "empty").touch()
    assert "received an empty file" in refusal(tmp_path / "empty")
    with pytest.raises(ModelFileError, match="embedded null"):
        Bundle.read("a\0b")


def test_huge_files_and_headers_cost_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    starts = {
        300_000_000: b"",
        250_000_000: b"",
        249_999_999: struct.pack("<Q", 2**63) + b"{",
        200_000_000: struct.pack("<Q", MAX_HEADER_BYTES + 1) + b"{",
        100_000_000: struct.pack("<Q", MAX_HEADER_BYTES) + b"{}",
    }
    tracemalloc.start()
    try:
        for size, start in starts.items():
            path.write_bytes(start)
            os.truncate(path, size)
            refusal(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * MAX_HEADER_BYTES


def header(**entries: Any) -> bytes:
    return json.dumps(entries).encode()


def entry(**changes: Any) -> dict[str, Any]:
    return {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[]", "a JSON object"),
        (b"\xff", "UTF-8"),
        (b"{", "well formed"),
        (b"{}x", "well formed"),
        (b'{"a": 1}', "dtype, shape and data_offsets"),
        (header(a=entry(more=1)), "dtype, shape and data_offsets"),
        (header(a=entry(dtype=4)), "a type as text"),
        (header(a=entry(shape=2)), "a shape"),
        (header(a=entry(shape=[-1])), "a shape"),
        (header(a=entry(shape=[True])), "a shape"),
        (header(a=entry(shape=[1.0])), "a shape"),
        (header(a=entry(shape=[1] * 5)), "a shape"),
        (header(a=entry(data_offsets=[0])), "two offsets"),
        (header(a=entry(data_offsets=[0, "8"])), "two offsets"),
        (header(a=entry(data_offsets=[8, 0])), "ascending offsets"),
        (header(a=entry(data_offsets=[8, 16])), "offset 0, received 8"),
        (header(a=entry(), b=entry(data_offsets=[4, 12])), "offset 8, received 4"),
        (header(a=entry(), b=entry(data_offsets=[16, 24])), "offset 8, received 16"),
        (header(__metadata__={"a": 1}), "texts by name"),
        (header(__metadata__=[]), "texts by name"),
        (b'{"a": {}, "a": {}}', "each key once"),
        (b"[" * 9 + b"]" * 9, "at most 8 levels, received more"),
        (b"[" * 900_000, "at most 8 levels, received more"),
        (b'{"a": ' + b"9" * 25 + b"}", "at most 24 digits"),
    ],
)
def test_headers_that_are_wrong_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        parse_header(data)
    assert message in str(caught.value)


def test_brackets_and_digits_inside_texts_are_texts() -> None:
    texts = {"a": "[[[[[[[[[[[[" + "1" * 99, "b": '\\"{{{{{{{{{{'}
    assert strict_json(json.dumps(texts)) == texts


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(plain)
def test_strict_json_agrees_with_json_or_refuses(value: Any) -> None:
    text = json.dumps(value)
    try:
        result = strict_json(text)
    except ModelFileError:
        return
    assert json.dumps(result) == text


entries = st.fixed_dictionaries(
    {},
    optional={
        "dtype": st.sampled_from(["F32", "U64", "", 4]),
        "shape": st.lists(st.integers(-1, 2**70), max_size=5) | plain,
        "data_offsets": st.lists(st.integers(-1, 2**70), min_size=1, max_size=3) | plain,
    },
)
fuzz = st.one_of(
    st.binary(max_size=200),
    plain.map(json.dumps).map(str.encode),
    st.dictionaries(st.text(max_size=3), entries, max_size=3).map(json.dumps).map(str.encode),
)


@settings(max_examples=300, deadline=None)
@given(fuzz)
def test_any_header_is_read_or_refused(data: bytes) -> None:
    try:
        _, found = parse_header(data)
    except ModelFileError as error:
        assert "\n" not in str(error)
        return
    end = 0
    for one in sorted(found.values(), key=lambda one: (one.begin, one.end)):
        assert one.begin == end <= one.end
        end = one.end


@settings(max_examples=200, deadline=None)
@given(fuzz, st.integers(0, 2**64 - 1) | st.none(), st.binary(max_size=30))
def test_any_file_is_refused(
    tmp_path_factory: Any, data: bytes, length: int | None, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.safetensors"
    start = struct.pack("<Q", len(data) if length is None else length)
    for content in (start + data + rest, data):
        path.write_bytes(content)
        refusal(path)
