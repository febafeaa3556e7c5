"""Bytes made text, and text made sure to be seen: what is refused is named with its place."""

from __future__ import annotations

import codecs

from dino_names.errors import CorpusError

# How far around a wrong byte is looked for what the encoding may be.
SAMPLE_BYTES = 1 << 16

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


def check_kind(head: bytes, shown: str) -> int:
    """The length of the byte-order mark of UTF-8, 0 without one.

    Arguments:
        head: how the file begins.
        shown: the file.

    Raises:
        CorpusError: another encoding or another kind of file, as far as its first bytes tell.
    """
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
    if len(head) < 4:
        return None
    for name, low, high in (
        ("UTF-16 LE", head[0::2], head[1::2]),
        ("UTF-16 BE", head[1::2], head[0::2]),
    ):
        # ASCII has 0 for every high byte; Cyrillic mostly 4, and 0 in its newlines.
        if 0 in high and 0 not in low and max(map(high.count, set(high))) * 2 > len(high):
            return name
    return None


def decode(
    data: bytes,
    *,
    shown: str,
    line: int = 1,
    offset: int = 0,
    wide: bool = False,
    final: bool = True,
) -> str:
    """UTF-8 made text, newlines made LF.

    Arguments:
        data: the bytes.
        shown, line, offset: the file, and the line and byte at which the data starts in it.
        wide: whether characters of several bytes came before.
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
        sample = data[max(0, start - SAMPLE_BYTES) : start + SAMPLE_BYTES]
        guess = guess_encoding(sample, wide=wide)
        raise CorpusError(
            f"{shown}:{line}: expected UTF-8, received 0x{data[start]:02X} at byte "
            f"{offset + start}, which looks like {guess}. Save the file as UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def guess_encoding(sample: bytes, *, wide: bool = False) -> str:
    """What some bytes that are not UTF-8 may be, in words for a message.

    Arguments:
        sample: the bytes around the first that is wrong.
        wide: whether UTF-8 with characters of several bytes came before.
    """
    replaced = sample.decode("utf-8", "replace")
    wrong = replaced.count("\ufffd")
    if wide or sum(character > "\x7f" for character in replaced) - wrong > wrong:
        return "UTF-8 with damaged bytes"
    high = [byte for byte in sample if byte > 0x7F]
    letters = sum(chr(byte).isalpha() for byte in sample if byte <= 0x7F) + len(high)
    if len(high) * 2 > letters:
        return "an older encoding such as Windows-1251, Shift JIS or GB 18030"
    return "Windows-1252 or Mac Roman" if min(high, default=255) < 0xA0 else "Latin-1"
