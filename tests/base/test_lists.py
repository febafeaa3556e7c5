"""Lists on their way into the corpus, and the bytes that they become."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from base.corpus import lists
from base.corpus.lists import (
    FEWEST,
    REST,
    NameList,
    RawList,
    by_script,
    learnable,
    merge_short,
    refine,
    thin,
    without_repeats,
)
from base.corpus.writing import INDEX, whole, write


def some(start: str, count: int) -> set[str]:
    return {f"{start}{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(count)}


def test_lines_become_clean_distinct_sorted_names() -> None:
    lines = [*sorted(some("Na", 30), reverse=True), "Naaa", "Zoé (female)", "Zoé", "Route 66"]
    (one,) = refine("s", [RawList("kind", "xx", lines)], set())
    assert one.names == (*sorted(some("Na", 30)), "Zoé") and one.key == "s-kind/xx"


def test_what_is_held_out_stays_out() -> None:
    (one,) = refine("s", [RawList("kind", "xx", some("Na", 30))], {"Naab"})
    assert set(one.names) == some("Na", 30) - {"Naab"}


def test_lists_with_one_heading_are_joined_and_headings_are_file_names() -> None:
    raws = [RawList("kind", "a/b c", some("Na", 20)), RawList("kind", "a/b c", some("Me", 20))]
    (one,) = refine("s", raws, set())
    assert set(one.names) == some("Na", 20) | some("Me", 20) and one.key == "s-kind/a-b-c"


def test_scripts_are_kept_apart() -> None:
    raws = [RawList("kind", "xx", some("Na", 40)), RawList("kind", "xx", some("Жа", 0) | {
        f"Ж{chr(0x430 + i)}" for i in range(30)
    })]  # fmt: skip
    found = {one.key: len(one.names) for one in refine("s", raws, set())}
    assert found == {"s-kind/xx": 40, "s-kind/xx-cyrillic": 30}


def test_a_few_names_in_another_script_are_an_accident() -> None:
    lines = [*some("Na", 100), *(f"Ж{chr(0x430 + i)}" for i in range(9))]
    assert by_script(lines).keys() == {"latin"}
    assert by_script([*lines, "Жя"]).keys() == {"latin", "cyrillic"}


def test_short_lists_are_merged_and_what_stays_short_leaves() -> None:
    groups = {
        ("kind", "a", "latin"): some("Na", FEWEST),
        ("kind", "b", "latin"): some("Be", FEWEST - 1),
        ("kind", "c", "latin"): some("Ce", 1),
        ("kind", "d", "greek"): {"Άγρα"},
        ("other", "b", "latin"): some("Be", FEWEST - 1),
    }
    merged = merge_short(groups)
    assert merged == {
        ("kind", "a", "latin"): some("Na", FEWEST),
        ("kind", REST, "latin"): some("Be", FEWEST - 1) | some("Ce", 1),
    }


def test_a_long_list_gives_a_fixed_part_from_everywhere() -> None:
    names = sorted(some("Na", 600))
    part = thin(names, 60)
    assert part == thin(random.Random(0).sample(names, 600), 60) == sorted(part) and len(part) == 60
    assert thin(names, 600) == names and sum(name < names[300] for name in part) in range(15, 46)


def test_no_list_is_longer_than_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST", 25)
    (one,) = refine("s", [RawList("kind", "xx", some("Na", 30))], set())
    assert len(one.names) == 25


def test_of_a_list_and_its_repeat_the_longer_stays() -> None:
    names = sorted(some("Na", 100))
    whole_list = NameList("b", "kind", "xx", "latin", tuple(names))
    repeat = NameList("a", "kind", "yy", "latin", (*names[:40], *sorted(some("Ze", 10))))
    other = NameList("a", "kind", "zz", "latin", (*names[40:79], *sorted(some("Xo", 10))))
    elsewhere = NameList("a", "other", "yy", "latin", tuple(names))
    found = without_repeats([repeat, whole_list, other, elsewhere])
    assert found == [other, elsewhere, whole_list]


def test_a_script_of_few_names_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "RARE", 4)
    latin = [NameList("s", "kind", about, "latin", ("Ada", "Bea")) for about in "ab"]
    greek = NameList("s", "kind", "a", "greek", ("Άγρα", "Άνω", "Κω"))
    assert learnable([*latin, greek]) == latin


def test_names_in_two_lists_together_make_no_repeat() -> None:
    one, two = sorted(some("Na", 60)), sorted(some("Be", 60))
    mixed = NameList("c", "kind", "xx", "latin", tuple(sorted(one[:25] + two[:25])))
    both = [NameList("a", "kind", "xx", "latin", tuple(one)),
            NameList("b", "kind", "xx", "latin", tuple(two))]  # fmt: skip
    assert mixed in without_repeats([mixed, *both])


def test_the_same_lists_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    raws = [RawList("kind", about, sorted(some(about, 30))) for about in ("Na", "Be", "Ce")]
    backwards = [RawList(raw.kind, raw.about, list(raw.lines)[::-1]) for raw in reversed(raws)]
    sums = [
        write(refine("s", given, set()), tmp_path / name, {"s": {"version": "1"}})
        for name, given in (("a", raws), ("b", backwards))
    ]
    read = [
        {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")} for name in "ab"
    ]
    assert sums[0] == sums[1] and read[0] == read[1] and len(read[0]) == 4


def test_the_index_says_what_each_list_is(tmp_path: Path) -> None:
    both = [NameList("s", "kind", "xx", "latin", ("Ada", "Bea")),
            NameList("t", "kind", "xx", "greek", ("Άγρα",)),
            NameList("t", "kind", "yy", "latin", ("Ada",))]  # fmt: skip
    sha256 = write(both[::-1], tmp_path / "corpus", {"s": {"licence": "MIT"}})
    index = json.loads((tmp_path / "corpus" / INDEX).read_bytes())
    assert [each["key"] for each in index["lists"]] == ["s-kind/xx", "t-kind/xx-greek", "t-kind/yy"]
    assert index["names"] == 4 and index["distinct_names"] == 3 and index["sha256"] == sha256
    first = index["lists"][0]
    assert (first["names"], first["characters"], first["script"]) == (2, 6, "latin")
    assert (tmp_path / "corpus/s-kind/xx.txt").read_bytes() == b"Ada\nBea\n"
    assert index["sources"] == {"s": {"licence": "MIT"}}


def test_the_sum_of_all_sees_every_byte_and_key() -> None:
    entries = [{"key": "a", "sha256": "1"}, {"key": "b", "sha256": "2"}]
    others = [
        [{"key": "a", "sha256": "1"}, {"key": "b", "sha256": "3"}],
        [{"key": "a", "sha256": "1"}, {"key": "c", "sha256": "2"}],
        entries[:1],
    ]
    assert whole(entries) not in [whole(other) for other in others]


def test_what_was_in_the_folder_before_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    write([NameList("s", "kind", "xx", "latin", ("Ada", "Bea"))], folder, {})
    write([NameList("s", "kind", "yy", "latin", ("Ada", "Bea"))], folder, {})
    assert [path.name for path in folder.rglob("*.txt")] == ["yy.txt"]
