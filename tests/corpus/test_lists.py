"""Files as spreadsheets, editors and programs write them, and what is understood of each."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.corpus import Reading, label_of, read_data
from dino_names.corpus.lists import read_list
from dino_names.corpus.names import Names
from dino_names.errors import CorpusError

THREE = ("Ada", "Bea", "Zoë")
TABLE = "the names are column"

# What a file is called and holds, the column that is asked for, what is read and what is said.
FILES: dict[str, tuple[str, str | bytes, str | None, tuple[str, ...], str]] = {
    "lines": ("a.txt", "Ada\nBea\nZoë\n", None, THREE, ""),
    "lines, CRLF, BOM": ("a.txt", "\ufeffAda\r\nBea\r\nZoë\r\n", None, THREE, ""),
    "lines in .csv": ("a.csv", "Ada\nBea\nZoë\n", None, THREE, TABLE),
    "heading, lines in .csv": ("a.csv", "name\nAda\nBea\nZoë\n", None, THREE, "column 1 'name'"),
    "commas, heading": ("a.csv", "name,sex\nAda,F\nBea,F\nZoë,F\n", None, THREE, "commas between"),
    "commas, no heading": ("a.csv", "Ada,F,120\nBea,F,90\nZoë,F,7\n", None, THREE, TABLE),
    "commas in .txt": ("a.txt", "Ada,F,120\nBea,F,90\nZoë,F,7\n", None, THREE, TABLE),
    "semicolons": ("a.csv", "Name;Anzahl\nAda;1\nBea;2\nZoë;3\n", None, THREE, "semicolons"),
    "decimal commas": ("a.csv", "Ada;1,5\nBea;2,5\nZoë;3,5\n", None, THREE, "semicolons"),
    "tabs": ("a.tsv", "id\tname\n1\tAda\n2\tBea\n3\tZoë\n", None, THREE, "column 2 'name'"),
    "tabs in .txt": ("a.txt", "1\tAda\n2\tBea\n3\tZoë\n", None, THREE, "tabs between"),
    "bars": ("a.txt", "Ada|F\nBea|F\nZoë|F\n", None, THREE, "bars between"),
    "quotes": ("a.csv", '"name","n"\n"Ada","1"\n"Bea","2"\n"Zoë","3"\n', None, THREE, TABLE),
    "quotes with commas": (
        "a.csv",
        'name,n\n"Ada, B.",1\nBea,2\nZoë,3\n',
        None,
        ("Ada, B.", "Bea", "Zoë"),
        TABLE,
    ),
    "quotes with quotes": (
        "a.csv",
        'name,n\n"Ada ""A""",1\nBea,2\nZoë,3\n',
        None,
        ('Ada "A"', "Bea", "Zoë"),
        TABLE,
    ),
    "quoted lines": ("a.txt", '"Ada"\n"Bea"\n"Zoë"\n', None, THREE, "the quotes dropped"),
    "single quotes": ("a.txt", "'Ada'\n'Bea'\n'Zoë'\n", None, THREE, "the quotes dropped"),
    "other quotes": ("a.txt", "„Ada“\n„Bea“\n„Zoë“\n", None, THREE, "the quotes dropped"),
    "numbered": ("a.txt", "1. Ada\n2. Bea\n3. Zoë\n", None, THREE, "the numbers before each"),
    "numbered, bracket": ("a.txt", "1) Ada\n2) Bea\n3) Zoë\n", None, THREE, "the numbers"),
    "numbered, blank": ("a.txt", "7 Ada\n8 Bea\n9 Zoë\n", None, THREE, "the numbers"),
    "bullets": ("a.md", "- Ada\n- Bea\n- Zoë\n", None, THREE, "the bullets"),
    "stars": ("a.md", "* Ada\n* Bea\n\n* Zoë\n", None, THREE, "the bullets"),
    "write.csv of R": ("a.csv", '"","x"\n"1","Ada"\n"2","Bea"\n"3","Zoë"\n', None, THREE, "'x'"),
    "write.table of R": (
        "a.txt",
        '"x" "n"\n"1" "Ada" 4\n"2" "Bea" 5\n"3" "Zoë" 6\n',
        None,
        THREE,
        "blanks between",
    ),
    "Unicode text of Excel": (
        "a.txt",
        "name\tn\r\nAda\t1\r\nBea\t2\r\nZoë\t3\r\n".encode("utf-16"),
        None,
        THREE,
        TABLE,
    ),
    "UTF-16 lines": ("a.txt", "Ada\nBea\nZoë\n".encode("utf-16"), None, THREE, ""),
    "a column by heading": (
        "a.csv",
        "given,family\nAda,Lo\nBea,Ma\nZoë,Ni\n",
        "Family",
        ("Lo", "Ma", "Ni"),
        "column 2",
    ),
    "a column by number": ("a.csv", "Ada,Lo\nBea,Ma\nZoë,Ni\n", "1", THREE, "column 1"),
    "empty cells": ("a.csv", "name,n\nAda,1\n,2\nBea,3\nZoë,4\n", None, THREE, TABLE),
    "kinds beside": ("a.csv", "elf,Ada\nelf,Bea\nelf,Zoë\nelf,Ada\n", None, THREE, "column 2"),
    "as they stand": ("a.txt", "Ada,F\nBea,F\nZoë,F\n", "none", ("Ada,F", "Bea,F", "Zoë,F"), ""),
    "some with commas": ("a.txt", "Ada\nBea, Lo\nZoë\n", None, ("Ada", "Bea, Lo", "Zoë"), ""),
    "names of many words": (
        "a.txt",
        "Van der Lo\nBea of the Sea\nZoë\n",
        None,
        ("Van der Lo", "Bea of the Sea", "Zoë"),
        "",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_evidently_is(kind: str, tmp_path: Path) -> None:
    name, content, column, expected, said = FILES[kind]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_list(path, Reading(column))
    assert found.names == expected
    assert found.path == path
    assert said in " ".join(found.warnings) and (said or not found.warnings)


# What a file is called and holds, the column that is asked for, and why it is refused.
REFUSED: list[tuple[str, str, str | None, str]] = [
    (
        "a.csv",
        "Ada,Lo\nBea,Ma\nZoë,Ni\n",
        None,
        r"table with 2 columns.*1 \(Ada, Bea, Zoë\); 2 \(Lo.*--column 1",
    ),
    ("a.csv", "1,2\n3,4\n5,6\n", None, "table with 2 columns"),
    ("a.csv", "name,n\nAda,1\nBea,2\n", "town", "expected a column of these, received 'town'"),
    ("a.csv", "name,n\nAda,1\nBea,2\n", "3", "received '3'"),
    (
        "a.csv",
        "name,n\nAda,1\nBea,2,3\nZoë,4\n",
        None,
        "a.csv:3: expected 2 columns as above, received 3",
    ),
    ("a.csv", "name,n\n", None, "expected names below the heading|expected a table"),
    ("a.txt", "Ada\nBea\nZoë\n", "2", "expected a table for column '2'"),
    (
        "a.txt",
        "To be or not to be,\nthat is the question here now.\nWhether it is nobler here.\n" * 3,
        None,
        "running text.*--kind text",
    ),
]


@pytest.mark.parametrize(("name", "content", "column", "said"), REFUSED)
def test_what_nobody_can_tell_is_refused(
    tmp_path: Path, name: str, content: str, column: str | None, said: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=said):
        read_list(tmp_path / name, Reading(column))


CELLS = st.text("abcdefgh XYZé'-", min_size=1, max_size=8).map(str.strip).filter(bool)


@settings(max_examples=1_000, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, st.sampled_from("FM"), st.integers(0, 999)), min_size=3),
    separator=st.sampled_from(",;\t|"),
    heading=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_no_table_is_learned_with_its_separators(
    rows: list[tuple[str, str, int]],
    separator: str,
    heading: bool,
    quoting: int,
    ending: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=ending)
    if heading:
        writer.writerow(["name", "sex", "count"])
    writer.writerows(rows)
    path = tmp_path_factory.getbasetemp() / "table.txt"
    path.write_bytes(text.getvalue().encode())
    try:
        found = read_list(path)
    except CorpusError as error:
        assert "name one: --column" in str(error)
        found = read_list(path, Reading("1"))
    written = {" ".join(row[0].split(" ")) for row in rows}
    assert set(found.names) <= written
    assert not any(separator in name or '"' in name for name in found.names)


def test_several_files_and_names_make_one_list(tmp_path: Path) -> None:
    (tmp_path / "girls.txt").write_text("Ada\nBea\n", encoding="utf-8")
    (tmp_path / "boys.csv").write_text("name,n\nCid,1\nAda,2\n", encoding="utf-8")
    files = [tmp_path / "girls.txt", tmp_path / "boys.csv"]
    found = read_data(files, "names")
    assert isinstance(found, Names)
    assert (found.names, found.path, found.repeats) == (("Ada", "Bea", "Cid"), None, 1)
    assert label_of(files) == "girls+boys"
    mixed = read_data([*files, "Dan", "Ada"], "names")
    assert isinstance(mixed, Names) and mixed.names == ("Ada", "Bea", "Cid", "Dan")
    one = read_data(files[:1], "names")
    assert isinstance(one, Names) and one.path == files[0]


def test_a_string_that_is_a_file_here_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("girls.txt").write_text("Ada\nBea\n", encoding="utf-8")
    found = read_data(["girls.txt", "Cid"], "names")
    assert isinstance(found, Names)
    assert found.names == ("girls.txt", "Cid")
    assert any("'girls.txt' is taken for a name" in warning for warning in found.warnings)


def test_standard_input_is_a_list_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in ("Ada\nBea\nZoë\n", "name;n\nAda;1\nBea;2\nZoë;3\n"):
        stream = io.TextIOWrapper(io.BytesIO(content.encode()), encoding="utf-8")
        monkeypatch.setattr("sys.stdin", stream)
        assert read_list("-").names == THREE
    assert label_of("-") == "stdin"


def test_a_column_without_a_table_is_refused() -> None:
    with pytest.raises(CorpusError, match="columns and by_file: expected them with files"):
        read_data(["Ada", "Bea"], "names", Reading("2"))
    with pytest.raises(CorpusError, match="keep_repeats: expected them with names"):
        read_data(None, "text", Reading("2"))
