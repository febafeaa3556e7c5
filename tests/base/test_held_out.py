"""A held-out name is left out, and found by the last look if it was not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from base.corpus.checking import check
from base.corpus.errors import CorpusError, HeldOutError
from base.corpus.held_out import HeldOut, digest
from base.corpus.lists import NameList
from base.corpus.writing import INDEX, write
from tests.base.conftest import fold

Hashes = Callable[..., Path]


def corpus_of(folder: Path, *names: str) -> Path:
    write([NameList("s", "kind", "xx", "latin", names)], folder, {})
    return folder


def test_a_hash_is_the_beginning_of_sha256_of_the_folded_name() -> None:
    assert digest("ada") == hashlib.sha256(b"ada").hexdigest()[:16]


@pytest.mark.parametrize(
    "name",
    ["tyrannosaurus", "Tyrannosaurus", "Tyrannosaurus rex", "rex-tyrannosaurus", "d'Tyrannosaurus",
     "TYRÁNNOSAURUS", "St.Tyrannosaurus", "Anna Karenina", "Ada O'Neil"],
)  # fmt: skip
def test_a_name_is_held_out_whole_or_as_a_word(name: str, hashes: Hashes, tmp_path: Path) -> None:
    path = hashes("tyrannosaurus", "Anna Karenina", "o'neil")
    assert name in HeldOut.read(path, fold)
    with pytest.raises(HeldOutError, match="expected no held-out name"):
        check(corpus_of(tmp_path / "corpus", "Ada", name), path, fold)


@pytest.mark.parametrize("name", ["Tyrannosaur", "Tyrannosaurusrex", "Karenina", "Anna"])
def test_other_names_are_not(name: str, hashes: Hashes, tmp_path: Path) -> None:
    path = hashes("tyrannosaurus", "Anna Karenina")
    assert name not in HeldOut.read(path, fold)
    assert check(corpus_of(tmp_path / "corpus", "Ada", name), path, fold) == 2


def test_marks_on_letters_do_not_cut_a_word(hashes: Hashes) -> None:
    assert "अनिल" not in HeldOut.read(hashes("अन"), fold)


def test_the_whole_list_is_looked_through(hashes: Hashes, tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "corpus", *(f"Na{chr(97 + i)}" for i in range(26)))
    for name in ("Naa", "Nam", "Naz"):
        with pytest.raises(HeldOutError, match=repr(name)):
            check(folder, hashes(name), fold)


@pytest.mark.parametrize("damage", ["other bytes", "a file more", "a file less", "no name"])
def test_the_last_look_trusts_no_file(damage: str, hashes: Hashes, tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "corpus", "Ada", "Bea 2" if damage == "no name" else "Bea")
    listed = folder / "s-kind" / "xx.txt"
    if damage == "other bytes":
        listed.write_text("Ada\nBob\n", encoding="utf-8")
    elif damage == "a file more":
        (folder / "s-kind" / "more.txt").write_text("Ada\n", encoding="utf-8")
    elif damage == "a file less":
        listed.unlink()
    with pytest.raises(CorpusError, match="expected"):
        check(folder, hashes("zzz"), fold)


@pytest.mark.parametrize("text", ["", "0123456789abcde\n", "0123456789ABCDEF\n", "é\n"])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HeldOutError, match="--held-out"):
        HeldOut.read(path, fold)
    with pytest.raises(HeldOutError, match="--held-out"):
        HeldOut.read(tmp_path / "none", fold)


def test_the_index_is_no_list(hashes: Hashes, tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "corpus", "Ada")
    assert (folder / INDEX).exists() and check(folder, hashes("zzz"), fold) == 1
