"""A `.safetensors` file, opened without trust: nothing is read before it is known to be right."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from types import TracebackType

import numpy as np

from dino_names.arrays import Array
from dino_names.errors import ModelFileError
from dino_names.modelfile.header import LENGTH_BYTES, header_bytes, parse_header
from dino_names.modelfile.tensors import CODES, Expected, describe, tensor_bytes, total_bytes

MAX_FILE_BYTES = 1 << 28
BLOCK_BYTES = 1 << 24
# Enough to tell the files of other programs by.
HEAD_BYTES = 4096


class Container:
    """A file of tensors; use it in a `with` statement.

    Arguments:
        path: a regular file of at most MAX_FILE_BYTES, and no symbolic link.

    Attributes:
        metadata: what its header holds beside the tensors.

    Raises:
        ModelFileError: no such file, or not such a file; the message leaves its path out.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._file, self._size = _open(path)
        try:
            head = self._file.read(HEAD_BYTES) or b""
            self._start = LENGTH_BYTES + header_bytes(head, self._size)
            if self._start == LENGTH_BYTES:
                raise _foreign(head)
            data = self._bytes(LENGTH_BYTES, self._start - LENGTH_BYTES)
            self.metadata, self._entries = parse_header(bytes(data))
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Container:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self, expected: Expected) -> dict[str, Array]:
        """The tensors.

        Arguments:
            expected: the type and shape of each, by name.

        Returns:
            Arrays that cannot be written to, by name.

        Raises:
            ModelFileError: the header says anything else, or the file is not exactly as long.
        """
        for name in sorted(set(expected) | set(self._entries)):
            self._check_entry(name, expected)
        length = total_bytes(expected)
        if self._start + length != self._size:
            raise ModelFileError(
                f"expected {self._start + length} bytes, received {self._size}: it was cut off or "
                "something was added; copy or export it again."
            )
        data = self._bytes(self._start, length)
        return {
            name: np.ndarray(shape, np.dtype(kind), data, self._entries[name].begin)
            for name, (kind, shape) in expected.items()
        }

    def mapped(self, name: str, kind: str) -> Array:
        """A tensor of one axis as it lies in the file, read where it is looked at.

        Arguments:
            name: of the tensor.
            kind: its type.
        """
        entry = self._entries[name]
        place = self._start + entry.begin
        return np.memmap(self._path, np.dtype(kind), "r", place, entry.shape)

    def _check_entry(self, name: str, expected: Expected) -> None:
        wanted = describe(*expected[name]) if name in expected else "no such tensor"
        if name not in self._entries:
            received = "none"
        else:
            entry = self._entries[name]
            kind = next((kind for kind, code in CODES.items() if code == entry.code), "other")
            received = describe(kind, entry.shape)
            if wanted == received and entry.end - entry.begin != tensor_bytes(kind, entry.shape):
                received = f"{entry.end - entry.begin} bytes"
        if wanted != received:
            raise ModelFileError(f"tensor {name[:80]!r}: expected {wanted}, received {received}.")

    def _bytes(self, start: int, length: int) -> bytearray:
        """A part of the file, all of it."""
        data = bytearray(length)
        view = memoryview(data)
        self._file.seek(start)
        done = 0
        while done < length:
            count = self._file.readinto(view[done : done + BLOCK_BYTES])
            if not count:
                raise ModelFileError(f"expected {length} bytes, received {done}: it was cut off.")
            done += count
        return data


def _open(path: str | os.PathLike[str]) -> tuple[FileIO, int]:
    # A pipe must not be waited for, and a link may lead to what its sender cannot read himself.
    names = ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY")
    flags = os.O_RDONLY
    for name in names:
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise ModelFileError("expected a model file, but there is none of this name.") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_regular("a symbolic link; name the file that it leads to") from None
        raise ModelFileError(
            f"expected a model file, received {error.strerror!r}; see to it that you may read it."
        ) from None
    except ValueError as error:
        raise ModelFileError(f"expected the path of a model file, received {error}.") from None
    try:
        size = _check_regular(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return FileIO(descriptor), size


def _check_regular(descriptor: int) -> int:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise _not_regular(f"a folder (a run or a SavedModel?). {EXPORT}")
    if not stat.S_ISREG(status.st_mode):
        raise _not_regular("a pipe, a socket or a device")
    if status.st_size > MAX_FILE_BYTES:
        raise ModelFileError(
            f"expected at most {MAX_FILE_BYTES} bytes, received {status.st_size}; train a smaller "
            "model."
        )
    return status.st_size


def _not_regular(received: str) -> ModelFileError:
    return ModelFileError(f"expected a model file, received {received}.")


EXPORT = "Whoever made it can run `dino-names export RUN -o FILE.safetensors`"


def _foreign(head: bytes) -> ModelFileError:
    from dino_names.modelfile.foreign_formats import (
        other_kind,  # only a file that is refused pays for it
    )

    kind = other_kind(head) if head else "an empty file"
    if kind == "a text":
        advice = "To learn from a list of names run `dino-names train FILE`"
    else:
        advice = f"Such files can hide programs, so none is opened. {EXPORT}"
    return ModelFileError(f"expected a .safetensors model file, received {kind}. {advice}.")
