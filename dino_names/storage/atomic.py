"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from dino_names.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = ".partial-"


def write_atomically(path: str | os.PathLike[str], data: bytes, *, keep: str | None = None) -> str:
    """Put a file in its place whole: whoever looks sees the old one or the new one.

    Arguments:
        path: where it goes; a file that is there is replaced.
        data: what is in it.
        keep: the name that the file which is there goes on under; None to replace it.

    Returns:
        The SHA-256 of what was read back, in hexadecimal.

    Raises:
        StorageError: the disk refused it; an earlier file is as it was.
    """

    def write(temporary: Path) -> None:
        temporary.write_bytes(data)

    def verify(temporary: Path) -> None:
        if temporary.read_bytes() != data:
            raise OSError(errno.EIO, "what was read back is not what was written")

    return replace_atomically(path, write, verify=verify, keep=keep)


def replace_atomically(
    path: str | os.PathLike[str],
    write: Callable[[Path], None],
    *,
    verify: Callable[[Path], None] | None = None,
    keep: str | None = None,
) -> str:
    """Like `write_atomically`, for a file that somebody else writes.

    It is written beside its place, flushed to disk, read back and moved, and its folder is
    flushed. Leftovers of this file from processes that were killed are removed.

    Arguments:
        path: where it goes. A symbolic link that is there is replaced, not followed.
        write: writes a file of the path it is given, which ends as `path` does.
        verify: reads that file again and raises OSError where something is wrong with it.
        keep: the name that the file which is there goes on under; None to replace it. Between
            the two moves only that name is there.

    Returns:
        The SHA-256 of what was read back, in hexadecimal.

    Raises:
        StorageError: the disk refused it; an earlier file is as it was.
    """
    from pathlib import Path  # slow to import, and using a model writes nothing

    from dino_names.storage.paths import reason
    from dino_names.storage.untrusted_files import hash_file

    path = Path(path)
    # The end of the name is kept for its suffix, the rest is cut: names have a longest length.
    token = os.urandom(4).hex()
    temporary = path.with_name(f"{PREFIX}{os.getpid()}-{token}-{path.name[-100:]}")
    try:
        try:
            remove_leftovers(path.parent, path.name)
            write(temporary)
            _flush(temporary)
            digest = hash_file(temporary)
            if verify is not None:
                verify(temporary)
            _move(temporary, path, keep)
        finally:
            with contextlib.suppress(OSError):  # what went wrong before is what counts
                temporary.unlink(missing_ok=True)
        _flush(path.parent)
    except OSError as error:
        from dino_names.storage.paths import show

        raise StorageError(
            f"{show(path)}: expected to write it, received {reason(error)!r}; nothing half "
            "written was left: free some space or choose another place."
        ) from error
    return digest


def _move(temporary: Path, path: Path, keep: str | None) -> None:
    kept = False
    if keep is not None:
        with contextlib.suppress(FileNotFoundError):
            path.replace(path.with_name(keep))
            kept = True
    try:
        temporary.replace(path)
    except OSError:
        if keep is not None and kept:
            with contextlib.suppress(OSError):
                path.with_name(keep).replace(path)
        raise


def remove_leftovers(
    folder: str | os.PathLike[str], name: str = "", *, alone: bool = False, folders: bool = False
) -> list[Path]:
    """Remove what processes that were killed left half written.

    Arguments:
        folder: where to look.
        name: only leftovers of files whose name ends like this one; all by default.
        alone: whether nobody else can be writing there. Otherwise the files of processes that
            still run stay, and so do those of a dead one whose number another has now.
        folders: whether to remove folders in place of files.

    Returns:
        What was removed.
    """
    import shutil
    from pathlib import Path

    removed = []
    for entry in list(os.scandir(folder)):
        owner, _, rest = entry.name.removeprefix(PREFIX).partition("-")
        left = entry.name.startswith(PREFIX) and owner.isdecimal() and rest.endswith(name[-100:])
        kind = entry.is_dir if folders else entry.is_file
        if left and kind(follow_symlinks=False) and (alone or not _runs(int(owner))):
            path = Path(entry.path)
            if folders:
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            removed.append(path)
    return removed


def check_space(folder: str | os.PathLike[str], needed: int) -> None:
    """Refuse to begin what will not fit on a folder's disk.

    Arguments:
        folder: where it will be written.
        needed: bytes.

    Raises:
        StorageError: fewer are free; says how many.
    """
    import shutil  # writing a file needs none of it

    from dino_names.storage.paths import show

    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return  # a file system that does not say is tried
    if free < needed:
        raise StorageError(
            f"{show(folder)}: expected {_size(needed)} free for what will be saved, received "
            f"{_size(free)}; free some space or choose another place."
        )


def _size(count: int) -> str:
    return f"{count / 2**20:,.1f} MiB"


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # elsewhere signal 0 is not a question
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _flush(path: Path) -> None:
    folder = path.is_dir()
    if folder and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot flush a folder, and have nothing to flush.
        if not folder or error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
