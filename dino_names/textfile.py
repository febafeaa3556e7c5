"""Text files from anywhere: opened without hanging, read in bounded memory, decoded or refused.

What is refused is refused here, in the order in which it is met: a path that is no regular
file, a file that is too big, another kind of file, another encoding, a character that is
not there to be seen.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import unicodedata
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from dino_names.errors import CorpusError

FilePath = str | os.PathLike[str]

BLOCK_BYTES = 1 << 20
MAX_LINE = 256
# No character in NFC is made of more than 16 bytes, so a longer line is over MAX_LINE.
MAX_LINE_BYTES = 16 * MAX_LINE
# The bound of the Stream-Safe Text Format (UAX #15, section 13); sorting a long run of accents
# takes time that grows with its square.
MAX_ACCENTS = 30

FORBIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROL_NAMES = {
    "\0": "NULL",
    "\t": "TAB",
    "\n": "NEWLINE",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
# First bytes of what is mistaken for a list of names, and how to call it.
OTHER_KINDS = (
    (b"\xff\xfe\0\0", "UTF-32 LE"),
    (b"\0\0\xfe\xff", "UTF-32 BE"),
    (codecs.BOM_UTF16_LE, "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "UTF-16 BE"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89HDF", "an HDF5 file"),
)


def show(path: FilePath) -> str:
    """A path as a message may print it: on one line, whatever is in it."""
    text = os.fspath(path)
    return text if text.isprintable() else repr(text)


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
        _check_regular(Path(path).stat(), shown, limit)
        descriptor = os.open(path, flags)
        try:
            _check_regular(os.fstat(descriptor), shown, limit)
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
    r"""The text of a file of short lines, many whole lines at a time.

    Memory does not grow with the file: at most two blocks are held.

    Arguments:
        path: the file: UTF-8, with or without a byte-order mark.
        limit: the most bytes it may have.

    Yields:
        Whole lines, newlines (LF, CRLF, CR) made LF; only the last may lack its own.

    Raises:
        CorpusError: as `read_blocks`; not UTF-8; a line that is far too long.
    """
    shown, pending, offset, line = show(path), b"", 0, 1
    with closing(read_blocks(path, limit=limit)) as blocks:
        for block in blocks:
            if not offset and not pending:
                offset = _check_kind(block, shown)
                block = block[offset:]
            pending += block
            # A carriage return at the very end may be the first half of a CRLF.
            cut = max(pending.rfind(b"\n"), pending.rfind(b"\r", 0, len(pending) - 1)) + 1
            if cut:
                text = decode(pending[:cut], shown=shown, line=line, offset=offset)
                yield text
                pending, offset, line = pending[cut:], offset + cut, line + text.count("\n")
            elif len(pending) > MAX_LINE_BYTES:
                text = decode(pending, shown=shown, line=line, offset=offset, final=False)
                check_characters(text, shown=shown, line=line)
                raise long_line(text, shown=shown, line=line)
    if pending:
        yield decode(pending, shown=shown, line=line, offset=offset)


def read_whole(path: FilePath, *, limit: int) -> str:
    """The text of a file with lines of any length, newlines made LF.

    Raises:
        CorpusError: as `read_blocks`; not UTF-8.
    """
    with closing(read_blocks(path, limit=limit)) as blocks:
        data = b"".join(blocks)
    start = _check_kind(data, show(path))
    return decode(data[start:], shown=show(path), line=1, offset=start)


def decode(data: bytes, *, shown: str, line: int, offset: int, final: bool = True) -> str:
    """UTF-8 made text, newlines made LF.

    Arguments:
        data: the bytes.
        shown, line, offset: the file, and the line and byte at which the data starts in it.
        final: whether the last character must be whole.

    Raises:
        CorpusError: not UTF-8; says where, and which encoding it may be.
    """
    try:
        text, _ = codecs.utf_8_decode(data, "strict", final)
    except UnicodeDecodeError as error:
        start = error.start
        before = data[:start]
        line += before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
        guess = guess_encoding(data[max(0, start - BLOCK_BYTES // 16) : start + BLOCK_BYTES // 16])
        raise CorpusError(
            f"{shown}:{line}: expected UTF-8, received 0x{data[start]:02X} at byte "
            f"{offset + start}, which looks like {guess}. Save the file as UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def guess_encoding(sample: bytes) -> str:
    """What some bytes that are not UTF-8 may be, in words for a message.

    Arguments:
        sample: the bytes around the first that is wrong.
    """
    replaced = sample.decode("utf-8", "replace")
    wrong = replaced.count("\ufffd")
    if sum(character > "\x7f" for character in replaced) - wrong > wrong:
        return "UTF-8 with damaged bytes"
    high = [byte for byte in sample if byte > 0x7F]
    letters = sum(chr(byte).isalpha() for byte in sample if byte <= 0x7F) + len(high)
    if len(high) * 2 > letters:
        return "an older encoding such as Windows-1251, Shift JIS or GB 18030"
    return "Windows-1252 or Mac Roman" if min(high, default=255) < 0xA0 else "Latin-1"


def check_characters(text: str, *, shown: str, line: int) -> set[str]:
    """Refuse what cannot be seen: control, bidirectional and format characters.

    Arguments:
        text: whole lines; newlines and tabs are allowed.
        shown, line: the file, and the line at which the text starts in it.

    Returns:
        The distinct characters of the text.

    Raises:
        CorpusError: names the first such character, its line and its column.
    """
    characters = set(text)
    bad = {c for c in characters if unicodedata.category(c) in FORBIDDEN} - {"\n", "\t"}
    if bad:
        refuse_character(text, min(map(text.index, bad)), shown=shown, line=line)
    accents = "".join(c for c in characters if unicodedata.combining(c))
    run = accents and re.search(f"[{accents}]{{{MAX_ACCENTS + 1}}}", text)
    if run:
        raise CorpusError(
            f"{shown}:{line + text.count(chr(10), 0, run.start())}: expected at most "
            f"{MAX_ACCENTS} accents on a letter, received more. Delete them."
        )
    return characters


def refuse_character(text: str, position: int, *, shown: str, line: int) -> None:
    """Raise the error for one character that may not stand where it does.

    Raises:
        CorpusError: always.
    """
    character = text[position]
    name = CONTROL_NAMES.get(character) or unicodedata.name(character, "")
    kinds = {"Cf": "format", "Cs": "surrogate", "Zl": "separator", "Zp": "separator"}
    kind = kinds.get(unicodedata.category(character), "control")
    kind = "bidirectional" if character in BIDIRECTIONAL else kind
    column = position - text.rfind("\n", 0, position)
    named = f"U+{ord(character):04X} {name}".rstrip()
    raise CorpusError(
        f"{shown}:{line + text.count(chr(10), 0, position)}: expected visible characters, "
        f"received the {kind} character {named} in column {column}. Delete it."
    )


def long_line(text: str, *, shown: str, line: int) -> CorpusError:
    """The error for a line that is too long, with how it begins."""
    return CorpusError(
        f"{shown}:{line}: expected at most {MAX_LINE} characters in a line, received more "
        f"({text.lstrip()[:20]!r}...). Put each name on a line of its own."
    )


def _check_regular(status: os.stat_result, shown: str, limit: int) -> None:
    kinds = (
        (stat.S_ISDIR, "a folder"),
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
    return CorpusError(f"{shown}: expected at most {limit:,} bytes, received more. Take a part.")


def _check_kind(head: bytes, shown: str) -> int:
    """How long the byte-order mark of UTF-8 is, if any; refuses other kinds of files."""
    if head.startswith(codecs.BOM_UTF8):
        return len(codecs.BOM_UTF8)
    found = next((kind for start, kind in OTHER_KINDS if head.startswith(start)), None)
    found = found or _unmarked_utf16(head[:4096])
    if found:
        raise CorpusError(
            f"{shown}:1: expected text in UTF-8, received 0x{head[0]:02X} at byte 0, which "
            f"looks like {found}. Save it as plain text in UTF-8."
        )
    return 0


def _unmarked_utf16(head: bytes) -> str | None:
    """Which UTF-16 a file without a mark is: the high bytes, one of two, hardly vary."""
    for name, low, high in (
        ("UTF-16 LE", head[0::2], head[1::2]),
        ("UTF-16 BE", head[1::2], head[0::2]),
    ):
        # ASCII has 0 for every high byte; Cyrillic mostly 4, and 0 in its newlines.
        if 0 in high and 0 not in low and max(map(high.count, set(high))) * 2 > len(high):
            return name
    return None
