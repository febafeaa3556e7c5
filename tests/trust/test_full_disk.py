"""A disk that is full, or becomes full or read-only: found early, and no checkpoint is lost.

On a small file system in memory, where one can be mounted; with a limit on the size of files
everywhere.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dino_names.commands.main import run as run_command
from dino_names.errors import DinoNamesError, InterruptedRunError, StorageError
from dino_names.progress.protocol import Silent
from dino_names.runs.checkpoint_files import find_checkpoint
from dino_names.runs.run import Run
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.trainer import train
from tests.helpers.tiny_runs import TINY, facts, write_names

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a list and a run that nothing happened to."""
    place = tmp_path_factory.mktemp("whole")
    train(write_names(place), out=place / "run", **TINY)
    return place


def mount(place: Path, *options: str) -> bool:
    if shutil.which("mount") is None:
        return False
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not mount(place, "size=3m"):
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, *, leave: int = 0) -> None:
    """Take what is free on a disk, but for some bytes."""
    with (disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            left = shutil.disk_usage(disk).free - leave
            if left <= 0 or not file.write(bytes(min(left, 65_536))):
                return


class AfterEpoch(Silent):
    """Does something once an epoch's row is told, when all of it has been saved."""

    def __init__(self, action: Any) -> None:
        self.action, self.done = action, False

    def epoch(self, row: dict[str, Any]) -> None:
        if not self.done:
            self.done = True
            self.action()


def check_earlier_checkpoint(folder: Path) -> None:
    run = Run.read(folder)
    assert find_checkpoint(folder, run=run.digest)[0] == 1
    assert run.model().generate("R", seed=1)
    assert not [path for path in folder.iterdir() if path.name.startswith(".partial")]


def test_a_disk_that_is_full_is_found_before_the_first_epoch(
    whole: Path, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = whole / "names.txt"
    fill(disk, leave=500_000)
    assert run_command(["train", str(file), "--out", str(disk / "run")]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "MiB free for what will be saved, received 0." in last
    assert "free some space or choose another place" in last


def test_a_disk_that_fills_up_costs_no_earlier_checkpoint(whole: Path, disk: Path) -> None:
    file, folder = whole / "names.txt", disk / "run"
    with pytest.raises(StorageError, match="No space left on device.*nothing half written"):
        train(file, out=folder, progress=AfterEpoch(lambda: fill(disk)), **TINY)
    check_earlier_checkpoint(folder)
    with pytest.raises(DinoNamesError, match=r"free|No space"):
        train(file, out=folder, resume=True)
    (disk / "filler").unlink()
    train(file, out=folder, resume=True)
    assert facts(folder) == facts(whole / "run")


def test_a_disk_that_became_read_only_is_found_before_anything_is_trained(
    whole: Path, disk: Path
) -> None:
    file, folder = whole / "names.txt", disk / "run"
    with pytest.raises(InterruptedRunError):
        train(file, out=folder, progress=Interrupt(after=4), **TINY)
    assert mount(disk, "remount", "ro")
    check_earlier_checkpoint(folder)
    for resume in (False, True):
        with pytest.raises(StorageError, match="can be written, received: Read-only file system"):
            train(file, out=folder if resume else disk / "new", resume=resume)
    assert mount(disk, "remount", "rw")
    train(file, out=folder, resume=True)
    assert facts(folder) == facts(whole / "run")


def test_a_limit_on_files_costs_no_earlier_checkpoint(whole: Path, tmp_path: Path) -> None:
    file, folder = whole / "names.txt", tmp_path / "run"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN  # as Python leaves it

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))

    try:
        with pytest.raises(StorageError, match=os.strerror(errno.EFBIG)):
            train(file, out=folder, progress=AfterEpoch(limit), **TINY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    check_earlier_checkpoint(folder)
    train(file, out=folder, resume=True)
    assert facts(folder) == facts(whole / "run")
