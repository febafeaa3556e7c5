"""Name files that are damaged, hostile or of another kind: each with the sentence it gets."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from dino_names.corpus import file_reading, names
from dino_names.corpus.names import Names, read_names
from dino_names.corpus.texts import read_text
from dino_names.errors import CorpusError

GIGABYTE = 10**9
MANY = "\n".join(map(chr, range(0x4E00, 0x4E00 + 5_000)))
FAMILY = "\U0001f468\u200d\U0001f469"

# Content, the line that the message names (None: the path alone), and parts of the message.
REFUSED: dict[str, tuple[bytes, int | None, tuple[str, ...]]] = {
    "empty": (b"", None, ("expected one name per line", "received nothing.")),
    "a mark alone": (b"\xef\xbb\xbf", None, ("received nothing.",)),
    "blank lines": (b" \n\r\n\t\r", None, ("received nothing but blank lines",)),
    "NUL": (b"Rex\nAj\0ax\n", 2, ("control character U+0000 NULL in column 3", "Delete it")),
    "NUL alone": (b"\0", 1, ("U+0000 NULL",)),
    "escape": (b"\x1b[31mRex\n", 1, ("control character U+001B ESCAPE in column 1",)),
    "tab inside": (b"Rex\n \tA\tjax\t\n", 2, ("control character U+0009 TAB in column 4",)),
    "form feed": (b"Rex\x0cAjax\n", 1, ("U+000C FORM FEED",)),
    "vertical tab": (b"Rex\n\x0b\nAjax\n", 2, ("U+000B LINE TABULATION",)),
    "next line": ("Rex\nA\x85B\n".encode(), 2, ("control character U+0085 NEXT LINE",)),
    "U+2028": ("Rex\nA\u2028B\nBob".encode(), 2, ("separator character U+2028 LINE SEPARATOR",)),
    "U+2029 at an end": ("Rex\nAjax\u2029".encode(), 2, ("U+2029 PARAGRAPH SEPARATOR",)),
    "override": ("Rex\r\rA\u202ejax".encode(), 3, ("bidirectional", "RIGHT-TO-LEFT OVERRIDE")),
    "isolate": ("\u2066Rex".encode(), 1, ("bidirectional character U+2066",)),
    "Arabic mark": ("Rex\r\n\u061c".encode(), 2, ("bidirectional character U+061C",)),
    "Latin-1": (b"Rex\r\nZo\xeb\r\n", 2, ("expected UTF-8", "0xEB at byte 7", "Latin-1")),
    "after a mark": (b"\xef\xbb\xbfRex\rZo\xeb", 2, ("0xEB at byte 9",)),
    "Windows-1252": (b"O\x92Neil\nRen\xe9e\n", 1, ("0x92 at byte 1", "Windows-1252")),
    "Windows-1251": ("Иван\nПётр\n".encode("cp1251"), 1, ("0xC8 at byte 0", "Windows-1251")),
    "Shift JIS": ("はなこ\nたろう\n".encode("shift_jis"), 1, ("Shift JIS",)),
    "damaged": ("Zoë\nRenée\nJosé".encode()[:-1], 3, ("damaged", "at byte 15")),
    "surrogate": (b"Rex\n\xed\xa0\x80\n", 2, ("expected UTF-8", "0xED at byte 4")),
    "overlong": (b"Rex\n\xc0\x8aAjax\n", 2, ("0xC0 at byte 4",)),
    "UTF-16 LE": ("\ufeffRex\nAjax".encode("utf-16-le"), 1, ("0xFF at byte 0", "UTF-16 LE")),
    "UTF-16 BE": ("\ufeffRex\nAjax".encode("utf-16-be"), 1, ("0xFE at byte 0", "UTF-16 BE")),
    "UTF-32": ("\ufeffRex".encode("utf-32-le"), 1, ("UTF-32 LE",)),
    "no mark, LE": ("Rex\nAjax".encode("utf-16-le"), 1, ("0x52 at byte 0", "UTF-16 LE")),
    "no mark, BE": ("Rex\nAjax".encode("utf-16-be"), 1, ("UTF-16 BE",)),
    "no mark, Cyrillic": ("Иван\nПётр\n".encode("utf-16-le"), 1, ("UTF-16 LE",)),
    "ZIP": (b"PK\x03\x04\x14\x00", 1, ("a ZIP archive or an office document", "plain text")),
    "gzip": (b"\x1f\x8b\x08\x00", 1, ("a gzip archive",)),
    "257 letters": (b"Rex\n" + b"a" * 257, 2, ("at most 256 characters in a line", "'aaaa")),
    "257 with blanks": (b"Rex\n\n" + b" " * 254 + b"Bob", 3, ("256 characters", "'Bob'")),
    "accents": (b"Rex\nZ" + "\u0308".encode() * 31, 2, ("at most 30 accents on a letter",)),
    "5,000 characters": (MANY.encode(), None, ("at most 4,096 distinct", "not look like a list")),
}

# Content, the names read from it, and the number of warnings.
ACCEPTED: dict[str, tuple[bytes, tuple[str, ...], int]] = {
    "one name": (b"Rex\n", ("Rex",), 1),
    "the same letter": (b"aa\na\naaa\n", ("aa", "a", "aaa"), 1),
    "BOM": (b"\xef\xbb\xbfRex\nAjax\n", ("Rex", "Ajax"), 0),
    "CR": (b"Rex\rAjax\r", ("Rex", "Ajax"), 0),
    "CRLF": (b"Rex\r\nAjax\r\n", ("Rex", "Ajax"), 0),
    "mixed": (b"Rex\rAjax\n\rBob\r\n\nCleo", ("Rex", "Ajax", "Bob", "Cleo"), 0),
    "no final newline": (b"Rex\nAjax", ("Rex", "Ajax"), 0),
    "NFD": ("Zoe\u0308\nZo\u00eb\nRex".encode(), ("Zo\u00eb", "Rex"), 0),
    "256 letters": (b"a" * 256 + b"\nRex", ("a" * 256, "Rex"), 0),
    "256 letters in NFD": (("e\u0308" * 256 + "\nRex").encode(), ("\u00eb" * 256, "Rex"), 0),
    "emoji": ("\U0001f995\n\u2764\ufe0f\n".encode(), ("\U0001f995", "\u2764\ufe0f"), 0),
    "right to left": ("דוד\nمحمد\n".encode(), ("דוד", "محمد"), 0),
    "blanks": ("\u00a0Rex \n\tVan Gogh\t\n\u3000\n".encode(), ("Rex", "Van Gogh"), 0),
    "the replacement character": ("Zo\ufffd\nRex".encode(), ("Zo\ufffd", "Rex"), 0),
}


def refusal(path: Path | str, reader: Callable[[Path | str], object] = read_names) -> str:
    with pytest.raises(CorpusError) as caught:
        reader(path)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < len(str(path)) + 200
    return message


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_is_refused_with_its_place_and_reason(case: str, tmp_path: Path) -> None:
    content, line, parts = REFUSED[case]
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    message = refusal(path)
    assert message.startswith(f"{path}: " if line is None else f"{path}:{line}: ")
    assert [part for part in parts if part not in message] == []


# Other kinds of files are told by how they begin, so these do not occur further in.
ANYWHERE = [
    case
    for case, (content, line, _) in REFUSED.items()
    if line and case not in ("ZIP", "gzip") and "mark" not in case and "UTF" not in case
]


@pytest.mark.parametrize("case", ANYWHERE)
def test_the_place_is_right_far_into_a_file(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, line, _ = REFUSED[case]
    monkeypatch.setattr(file_reading, "BLOCK_BYTES", 7)
    path = tmp_path / "names.txt"
    path.write_bytes(b"Bob\r\n" * 100 + content)
    assert refusal(path).startswith(f"{path}:{100 + (line or 0)}: ")


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_file_is_read_though_it_is_odd(case: str, tmp_path: Path) -> None:
    content, expected, warnings = ACCEPTED[case]
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    names = read_names(path)
    assert names.names == expected
    assert len(names.warnings) == warnings
    assert all(warning.startswith(f"{path}:1: ") for warning in names.warnings)


# Files that are too big


def peak_of_refusal(path: Path) -> tuple[str, int]:
    tracemalloc.start()
    try:
        return refusal(path), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"", ":1: expected visible characters, received the control character U+0000 NULL"),
        (b"Rex\n" + b"a" * 2**21, ":2: expected at most 256 characters in a line"),
        (b"Rex\n" + "ë".encode() * 2**21, ":2: expected at most 256 characters in a line"),
    ],
)
def test_one_line_of_a_gigabyte_is_refused_in_bounded_memory(
    start: bytes, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(start)
    os.truncate(path, GIGABYTE)
    message, peak = peak_of_refusal(path)
    assert expected in message
    assert peak < 16 * 2**20


def test_a_file_over_the_bound_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.txt"
    path.touch()
    os.truncate(path, names.MAX_NAMES_BYTES + 1)
    monkeypatch.setattr(os, "read", None)
    assert "expected at most 1,073,741,824 bytes" in refusal(path)


def test_a_file_that_grows_over_the_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(b"Rex\n")
    monkeypatch.setattr(names, "MAX_NAMES_BYTES", 100)
    monkeypatch.setattr(os, "read", lambda descriptor, size: b"Rex\n")
    assert "expected at most 100 bytes" in refusal(path)


def test_too_many_names_are_refused(names_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dino_names.corpus.names_from_lines.MAX_NAMES", 19)
    assert "expected at most 19 names" in refusal(names_file)


def test_a_long_run_of_accents_takes_no_quadratic_time(tmp_path: Path) -> None:
    # Sorting these takes minutes; the test's timeout is the claim.
    path = tmp_path / "text.txt"
    path.write_text("a" + "\u0301\u0316" * 1_000_000, encoding="utf-8")
    assert "at most 30 accents" in refusal(path, read_text)


# Paths that are no file to read


@pytest.mark.parametrize("reader", [read_names, read_text])
def test_what_is_no_regular_file_is_refused(
    reader: Callable[[Path | str], object], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to("missing")
    (tmp_path / "file").write_text("Rex\n")
    for path, expected in (
        (tmp_path / "missing", "expected a file, but there is none of this name"),
        (tmp_path / "nowhere", "expected a file, but there is none of this name"),
        (tmp_path, "expected a regular file, received a folder"),
        (tmp_path / "pipe", "expected a regular file, received a pipe"),
        (tmp_path / "loop", "expected a file that can be read: "),
        (tmp_path / "file" / "inside", "expected a file that can be read: Not a directory"),
        (tmp_path / ("long" * 100), "expected a file that can be read: File name too long"),
        ("/dev/zero", "expected a regular file, received a device"),
    ):
        assert refusal(path, reader).startswith(f"{path}: {expected}")
    assert "received a folder" in refusal("", reader)
    assert "null byte" in refusal("names\0.txt", reader)


def test_a_socket_is_refused() -> None:
    # Paths of sockets are short, and those of tests are not.
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/s")
        assert "expected a regular file, received a socket" in refusal(f"{folder}/s")


def test_a_pipe_that_takes_the_place_of_the_file_does_not_hang(
    names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = names_file.stat()
    names_file.unlink()
    os.mkfifo(names_file)
    monkeypatch.setattr(Path, "stat", lambda self: status)
    message = refusal(names_file)
    assert "received a pipe" in message


def test_a_file_without_permission_is_refused(names_file: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    names_file.chmod(0)
    assert "expected a file that can be read: Permission denied" in refusal(names_file)


@pytest.mark.parametrize(
    ("call", "code", "expected"),
    [("open", errno.EACCES, "Permission denied"), ("read", errno.EIO, "Input/output error")],
)
def test_what_the_system_refuses_is_said(
    call: str, code: int, expected: str, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    message = refusal(names_file)
    assert message == f"{names_file}: expected a file that can be read: {expected}."


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(b"Rex\n\0")
    before = len(list(Path("/dev/fd").iterdir()))
    messages = [refusal(path) for _ in range(5)]
    assert len(messages) == 5
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_symbolic_link_to_a_file_is_read(names_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(names_file)
    names: Names = read_names(link)
    assert (names.path, len(names)) == (link, 20)
