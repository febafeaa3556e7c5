"""Text files from anywhere: opened without hanging, read in bounded memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing

from dino_names.corpus.bounds import TOO_MANY
from dino_names.corpus.characters import MAX_LINE, check_characters, long_line
from dino_names.corpus.encoding import check_kind, decode
from dino_names.errors import CorpusError
from dino_names.storage import FilePath, show

BLOCK_BYTES = 1 << 20
# No character in NFC is made of more than 16 bytes, so a longer line is over MAX_LINE.
MAX_LINE_BYTES = 16 * MAX_LINE
LIST_FILE = "list.json"  # of a folder that `dino-names prepare` made
PREPARED = (
    "a list that was prepared, which only train, alone, and check read; name the file it was made "
    "of"
)


def holds_list(folder: FilePath) -> bool:
    """Whether a folder is a prepared list, as far as one can see."""
    return os.path.exists(os.path.join(folder, LIST_FILE))  # noqa: PTH110, PTH118 - as below


def read_blocks(path: FilePath, *, limit: int) -> Generator[bytes, None, None]:
    """The bytes of a regular file, a block at a time.

    Arguments:
        path: a regular file or a symbolic link to one. Pipes, sockets and devices are
            never waited for.
        limit: the most bytes it may have.

    Yields:
        Blocks of at most BLOCK_BYTES.

    Raises:
        CorpusError: it is missing, may not be read, is no regular file, or is too big.
    """
    shown = show(path)
    # Without O_NONBLOCK a pipe that took the file's place since `stat` would hang `open`.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        _check_regular(os.stat(path or "."), path, limit)  # noqa: PTH116 - pathlib imports much
        descriptor = os.open(path, flags)
        try:
            _check_regular(os.fstat(descriptor), path, limit)
            size = 0
            while block := os.read(descriptor, BLOCK_BYTES):
                size += len(block)
                if size > limit:
                    raise _too_big(shown, limit)
                yield block
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise CorpusError(f"{shown}: expected a file, but there is none of this name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CorpusError(f"{shown}: expected a file that can be read: {reason}.") from error


def read_lines(path: FilePath, *, limit: int) -> Iterator[str]:
    """The text of a file of short lines, many whole lines at a time; see `whole_lines`.

    Arguments:
        path: the file.
        limit: the most bytes it may have.

    Raises:
        CorpusError: as `read_blocks` and `whole_lines`.
    """
    with closing(read_blocks(path, limit=limit)) as blocks:
        yield from whole_lines(blocks, show(path))


def whole_lines(blocks: Iterable[bytes], shown: str) -> Iterator[str]:
    r"""The text of short lines, many whole ones at a time.

    Memory does not grow with the text: at most two blocks are held.

    Arguments:
        blocks: in UTF-8, with or without a byte-order mark.
        shown: what messages call them.

    Yields:
        Whole lines, newlines (LF, CRLF, CR) made LF; only the last may lack its own.

    Raises:
        CorpusError: not UTF-8; a line that is far too long.
    """
    pending = b""
    offset, line, wide = 0, 1, False
    for block in blocks:
        if not offset and not pending:
            offset = check_kind(block, shown)
            block = block[offset:]
        pending += block
        # A carriage return at the very end may be the first half of a CRLF.
        cut = max(pending.rfind(b"\n"), pending.rfind(b"\r", 0, len(pending) - 1)) + 1
        if not cut and len(pending) > MAX_LINE_BYTES:
            text = decode(pending, shown=shown, line=line, offset=offset, final=False)
            check_characters(text, shown=shown, line=line)
            raise long_line(text, shown=shown, line=line)
        if cut:
            text = decode(pending[:cut], shown=shown, line=line, offset=offset, wide=wide)
            yield text
            pending, offset, line = pending[cut:], offset + cut, line + text.count("\n")
            wide = wide or not text.isascii()
    if pending:
        yield decode(pending, shown=shown, line=line, offset=offset, wide=wide)


def read_whole(path: FilePath, *, limit: int) -> str:
    """The text of a file with lines of any length, newlines made LF.

    Raises:
        CorpusError: as `read_blocks`; not UTF-8.
    """
    with closing(read_blocks(path, limit=limit)) as blocks:
        data = b"".join(blocks)
    start = check_kind(data, show(path))
    return decode(data[start:], shown=show(path), offset=start)


def _check_regular(status: os.stat_result, path: FilePath, limit: int) -> None:
    shown = show(path)
    if stat.S_ISDIR(status.st_mode) and holds_list(path):
        raise CorpusError(f"{shown}: expected a file, received {PREPARED}.")
    kinds = (
        (stat.S_ISDIR, "a folder; name a file in it"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (lambda mode: not stat.S_ISREG(mode), "a device"),
    )
    for is_kind, kind in kinds:
        if is_kind(status.st_mode):
            raise CorpusError(f"{shown}: expected a regular file, received {kind}.")
    if status.st_size > limit:
        raise _too_big(shown, limit)


def _too_big(shown: str, limit: int) -> CorpusError:
    return CorpusError(f"{shown}: expected at most {limit:,} bytes, received more. {TOO_MANY}")
