"""Names and texts: what is read, what is warned of, and how they are split."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus import file_reading, names, texts
from dino_names.corpus.names import check_names, read_names
from dino_names.corpus.splits import split_names, split_text
from dino_names.corpus.texts import read_text
from dino_names.errors import CorpusError, OptionError

LETTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"))
NAME = st.text(LETTERS, min_size=1, max_size=20)
NAMES = st.lists(NAME, min_size=1, max_size=12)
NEWLINE = st.sampled_from(["\n", "\r\n", "\r"])
BLANKS = st.text(st.sampled_from(" \t\u00a0\u3000"), max_size=3)


def composed(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unicodedata.normalize("NFC", name) for name in names))


def written(content: bytes) -> Path:
    handle, path = tempfile.mkstemp()
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(path)


def read(content: bytes) -> names.Names:
    path = written(content)
    try:
        return read_names(path)
    finally:
        path.unlink()


# Reading names


def test_the_twenty_names_are_read_as_they_were_written(
    names_file: Path, twenty: list[str]
) -> None:
    names = read_names(names_file)
    assert names.names == tuple(twenty)
    assert (names.path, names.repeats, names.warnings, len(names)) == (names_file, 0, (), 20)


@given(names=NAMES, data=st.data(), bom=st.booleans(), last=st.booleans())
def test_newlines_marks_and_blanks_change_nothing(
    names: list[str], data: st.DataObject, bom: bool, last: bool
) -> None:
    text = "\ufeff" if bom else ""
    for name in names:
        # A lone CR before an LF would be one newline, which the blank lines below allow for.
        text += data.draw(BLANKS) + name + data.draw(BLANKS) + data.draw(NEWLINE)
        text += "".join(data.draw(st.lists(st.tuples(BLANKS, NEWLINE).map("".join), max_size=2)))
    result = read((text if last else text.rstrip("\r\n")).encode())
    assert result.names == composed(names)
    assert result.repeats == len(names) - len(result.names)


@given(names=NAMES, block=st.integers(1, 40))
def test_where_the_blocks_end_changes_nothing(names: list[str], block: int) -> None:
    path = written("\r\n".join(["", *names]).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_reading, "BLOCK_BYTES", block)
        blockwise = read_names(path)
    path.unlink()
    assert blockwise.names == composed(names)


@given(names=NAMES)
def test_a_list_in_python_is_read_as_its_file(names: list[str]) -> None:
    from_file, from_list = read("\n".join(names).encode()), check_names(iter(names))
    assert from_list.path is None
    assert (from_list.names, from_list.repeats) == (from_file.names, from_file.repeats)
    assert len(from_list.warnings) == len(from_file.warnings)


@given(content=st.binary(max_size=60) | st.text(max_size=30).map(str.encode))
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes) -> None:
    try:
        names = read(content)
    except CorpusError as error:
        assert "expected" in str(error)
        assert "\n" not in str(error)
    else:
        assert names.names
        assert all(name and name == name.strip() and "\t" not in name for name in names.names)
        assert check_names(names.names).names == names.names


def test_many_names_in_python_keep_their_places() -> None:
    names = [f"n{index}" for index in range(70_000)]
    assert check_names(names).names == tuple(names)
    with pytest.raises(CorpusError, match=r"names:70001: .*U\+0007"):
        check_names([*names, "a\x07"])


def test_the_fingerprint_is_of_the_set_of_names() -> None:
    expected = hashlib.sha256("Ajax\nRex\nZoë".encode()).hexdigest()
    assert check_names(["Rex", "Ajax", "Zoe\u0308", "Rex"]).fingerprint == expected
    assert check_names(["Zoë", "Rex", "Ajax"]).fingerprint == expected
    assert check_names(["Zoe", "Rex", "Ajax"]).fingerprint != expected


def test_a_message_about_an_odd_path_stays_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_names(tmp_path / "two\nlines")
    assert "\n" not in str(caught.value)


def test_reading_names_imports_neither_tensorflow_nor_hashlib() -> None:
    code = (
        "import dino_names.corpus.names, sys; print({'tensorflow', 'hashlib'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.strip() == b"set()"


def test_the_reference_lists_are_read_with_their_known_faults(reference: Path) -> None:
    dinos = read_names(reference / "dinos.txt")
    assert (len(dinos), dinos.repeats) == (1_524, 12)
    assert any(":792: 'LisboasaurusLiubangosaurus'" in warning for warning in dinos.warnings)
    names = read_names(reference / "names.txt")
    assert (len(names), names.repeats, names.warnings) == (29_494, 2_539, ())


# Warnings


def test_two_names_run_together_are_pointed_at(twenty: list[str]) -> None:
    twenty[7] += "Diplodocus"
    assert check_names(twenty).warnings == (
        "names:8: 'CarnotaurusDiplodocus' has a capital letter inside; if it is two names, "
        "put each on a line of its own.",
    )


@pytest.mark.parametrize(
    "names",
    [
        ["McDonald", "Smith", "McKay", "O'Neil", "Jones"],
        ["REX", "AJAX", "BOB"],
        ["Mary Ann", "Anne-Marie", "D'Arcy"],
        ["МакДональд", "МакКей", "Иван"],
    ],
)
def test_capitals_that_the_list_is_full_of_are_not_odd(names: list[str]) -> None:
    assert check_names(names).warnings == ()


def test_many_odd_capitals_are_counted_but_not_all_shown() -> None:
    names = [f"Name{letter}" for letter in "abcdefghijkl"] + [f"n{i}" for i in range(1_200)]
    names[:12] = [name.replace("e", "eR") for name in names[:12]]
    warnings = check_names(names).warnings
    assert len(warnings) == 11
    assert warnings[-1] == "names:10: 2 more after it have a capital letter inside."


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["", "Name", "Rex", "Ajax"], "names:2: 'Name' looks like a heading"),
        (["first_name,sex", "Ann,F", "Bob,M"], "names:1: 'first_name,sex' looks like a heading"),
        (["given,count", "Ann", "Bob"], "names:1: 'given,count' looks like a heading"),
        (["Ann, Bob, Carl"], "names:1: one line with commas"),
        (["Rex", "Rex"], "names:1: one name only"),
        (["aa", "a", "aaa"], "names:1: every name is made of 'a' alone"),
    ],
)
def test_what_looks_wrong_is_said_and_kept(names: list[str], expected: str) -> None:
    result = check_names(names)
    assert [warning.startswith(expected) for warning in result.warnings] == [True]
    assert result.names == tuple(dict.fromkeys(filter(None, names)))


@pytest.mark.parametrize("names", [["Rex", "Name"], ["Ann, F", "Bob, M"], ["Idris", "Texton"]])
def test_a_first_name_like_the_others_is_no_heading(names: list[str]) -> None:
    assert check_names(names).warnings == ()


# What is refused of a list in Python


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], r"names: expected one name per line, received nothing"),
        ([" ", ""], r"names: expected one name per line, received nothing but blank"),
        ("Rex", r"names: expected a list of names, received one text"),
        (["Rex", 5], r"names:2: expected text, received int"),
        (["Rex", "a\nb"], r"names:2: .*control character U\+000A NEWLINE in column 2"),
        (["Rex", "ab\r"], r"names:2: .*control character U\+000D CARRIAGE RETURN in column 3"),
        (["Rex", "\ud800"], r"names:2: .*surrogate character U\+D800 in column 1"),
    ],
)
def test_what_is_no_list_of_names_is_refused(names: list[str], expected: str) -> None:
    with pytest.raises(CorpusError, match=expected):
        check_names(names)


# Splitting


@given(
    names=st.lists(NAME, min_size=1, max_size=30),
    fraction=st.floats(0, 0.99),
    seed=st.integers(0, 2**31),
    order=st.randoms(use_true_random=False),
)
def test_a_split_is_a_partition_that_order_and_repeats_leave_alone(
    names: list[str], fraction: float, seed: int, order: object
) -> None:
    train, valid = split_names(names, fraction=fraction, seed=seed)
    assert sorted(train + valid) == sorted(set(names))
    assert (list(train), list(valid)) == (sorted(train), sorted(valid))
    shuffled = names + names[:3]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert split_names(shuffled, fraction=fraction, seed=seed) == (train, valid)
    assert train
    assert bool(valid) == (fraction > 0 and len(set(names)) > 1)


def test_the_seed_and_nothing_else_moves_the_split() -> None:
    names = [f"name{index}" for index in range(100)]
    held_out = {split_names(names, fraction=0.1, seed=seed)[1] for seed in range(20)}
    assert len(held_out) == 20
    assert {len(valid) for valid in held_out} == {10}
    # Most names that were held out of fewer are held out of more.
    fewer, more = (set(split_names(names, fraction=f, seed=0)[1]) for f in (0.1, 0.2))
    assert fewer < more


def test_the_split_is_the_same_on_every_machine() -> None:
    names = ["Ajax", "Bob", "Cleo", "Dora", "Rex"]

    def place(name: str) -> bytes:
        return hashlib.blake2b(b"7\n" + name.encode(), digest_size=16).digest()

    expected = tuple(sorted(sorted(names, key=place)[:2]))
    assert split_names(names, fraction=0.4, seed=7)[1] == expected


@pytest.mark.parametrize(("fraction", "seed"), [(1.0, 0), (-0.1, 0), (float("nan"), 0), (0.1, -1)])
def test_a_split_out_of_range_is_refused(fraction: float, seed: int) -> None:
    with pytest.raises(OptionError):
        split_names(["Rex"], fraction=fraction, seed=seed)


def test_nothing_cannot_be_split() -> None:
    with pytest.raises(CorpusError, match="at least one name"):
        split_names([], fraction=0.1, seed=0)
    with pytest.raises(CorpusError, match="at least one character"):
        split_text("", fraction=0.1)


# Texts


@given(lines=st.lists(st.text(LETTERS | st.sampled_from(" \t"), max_size=9)), data=st.data())
def test_a_text_keeps_all_but_its_newlines_and_mark(lines: list[str], data: st.DataObject) -> None:
    lines = ["begin", *lines, "end"]
    content = "\ufeff" + lines[0] + "".join(data.draw(NEWLINE) + "|" + line for line in lines[1:])
    path = written(content.encode())
    text = read_text(path)
    path.unlink()
    assert text.text == unicodedata.normalize("NFC", "\n|".join(lines))


def test_a_text_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"To be,\r\n\r\n\tor not.\n")
    text = read_text(path)
    assert (text.text, text.path, len(text)) == ("To be,\n\n\tor not.\n", path, 17)
    assert text.fingerprint == hashlib.sha256(b"To be,\n\n\tor not.\n").hexdigest()
    assert [w.startswith(f"{path}:1: 17 characters only") for w in text.warnings] == [True]
    path.write_text("line of a longer text\n" * 100)
    assert read_text(path).warnings == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "text.txt: expected a text, received an empty file"),
        (b" \n\t\n", "text.txt: expected a text, received nothing but blanks"),
        (b"one\r\ntwo\x0c\n", r"text.txt:2: .*control character U\+000C FORM FEED in column 4"),
        (b"one\rtwo\n\xe9", r"text.txt:3: expected UTF-8, received 0xE9 at byte 8"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 16_500))).encode(), "at most 16,384 distinct"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=expected):
        read_text(path)


def test_a_text_over_its_bound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.touch()
    os.truncate(path, texts.MAX_TEXT_BYTES + 1)
    with pytest.raises(CorpusError, match="at most 268,435,456 bytes"):
        read_text(path)


@given(text=st.text(min_size=1, max_size=40), fraction=st.floats(0, 0.99))
def test_the_end_of_a_text_is_held_out(text: str, fraction: float) -> None:
    train, valid = split_text(text, fraction=fraction)
    assert train + valid == text
    assert train
    assert bool(valid) == (fraction > 0 and len(text) > 1)


def test_the_last_tenth_is_counted_as_others_count_it() -> None:
    assert [len(part) for part in split_text("a" * 1_115_394, fraction=0.1)] == [1_003_854, 111_540]
