from __future__ import annotations

import errno
import hashlib
import os
import socket
from collections.abc import Callable
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from dino_names.storage.paths import is_there, reason
from dino_names.storage.untrusted_files import BLOCK, hash_file, open_regular, read_regular


def make_socket(path: Path) -> None:
    os.chdir(path.parent)  # the name of a socket has a longest length
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)


ODD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda path: None, "No such file"),
    "folder": (Path.mkdir, "no regular file"),
    "pipe": (os.mkfifo, "no regular file"),
    "socket": (make_socket, "no regular file"),
    "link to a file": (lambda path: path.symlink_to(__file__), "no regular file"),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "no regular file"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
}


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("read", [open_regular, hash_file, partial(read_regular, limit=9)])
def test_what_is_no_regular_file_is_refused_at_once(
    case: str, read: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make, message = ODD[case]
    make(tmp_path / "odd")
    open_before = descriptors()
    with pytest.raises(OSError, match=message) as caught:
        read(tmp_path / "odd")
    assert "\n" not in reason(caught.value)
    assert descriptors() == open_before


def test_devices_and_names_that_are_none_are_refused() -> None:
    for path in ("/dev/zero", "/dev/full", "a\0b", "", "x" * 300):
        with pytest.raises(OSError, match=r"\w"):
            open_regular(path)
        assert not is_there(Path(path)) or path in ("", "/dev/zero", "/dev/full")


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])
def test_files_of_any_size_are_read_whole(size: int, tmp_path: Path) -> None:
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    assert read_regular(tmp_path / "file", limit=size) == data
    assert hash_file(tmp_path / "file") == hashlib.sha256(data).hexdigest()
    if size:
        with pytest.raises(OSError, match=f"more than {size - 1:,} bytes") as caught:
            read_regular(tmp_path / "file", limit=size - 1)
        assert caught.value.errno == errno.EFBIG


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sparse"
    path.touch()
    os.truncate(path, 1 << 40)
    monkeypatch.setattr("dino_names.storage.untrusted_files.BLOCK", None)
    with pytest.raises(OSError, match="more than 10 bytes"):
        read_regular(path, limit=10)


def test_a_file_that_grows_without_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Growing(FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return b"12345"

    (tmp_path / "file").touch()
    monkeypatch.setattr("dino_names.storage.untrusted_files.FileIO", Growing)
    with pytest.raises(OSError, match="more than 10 bytes"):
        read_regular(tmp_path / "file", limit=10)


def test_a_file_that_is_made_obeys_the_mask_and_can_be_read_back(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with open_regular(tmp_path / "new", os.O_RDWR | os.O_CREAT) as file:
            file.write(b"12")
            file.seek(0)
            assert file.read() == b"12"
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="no regular file"):
        open_regular(tmp_path / "link", os.O_RDWR | os.O_CREAT)
    assert not (tmp_path / "elsewhere").exists()


def test_what_the_system_says_is_one_line() -> None:
    assert reason(OSError(errno.EIO, "a\nb")) == "a b"
    assert reason(OSError("alone")) == "alone"
    assert reason(OSError()) == "OSError"
    assert len(reason(OSError(errno.EIO, "x" * 999))) == 200
