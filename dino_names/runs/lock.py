"""One trainer a run folder: a lock that the system takes back when its process ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from dino_names.errors import RunError, StorageError
from dino_names.runs.checkpoint_files import list_checkpoints
from dino_names.runs.exact_state import has_state
from dino_names.runs.run import MODEL_FILE, RUN_FILE
from dino_names.storage import is_there, open_regular, reason, remove_leftovers, show

LOCK_FILE = "run.lock"
LONGEST_NUMBER = 20


@contextlib.contextmanager
def locked(folder: Path, *, resume: bool) -> Iterator[None]:
    """Hold a run folder for this process alone, making it where it is new.

    What a killed predecessor left half written is removed.

    Arguments:
        folder: the run folder.
        resume: whether it must hold a run already; otherwise it must hold none, or one that
            was stopped before anything was saved.

    Raises:
        RunError: another process holds it (names its id), it is taken by an earlier run, or
            there is none to resume.
        StorageError: it cannot be made, locked or written.
    """
    if resume and not is_there(folder / RUN_FILE):
        raise RunError(f"{show(folder)}: expected a run to resume, found none; leave --resume out.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = open_regular(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT)
    except (OSError, ValueError) as error:
        received = reason(error) if isinstance(error, OSError) else str(error)
        raise StorageError(
            f"{show(folder)}: expected a folder that can be written, received: {received}; name "
            "another with --out."
        ) from error
    with file:
        _take(file, folder)
        if not resume and _holds_a_run(folder):
            raise RunError(
                f"{show(folder)}: expected a new folder, received one that holds a run; add "
                "--resume to go on with it, or name another with --out."
            )
        remove_leftovers(folder, alone=True)
        yield


def _take(file: FileIO, folder: Path) -> None:
    """Lock the file and write this process's id into it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(0)
        file.write(str(os.getpid()).encode())
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise StorageError(
                f"{show(folder)}: expected a folder that can be locked and written, received: "
                f"{reason(error)}; name another with --out."
            ) from error
        holder = file.read(LONGEST_NUMBER).decode("ascii", "replace")
        raise RunError(
            f"{show(folder)}: expected a run that nobody trains, but process "
            f"{holder if holder.isdecimal() else 'unknown'} does; wait for it, or name another "
            "folder with --out."
        ) from error


def _holds_a_run(folder: Path) -> bool:
    """Whether anything was saved there that training anew would write over."""
    saved = has_state(folder) or (folder / MODEL_FILE).exists() or bool(list_checkpoints(folder))
    return saved and (folder / RUN_FILE).exists()
