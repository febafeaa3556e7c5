from __future__ import annotations

from pathlib import Path

import pytest

from dino_names.corpus import Names, Text, describe_data, label_of, read_data
from dino_names.errors import CorpusError


def test_names_come_from_a_file_a_list_or_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "elves.txt"
    path.write_text("Ada\nBea\n", encoding="utf-8")
    read = read_data(path, "names")
    assert isinstance(read, Names) and read.names == ("Ada", "Bea")
    assert read_data(str(path), "names") == read and read_data(read, "names") is read
    listed = read_data(["Ada", "Bea"], "names")
    assert isinstance(listed, Names) and listed.names == read.names
    assert read_data(iter(["Ada", "Bea"]), "names") == listed
    assert [label_of(source) for source in (path, str(path), read)] == ["elves"] * 3
    assert label_of(["Ada"]) == label_of(listed) == "names"
    assert describe_data(read) == (str(path), "names")
    assert describe_data(listed) == ("the list", "names")


def test_what_was_dropped_is_said(tmp_path: Path) -> None:
    path = tmp_path / "elves.txt"
    path.write_text("Ada\nBea\nAda\n", encoding="utf-8")
    assert describe_data(read_data(path, "names")) == (str(path), "names; 1 repeated line dropped")
    listed = read_data(["Ada", "Bea", *["Ada"] * 1_200], "names")
    assert describe_data(listed) == ("the list", "names; 1,200 repeated lines dropped")


def test_a_text_comes_from_a_file_or_is_built_in(tmp_path: Path) -> None:
    path = tmp_path / "play.txt"
    path.write_text("To be, or not to be.", encoding="utf-8")
    read = read_data(path, "text")
    assert isinstance(read, Text) and read.text == "To be, or not to be."
    assert describe_data(read) == (str(path), "characters") and label_of(read) == "play"
    built_in = read_data(None, "text")
    assert isinstance(built_in, Text) and label_of(built_in) == label_of(None) == "snippet"
    assert describe_data(built_in) == ("the built-in lines", "characters")


def test_what_is_missing_or_no_text_is_refused() -> None:
    with pytest.raises(CorpusError, match="one name a line, received none"):
        read_data(None, "names")
    with pytest.raises(CorpusError, match="expected a file, received a list"):
        read_data(["Ada"], "text")
    with pytest.raises(CorpusError, match="expected text, received int"):
        read_data([1], "names")  # type: ignore[list-item]
