"""A list made a folder: what a list in memory has, whatever its length, order and pieces."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.corpus import PreparedNames, Vocabulary, prepared
from dino_names.corpus.names import check_names
from dino_names.errors import CorpusError, OptionError, StorageError
from dino_names.ngram import Ngram, Windows, windows
from dino_names.preparing import counting, prepare, shares
from tests.helpers.paths import NAMES as DINOSAURS
from tests.helpers.paths import ROOT

FILES = ("ids.bin", "lengths.bin", "marks.bin", "windows.npy")
LISTS = st.lists(st.text("abcéжA- ", min_size=1, max_size=9).filter(str.strip), min_size=1)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short list has many of each."""
    monkeypatch.setattr(PreparedNames, "BLOCK", 8)
    monkeypatch.setattr(prepared, "AT_ONCE", 16)
    monkeypatch.setattr(counting, "STRETCH", 2)
    monkeypatch.setattr(shares, "HELD", 5)


def ngram_of(names: PreparedNames) -> Ngram:
    keys, counts = names.windows()
    size = len(names.characters)
    return Windows(keys, counts.astype(np.int64), names.ngram_order, size).ngram()


@pytest.mark.usefixtures("small_pieces")
@settings(max_examples=25)
@given(LISTS, st.randoms(use_true_random=False))
def test_a_folder_has_what_a_list_in_memory_has(names: list[str], chance: Any) -> None:
    expected = check_names(names)
    shuffled = [*names, *names[:3]]
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as place:
        found, again = (
            prepare(listed, Path(place) / str(number))
            for number, listed in enumerate((names, shuffled))
        )
        assert sorted(found) == sorted(expected.names)
        assert (len(found), found.repeats) == (len(expected), expected.repeats)
        assert found.vocabulary == Vocabulary.of(expected.names)
        assert found.longest == max(map(len, expected.names))
        assert again.repeats == found.repeats + len(names[:3])
        assert again.fingerprint == found.fingerprint
        for file in FILES:
            assert (found.path / file).read_bytes() == (again.path / file).read_bytes()
        whole = Ngram.fit(list(expected.names), found.vocabulary, order=found.ngram_order)
        tensors = ngram_of(found).to_tensors()
        assert all(np.array_equal(tensors[n], t) for n, t in whole.to_tensors().items())


@pytest.mark.usefixtures("small_pieces")
def test_what_is_held_out_follows_from_name_and_seed(tmp_path: Path) -> None:
    names = DINOSAURS.read_text(encoding="utf-8").split()[:300]
    found = prepare(names, tmp_path / "all")
    rows = found.held_out(fraction=0.1, seed=5)
    assert len(rows) == 30 and (np.diff(rows) > 0).all()
    texts = list(found)
    assert found.at(rows) == [texts[row] for row in rows]
    held_out = set(found.at(rows))
    assert held_out != set(found.at(found.held_out(fraction=0.1, seed=6)))
    # Of fewer names a part of the same, up to where the share of so many ends.
    fewer = prepare(names[:200], tmp_path / "fewer")
    both = held_out & set(names[:200])
    also = set(fewer.at(fewer.held_out(fraction=0.1, seed=5)))
    assert both <= also or also <= both
    assert len(found.held_out(fraction=0.0, seed=5)) == 0
    assert len(found.held_out(fraction=1e-9, seed=5)) == 1
    assert len(found.held_out(fraction=0.9999, seed=5)) == 299


def test_no_more_is_held_out_than_a_figure_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST_HELD_OUT", 7)
    found = prepare([f"Name{n:c}" for n in range(0x4E00, 0x4E50)], tmp_path / "names")
    assert len(found.held_out(fraction=0.5, seed=0)) == 7


def test_of_too_many_names_it_is_said_what_a_model_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dino_names.preparing.pipeline.MAX_NAMES", 1)
    with_one, with_two = (prepare(names, tmp_path / names[-1]) for names in (["a"], ["a", "b"]))
    said = "of more than 1 names a model file does not say which they are"
    assert [said in " ".join(found.warnings) for found in (with_one, with_two)] == [False, True]


def test_a_hundred_warnings_are_enough(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(120)]
    for number, file in enumerate(files):
        file.write_text(f"name\nRex{number}\n", encoding="utf-8")
    found = prepare(files, tmp_path / "names")
    assert len(found.warnings) == 100
    assert PreparedNames.read(found.path) == found


def test_a_path_that_can_be_none_is_no_prepared_list() -> None:
    assert not any(prepared.is_prepared(path) for path in ("a" * 5_000, "\0", "", 3, None))


def test_files_and_names_make_one_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("a.txt", "Rex\nAjax\n"), ("b.txt", "Ajax\r\nname\nBo\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    source = [tmp_path / "a.txt", "Cid", "Rex", tmp_path / "b.txt"]
    found = prepare(source, tmp_path / "all")
    assert sorted(found) == ["Ajax", "Bo", "Cid", "Rex", "name"]
    assert found.repeats == 2
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfname\rRex\r\nBo")))
    told = prepare("-", tmp_path / "stdin")
    assert sorted(told) == ["Bo", "Rex", "name"]
    assert told.warnings == (
        "standard input:1: 'name' looks like a heading; delete it if it is not a name.",
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (["Rex", "A\tb"], "names:2: "),
        (["Rex", 3], "names:2: expected text, received int"),
        (["Rex", "a" * 257], "names:2: expected at most 256"),
        ([], "at least one name"),
        (["", " "], "names: expected one name per line"),
        ("nowhere.txt", "nowhere.txt: expected a file"),
        ([Path("nowhere.txt")], "nowhere.txt: expected a file"),
        ((chr(n) for n in range(0x4E00, 0x4E00 + 4_200)), "at most 4,096 distinct characters"),
    ],
)
def test_what_is_no_list_leaves_nothing(tmp_path: Path, source: Any, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        prepare(source, tmp_path / "names")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for overwrite in (False, True):
        with pytest.raises(OptionError, match="expected a new folder"):
            prepare(["Rex"], tmp_path / "other", overwrite=overwrite)
    prepare(["Rex"], tmp_path / "names")
    with pytest.raises(OptionError, match="add --overwrite"):
        prepare(["Ajax"], tmp_path / "names")
    with pytest.raises(OptionError, match="ngram_order: expected a whole number"):
        prepare(["Ajax"], tmp_path / "names", ngram_order=0, overwrite=True)
    assert list(PreparedNames.read(tmp_path / "names")) == ["Rex"]
    assert list(prepare(["Ajax"], tmp_path / "names", overwrite=True)) == ["Ajax"]


def test_a_stop_leaves_nothing_and_neither_does_one_before(tmp_path: Path) -> None:
    def stop(doing: str, done: int, of: int) -> None:
        if (doing, done) == ("sorting", 9):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(["Rex"], tmp_path / "names", told=stop)
    assert list(tmp_path.iterdir()) == []
    killed = tmp_path / f".partial-{2**22 - 1}-names"
    (killed / "deeper").mkdir(parents=True)
    prepare(["Rex"], tmp_path / "names")
    assert not killed.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_one_line_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    call = [sys.executable, "-m", "dino_names", "prepare", "-", "--out", str(tmp_path / "names")]
    pipes: Any = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    heeded = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(call, env=environment, **pipes, **heeded) as process:
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(b"Rex\n")
        process.stdin.flush()
        while not list(tmp_path.iterdir()):
            assert process.poll() is None
            time.sleep(0.01)
        while process.poll() is None:
            # One that comes just before a system's call that waits is heard with the next.
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
        said = process.stderr.read().decode()
    assert process.returncode == 128 + number
    assert said == "dino-names: stopped; nothing of it was left.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    for place in ("dino_names.preparing.shares.Shares._write", "os.fsync", "numpy.save"):
        with monkeypatch.context() as patched, pytest.raises(StorageError, match="No space left"):
            patched.setattr(place, full)
            prepare(["Rex"], tmp_path / "names")
        assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PreparedNames, "BLOCK", 512)
    monkeypatch.setattr(counting, "STRETCH", 2)
    monkeypatch.setattr(shares, "HELD", 1_000)
    joined = Windows.joined
    monkeypatch.setattr(Windows, "joined", lambda one, other: joined(one, other, most=4_000))
    monkeypatch.setattr("dino_names.corpus.names.AT_ONCE", 1_000)
    monkeypatch.setattr("dino_names.corpus.prepared.AT_ONCE", 1_024)
    monkeypatch.setattr("dino_names.storage.untrusted_files.BLOCK", 4_096)

    def many(count: int) -> Iterator[str]:
        rng = np.random.default_rng(count)
        for _ in range(count):
            yield "".join(map(chr, rng.integers(97, 123, 7)))

    peaks = []
    for count in (6_000, 60_000):
        tracemalloc.start()
        prepare(many(count), tmp_path / str(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # So many names alone, kept, would be four times as much.
    assert peaks[1] < peaks[0] + 2_000_000


def test_an_order_is_what_a_key_holds_or_none(tmp_path: Path) -> None:
    names = [chr(n) for n in range(0x4E00, 0x4E00 + 2_000)]
    assert prepare(names, tmp_path / "wide").ngram_order == 5
    without = prepare(names, tmp_path / "none", ngram_order=None)
    assert without.ngram_order == 0 and not (without.path / "windows.npy").exists()
    assert list(without) == list(PreparedNames.read(tmp_path / "wide"))
    without.verify()
    assert windows.KEYS == 2**64


def damaged(folder: Path) -> Iterator[tuple[str, bytes | None]]:
    """What may have happened to each file of a folder: shorter, changed or gone."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        yield path.name, None
        yield path.name, content[:-3]
        yield path.name, bytes([content[0] ^ 1]) + content[1:]
        yield path.name, content[:-1] + bytes([content[-1] ^ 128])


def test_what_is_damaged_is_refused(tmp_path: Path) -> None:
    found = prepare(["Rex", "Ajax", "Bo"], tmp_path / "names")
    found.verify()
    for name, content in list(damaged(found.path)):
        path = found.path / name
        kept = path.read_bytes()
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CorpusError, match="prepare the list again"):
            PreparedNames.read(found.path).verify()
        path.write_bytes(kept)
    for text in ("[]", "{}", '{"names": 1}', "\0", '{"names": 3, "names": 3}'):
        (found.path / "list.json").write_text(text)
        with pytest.raises(CorpusError, match="prepare the list again"):
            PreparedNames.read(found.path)


def test_ids_that_are_no_characters_are_refused(tmp_path: Path) -> None:
    found = prepare(["Rex", "Ajax", "Bo"], tmp_path / "names")
    for value in (b"\0", b"\xff"):
        ids = (found.path / "ids.bin").read_bytes()
        (found.path / "ids.bin").write_bytes(value + ids[1:])
        with pytest.raises(CorpusError, match="prepare the list again"):
            found.block(0)
        (found.path / "ids.bin").write_bytes(ids)
    (found.path / "windows.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(CorpusError, match="prepare the list again"):
        found.windows()
