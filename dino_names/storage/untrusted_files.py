"""Regular files of a folder that anybody may have made: no links, pipes or devices."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

BLOCK = 1 << 20


def read_regular(path: str | os.PathLike[str], *, limit: int) -> bytes:
    """All of a file that may have come with a folder from anybody.

    Arguments:
        path: a regular file; a symbolic link is not followed and a pipe not waited for.
        limit: the most bytes it may have.

    Raises:
        OSError: it is missing, something else, larger, or may not be read.
    """
    blocks = []
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        # It may grow while it is read.
        while size <= limit and (block := file.read(BLOCK)):
            blocks.append(block)
            size = max(size, sum(map(len, blocks)))
        if size > limit:
            raise OSError(errno.EFBIG, f"more than {limit:,} bytes")
    return b"".join(blocks)


def open_regular(path: str | os.PathLike[str], flags: int = os.O_RDONLY) -> FileIO:
    """Open a regular file, and nothing else that may have its name.

    Arguments:
        path: its last part may be no symbolic link.
        flags: those of `os.open`; a file that it makes can be read and written by all that the
            user's mask allows.

    Raises:
        OSError: it is missing, something else, or may not be opened.
    """
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise OSError(error.errno, "no regular file") from error
        raise
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no regular file")
    return FileIO(descriptor, "rb" if flags & os.O_ACCMODE == os.O_RDONLY else "r+b")


def hash_file(path: str | os.PathLike[str]) -> str:
    """The SHA-256 of a regular file, in hexadecimal.

    Raises:
        OSError: it is missing, something else, or cannot be read.
    """
    from hashlib import sha256

    digest = sha256()
    with open_regular(path) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def hash_text(text: str) -> str:
    """The SHA-256 of the UTF-8 of a text, in hexadecimal."""
    from hashlib import sha256  # slow to import, and using a model never needs it

    return sha256(text.encode()).hexdigest()
