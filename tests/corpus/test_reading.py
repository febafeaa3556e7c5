"""Columns that say which list a name is of and how much it counts; several lists as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dino_names.corpus import Names, Reading, describe_data, read_data
from dino_names.corpus.reading import decimal_mark, weight_of
from dino_names.errors import CorpusError

TABLE = "name;sex;count\nAda;F;1.200\nBob;M;7\nAlex;F;3,5\nAlex;M;2\nBob;M;3\nZoë;F;0\n"
ALL = Reading(category_column="sex", weight_column="count")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def read(source: object, reading: Reading) -> Names:
    found = read_data(source, "names", reading)  # type: ignore[arg-type]
    assert isinstance(found, Names)
    return found


def entries(names: Names) -> list[tuple[object, ...]]:
    assert names.rows is not None
    rows = names.rows
    labels = [names.labels[tag] for tag in rows.tags]
    return list(zip(*filter(None, [rows.names, labels, rows.weights]), strict=True))


def test_each_name_has_its_category_and_its_weight(table: Path) -> None:
    found = read(table, ALL)
    assert entries(found) == [
        ("Ada", "F", 1200.0),
        ("Alex", "F", 3.5),
        ("Alex", "M", 2.0),
        ("Bob", "M", 10.0),
    ]
    assert found.names == ("Ada", "Bob", "Alex")
    assert found.categories == (("F", 1204), ("M", 12))
    assert found.repeats == 1 and any("1 rows of weight 0" in w for w in found.warnings)
    assert describe_data(found)[1] == "names in 2 categories; 1 repeated line added to the first"


def test_columns_go_by_number_too_and_alone(table: Path) -> None:
    by_number = read(table, Reading("1", "2", "3"))
    assert by_number.fingerprint == read(table, ALL).fingerprint
    only = read(table, Reading(category_column="sex"))
    assert [row[:2] for row in entries(only)][:2] == [("Ada", "F"), ("Alex", "F")]
    weighted = read(table, Reading(weight_column="count"))
    assert entries(weighted) == [("Ada", 1200.0), ("Alex", 5.5), ("Bob", 10.0)]
    assert len({read(table, r).fingerprint for r in (ALL, Reading(), Reading(None, "sex"))}) == 3


def test_the_order_of_the_lines_says_nothing(table: Path) -> None:
    before = read(table, ALL).fingerprint
    head, *lines = TABLE.splitlines()
    table.write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")
    assert read(table, ALL).fingerprint == before


def test_repeats_stay_rows_where_they_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ada\nBea\nAda\n", encoding="utf-8")
    kept = read(path, Reading(keep_repeats=True))
    assert entries(kept) == [("Ada",), ("Ada",), ("Bea",)]
    assert kept.names == ("Ada", "Bea") and kept.repeats == 0
    assert read(["Ada", "Bea", "Ada"], Reading(keep_repeats=True)).fingerprint == kept.fingerprint


def test_files_are_categories_and_so_are_lists(tmp_path: Path) -> None:
    paths = [tmp_path / "elves.txt", tmp_path / "dwarves.txt"]
    paths[0].write_text("Ela\nElo\nAda\n", encoding="utf-8")
    paths[1].write_text("Dur\nAda\n", encoding="utf-8")
    found = read(paths, Reading(by_file=True))
    assert found.labels == ("dwarves", "elves") and found.categories[0] == ("dwarves", 2)
    assert ("Ada", "dwarves") in entries(found) and ("Ada", "elves") in entries(found)
    listed = read({"elves": ["Ela", "Elo", "Ada"], "dwarves": paths[1]}, Reading())
    assert listed.fingerprint == found.fingerprint


class Frame:
    """What pandas and polars have in common."""

    columns = ("who", "kind", "n")
    values = {"who": ["Ada", "Bob"], "kind": ["F", "M"], "n": [2, 3.5]}

    def __getitem__(self, name: str) -> list[object]:
        return self.values[name]


def test_a_data_frame_is_a_table() -> None:
    found = read(Frame(), Reading("who", "kind", "n"))
    assert entries(found) == [("Ada", "F", 2.0), ("Bob", "M", 3.5)]
    with pytest.raises(CorpusError, match="the data frame: expected a column of these"):
        read(Frame(), Reading("name"))


@pytest.mark.parametrize(
    ("cells", "usual", "values"),
    [
        (["7", "0", "2e3", "1 200", "1'200'300"], ".", [7, 0, 2000, 1200, 1_200_300]),
        (["7.5", "1.234"], ",", [7.5, 1.234]),
        (["7,5", "1,234"], ".", [7.5, 1.234]),
        (["1.200", "3"], ",", [1200, 3]),
        (["1.200", "3"], ".", [1.2, 3]),
        (["1,200", "3"], ".", [1200, 3]),
        (["1,200", "3"], ",", [1.2, 3]),
        (["1.200,5", "3.000"], ".", [1200.5, 3000]),
        (["1,200.5", "3,000"], ",", [1200.5, 3000]),
        (["1,200,300", "5"], ".", [1_200_300, 5]),
        (["0.001", "1.000"], ",", [0.001, 1]),
        (["0,125", "1"], ".", [0.125, 1]),
        (["1.0625"], ",", [1.0625]),
    ],
)
def test_numbers_as_people_write_them(cells: list[str], usual: str, values: list[float]) -> None:
    mark = decimal_mark(cells, usual=usual)
    assert [weight_of(cell, "Ada", "x", mark=mark) for cell in cells] == values


@pytest.mark.parametrize("cell", ["", "-1", "many", "nan", "inf", "1.2.3.4", "1e99"])
def test_what_is_no_weight_is_refused(cell: str) -> None:
    with pytest.raises(CorpusError, match="x: expected a weight of 0 or above for 'Ada'"):
        weight_of(cell, "Ada", "x")


@pytest.mark.parametrize(
    ("content", "reading", "said"),
    [
        ("name,sex\nAda,F\nBob,\nCid,M\n", Reading(None, "sex"), "a category for 'Bob'"),
        ("name,n\nAda,0\nBob,0\nCid,0\n", Reading(None, None, "n"), "weights above 0"),
        ("name,sex\nAda,F\nBob,M\nCid,M\n", Reading(None, "kind"), "column of these.*'kind'"),
        ("name,sex\nAda,F\nBob,M\nCid,M\n", Reading("name", "name"), "another column"),
        ("Ada\nBob\nCid\n", Reading(None, "sex"), "a table for column 'sex'"),
        ("Ada\nBob\nCid\n", Reading(by_file=True), "two or more lists"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, content: str, reading: Reading, said: str
) -> None:
    path = tmp_path / "a.csv" if "," in content else tmp_path / "a.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=said):
        read(path, reading)


def test_lists_called_alike_and_two_ways_at_once_are_refused(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"Ada{folder}\nBob\nCid\n", encoding="utf-8")
    paths = [tmp_path / folder / "a.txt" for folder in ("x", "y")]
    with pytest.raises(CorpusError, match="each called otherwise, received a, a"):
        read(paths, Reading(by_file=True))
    table = tmp_path / "t.csv"
    other = tmp_path / "u.csv"
    for path in (table, other):
        path.write_text("name,sex\nAda,F\nBob,M\nCid,M\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="by_file and category_column"):
        read([table, other], Reading(category_column="sex", by_file=True))
    with pytest.raises(CorpusError, match="with names, received a text"):
        read_data(paths[0], "text", Reading(by_file=True))
    with pytest.raises(CorpusError, match="with files, received names"):
        read(["Ada"], Reading(by_file=True))
