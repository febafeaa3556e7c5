"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from dino_names.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = ".partial-"
BLOCK = 1 << 20


def write_atomically(path: str | os.PathLike[str], data: bytes) -> str:
    """Put a file in its place whole: whoever looks sees the old one or the new one.

    Arguments:
        path: where it goes; a file that is there is replaced.
        data: what is in it.

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

    return replace_atomically(path, write, verify=verify)


def replace_atomically(
    path: str | os.PathLike[str],
    write: Callable[[Path], None],
    *,
    verify: Callable[[Path], None] | None = None,
) -> str:
    """Like `write_atomically`, for a file that somebody else writes.

    It is written beside its place, flushed to disk, read back and moved, and its folder is
    flushed. Leftovers of this file from processes that were killed are removed.

    Arguments:
        path: where it goes.
        write: writes a file of the path it is given, which ends as `path` does.
        verify: reads that file again and raises OSError where something is wrong with it.

    Returns:
        The SHA-256 of what was read back, in hexadecimal.

    Raises:
        StorageError: the disk refused it; an earlier file is as it was.
    """
    from pathlib import Path  # slow to import, and using a model writes nothing

    path = Path(path)
    # The end of the name is kept for its suffix, the rest is cut: names have a longest length.
    token = os.urandom(4).hex()
    temporary = path.with_name(f"{PREFIX}{os.getpid()}-{token}-{path.name[-100:]}")
    try:
        try:
            remove_leftovers(path.parent, path.name)
            write(temporary)
            _flush(temporary)
            digest = _digest(temporary)
            if verify is not None:
                verify(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _flush(path.parent)
    except OSError as error:
        from dino_names.textfile import show

        reason = error.strerror or str(error)
        raise StorageError(
            f"{show(path)}: expected to write it, received {reason!r}; nothing half written "
            "was left: free some space or choose another place."
        ) from error
    return digest


def remove_leftovers(folder: str | os.PathLike[str], name: str = "") -> list[Path]:
    """Remove what processes that were killed left half written.

    Arguments:
        folder: where to look.
        name: only leftovers of files whose name ends like this one; all by default.

    Returns:
        What was removed; the files of processes that still run are not.
    """
    from pathlib import Path

    removed = []
    for entry in list(os.scandir(folder)):
        owner, _, rest = entry.name.removeprefix(PREFIX).partition("-")
        left = entry.name.startswith(PREFIX) and owner.isdecimal() and not _runs(int(owner))
        if left and rest.endswith(name[-100:]) and entry.is_file(follow_symlinks=False):
            path = Path(entry.path)
            path.unlink(missing_ok=True)
            removed.append(path)
    return removed


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


def _digest(path: Path) -> str:
    from hashlib import sha256

    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
