"""One trainer a run folder: a lock that the system takes back when its process ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from dino_names.checks import check_range
from dino_names.errors import OptionError, RunError, StorageError
from dino_names.runs.checkpoint_files import MANIFEST_FILE, find_checkpoint, list_checkpoints
from dino_names.runs.exact_state import PREVIOUS_FILE, STATE_FILE, has_state
from dino_names.runs.history import HISTORY_FILE
from dino_names.runs.run import MODEL_FILE, RUN_FILE
from dino_names.storage import is_there, open_regular, reason, remove_leftovers, show

LOCK_FILE = "run.lock"
LONGEST_NUMBER = 20


@contextlib.contextmanager
def locked(folder: Path, *, resume: bool, overwrite: bool = False) -> Iterator[None]:
    """Hold a run folder for this process alone, making it where it is new.

    What a killed predecessor left half written is removed.

    Arguments:
        folder: the run folder.
        resume: whether it must hold a run already; otherwise it must hold none, or one that
            was stopped before anything was saved.
        overwrite: whether a run that it holds is removed instead.

    Raises:
        RunError: another process holds it (names its id), it is taken by an earlier run, or
            there is none to resume.
        StorageError: it cannot be made, locked or written.
    """
    check_place(folder, resume=resume, overwrite=overwrite)
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
        check_place(folder, resume=resume, overwrite=overwrite)
        if overwrite and not resume and _holds_a_run(folder):
            for path in _files_of_run(folder):
                path.unlink(missing_ok=True)
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


def copy_run(folder: Path, into: Path, epoch: int) -> Path:
    """Copy a run as it was after an epoch, to go on elsewhere and leave this one as it is.

    Arguments:
        folder: the run folder.
        into: where the copy goes: a new folder, or one that holds no run.
        epoch: the last whose checkpoint is copied.

    Returns:
        The folder of the copy.

    Raises:
        RunError: a process trains the run, it has no such checkpoint, or `into` holds another run.
        StorageError: the disk refused it.
    """
    check_place(into, resume=False, overwrite=False)
    with locked(folder, resume=True):
        find_checkpoint(folder, epoch)  # refuses where there is none
        kept = list_checkpoints(folder).items()
        later = {path.name for number, path in kept if number > epoch}
        left = {LOCK_FILE, STATE_FILE, PREVIOUS_FILE, *later}
        try:
            into.mkdir(parents=True, exist_ok=True)
            for path in _files_of_run(folder):
                if path.is_file() and path.name not in left:
                    shutil.copyfile(path, into / path.name)
        except OSError as error:
            raise StorageError(
                f"{show(into)}: expected a folder that can be written, received: "
                f"{reason(error)}; name another with --into."
            ) from error
    return into


def check_place(
    folder: Path,
    *,
    resume: bool,
    overwrite: bool,
    from_epoch: int | None = None,
    into: str | os.PathLike[str] | None = None,
) -> None:
    """Refuse a folder that holds no run to resume, or one where there must be none.

    Raises:
        OptionError: an epoch to go back to, and nothing that is to go on; another folder to go on
            in, and no such epoch.
        RunError: says what to do.
    """
    if into is not None and from_epoch is None:
        raise OptionError(
            f"into: expected from_epoch with it, received {str(into)!r} alone; add --resume "
            "--from-epoch N."
        )
    if from_epoch is not None:
        check_range("from_epoch", from_epoch, low=0, whole=True)
        if not resume:
            raise OptionError(
                f"from_epoch: expected resume with it, received {from_epoch} alone; add --resume."
            )
    if resume and overwrite:
        raise RunError("resume and overwrite: expected one of them, received both; leave one out.")
    if resume and not is_there(folder / RUN_FILE):
        raise RunError(f"{show(folder)}: expected a run to resume, found none; leave --resume out.")
    if not resume and not overwrite and _holds_a_run(folder):
        raise RunError(
            f"{show(folder)}: expected a new folder, received one that holds a run; add "
            "--resume to go on with it or --overwrite to begin anew (in Python resume=True, "
            "overwrite=True), or name another with --out."
        )


def _files_of_run(folder: Path) -> Iterator[Path]:
    """What training wrote there, and nothing else."""
    own = (RUN_FILE, MODEL_FILE, STATE_FILE, PREVIOUS_FILE, HISTORY_FILE, MANIFEST_FILE)
    yield from (folder / name for name in own)
    yield from list_checkpoints(folder).values()


def _holds_a_run(folder: Path) -> bool:
    """Whether anything was saved there that training anew would write over."""
    saved = has_state(folder) or (folder / MODEL_FILE).exists() or bool(list_checkpoints(folder))
    return saved and (folder / RUN_FILE).exists()
