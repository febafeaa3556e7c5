from __future__ import annotations

import errno
import hashlib
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dino_names.errors import StorageError
from dino_names.storage.atomic import (
    check_space,
    remove_leftovers,
    replace_atomically,
    write_atomically,
)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def full_disk(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_file_is_there_and_nothing_else(tmp_path: Path) -> None:
    assert write_atomically(tmp_path / "a", b"one") == hashlib.sha256(b"one").hexdigest()
    write_atomically(tmp_path / "a", b"two")
    assert content(tmp_path) == {"a": b"two"}


def test_a_writer_gets_a_path_beside_with_the_same_suffix(tmp_path: Path) -> None:
    seen: list[Path] = []

    def write(path: Path) -> None:
        seen.append(path)
        path.write_bytes(b"weights")

    target = tmp_path / ("long" * 60 + ".weights.h5")
    replace_atomically(target, write)
    assert seen[0].parent == tmp_path
    assert seen[0] != target
    assert seen[0].name.endswith(".weights.h5")
    assert content(tmp_path) == {target.name: b"weights"}


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Path, "write_bytes"), (os, "fsync"), (Path, "open"), (Path, "read_bytes"), (Path, "replace")],
)
def test_any_call_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full_disk)
        with pytest.raises(StorageError, match="a: expected to write it.*No space") as caught:
            write_atomically(tmp_path / "a", b"new")
    assert "\n" not in str(caught.value)
    assert content(tmp_path) == {"a": b"old"}


def test_a_disk_that_fills_up_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
        with pytest.raises(StorageError, match="File too large"):
            write_atomically(tmp_path / "a", bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert content(tmp_path) == {"a": b"old"}


def test_a_disk_that_lies_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    real = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda path, data: real(path, data[:-1] + b"?"))
    with pytest.raises(StorageError, match="not what was written"):
        write_atomically(tmp_path / "a", b"new")
    monkeypatch.undo()
    assert content(tmp_path) == {"a": b"old"}


def test_a_check_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def verify(path: Path) -> None:
        raise OSError(f"{path.read_bytes()!r} is damaged")

    with pytest.raises(StorageError, match="damaged"):
        replace_atomically(tmp_path / "a", lambda path: path.touch(), verify=verify)
    assert content(tmp_path) == {"a": b"old"}


def test_an_interruption_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_atomically(tmp_path / "a", write)
    assert content(tmp_path) == {"a": b"old"}


def test_file_and_folder_are_flushed_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def flush(descriptor: int) -> None:
        calls.append(f"flush {Path(f'/proc/self/fd/{descriptor}').readlink().name[-6:]}")
        fsync(descriptor)

    def move(path: Path, target: Path) -> Path:
        calls.append("move")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(Path, "replace", move)
    (tmp_path / "folder").mkdir()
    write_atomically(tmp_path / "folder" / "file.x", b"")
    assert calls == ["flush file.x", "move", "flush folder"]


def test_no_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        write_atomically(tmp_path / "none" / "a", b"")


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(StorageError, match="directory"):
        write_atomically(tmp_path / "a", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_leftovers_of_dead_processes_go_and_others_stay(tmp_path: Path, dead_process: int) -> None:
    dead = tmp_path / f".partial-{dead_process}-00-ckpt_1.weights.h5"
    living = tmp_path / f".partial-{os.getpid()}-00-ckpt_1.weights.h5"
    mine = tmp_path / ".partial-thoughts"
    for path in (dead, living, mine):
        path.touch()
    assert remove_leftovers(tmp_path) == [dead]
    assert {path.name for path in tmp_path.iterdir()} == {living.name, mine.name}


def test_writing_removes_what_its_killed_predecessor_left(
    tmp_path: Path, dead_process: int
) -> None:
    for name in ("a", "b"):
        (tmp_path / f".partial-{dead_process}-00-{name}").touch()
    write_atomically(tmp_path / "a", b"")
    assert sorted(content(tmp_path)) == [f".partial-{dead_process}-00-b", "a"]


def test_alone_removes_what_any_process_left(tmp_path: Path) -> None:
    names = [f".partial-{os.getpid()}-00-a", ".partial-1-00-b", ".partial-x-00-c"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".partial-1-00-folder").mkdir()
    (tmp_path / ".partial-1-00-link").symlink_to(tmp_path)
    assert remove_leftovers(tmp_path) == []
    removed = remove_leftovers(tmp_path, alone=True)
    assert {path.name for path in removed} == set(names[:2])
    assert (tmp_path / ".partial-1-00-link").is_symlink()


# The file before


def test_the_file_before_goes_on_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for text in (b"1", b"2", b"3"):
        write_atomically(path, text, keep="before")
    assert content(tmp_path) == {"a": b"3", "before": b"2"}


@pytest.mark.parametrize("failing", [1, 2])
def test_a_move_that_fails_leaves_both_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    for text in (b"1", b"2"):
        write_atomically(tmp_path / "a", text, keep="before")
    moves: list[Path] = []
    replace = Path.replace

    def move(path: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == failing:
            full_disk()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(StorageError, match="No space"):
        write_atomically(tmp_path / "a", b"3", keep="before")
    # Where the second move fails, the first is undone; what it replaced is gone.
    assert content(tmp_path) == ({"a": b"2", "before": b"1"} if failing == 1 else {"a": b"2"})


# Room on the disk


def test_room_is_asked_for_before_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_space(tmp_path, 1)
    check_space(tmp_path, -5)
    with pytest.raises(StorageError, match="MiB free for what will be saved, received .* MiB; "):
        check_space(tmp_path, 2**62)
    monkeypatch.setattr("shutil.disk_usage", full_disk)
    check_space(tmp_path, 2**62)  # a file system that does not say is tried
