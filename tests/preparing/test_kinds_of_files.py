"""Files as people have them, read as a stream: as `read_list` understands each."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.corpus import Reading, file_reading
from dino_names.corpus.lists import read_list
from dino_names.errors import CorpusError
from dino_names.preparing import prepare
from tests.corpus.test_lists import FILES, REFUSED

WIDE = ("Unicode text of Excel", "UTF-16 lines")
NAMES = st.text('abcé ,;"A-', min_size=2, max_size=9)


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_evidently_is(kind: str, tmp_path: Path) -> None:
    name, content, column, expected, _ = FILES[kind]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if kind in WIDE:
        with pytest.raises(CorpusError, match="UTF-16 LE. Save it as plain text in UTF-8"):
            prepare(path, tmp_path / "names", column=column)
        return
    found = prepare(path, tmp_path / "names", column=column)
    listed = read_list(path, Reading(column))
    assert sorted(found) == sorted(expected)
    assert (found.repeats, found.warnings) == (listed.repeats, listed.warnings)


@pytest.mark.parametrize(("name", "content", "column", "said"), REFUSED)
def test_what_nobody_can_tell_is_refused(
    tmp_path: Path, name: str, content: str, column: str | None, said: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=said):
        prepare(tmp_path / name, tmp_path / "names", column=column)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@settings(max_examples=20)
@given(st.lists(NAMES, min_size=30, max_size=60), st.sampled_from(",;\t|"))
def test_a_table_is_read_wherever_its_blocks_end(names: list[str], separator: str) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        path = Path(place) / "table.txt"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=separator)
            writer.writerow(["n", "name"])
            writer.writerows(enumerate(names))
        listed = read_list(path, Reading("name"))
        patch.setattr(file_reading, "BLOCK_BYTES", 200)
        found = prepare(path, Path(place) / "names", column="name")
        assert sorted(found) == sorted(listed.names)
        assert found.repeats == listed.repeats


def test_a_row_that_is_not_like_the_others_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = [f"{number},name {number}" for number in range(2_000)]
    lines[1_500] += ",more"
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CorpusError, match="a.csv:1501: expected 2 columns as above, received 3"):
        prepare(tmp_path / "a.csv", tmp_path / "names")
