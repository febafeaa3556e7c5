"""The shipped list of genera keeps the format that its page promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers.paths import DATA

LIST = DATA / "dinosaurs.txt"


@pytest.fixture(scope="module")
def genera() -> list[str]:
    return LIST.read_bytes().decode("ascii").split("\n")[:-1]


def test_there_are_at_least_1200_and_as_many_as_the_page_says(genera: list[str]) -> None:
    page = (DATA / "README.md").read_text(encoding="utf-8")
    stated = re.findall(r"\b(\d{1,3}(?:,\d{3})*) names\b", page)
    assert stated == [f"{len(genera):,}"]
    assert len(genera) >= 1200


def test_each_line_is_one_capitalised_ascii_word(genera: list[str]) -> None:
    assert [line for line in genera if not re.fullmatch(r"[A-Z][a-z]+", line)] == []


def test_genera_are_sorted_and_none_is_repeated(genera: list[str]) -> None:
    assert genera == sorted(set(genera))


def test_lines_end_with_lf_and_so_does_the_file() -> None:
    raw = LIST.read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.endswith(b"\n\n")


def test_at_least_81_percent_are_in_the_reference_list_too(
    genera: list[str], reference: Path
) -> None:
    # The rest were named after that list was made, or are missing from it.
    lines = (reference / "dinos.txt").read_text(encoding="utf-8").splitlines()
    known = {line.strip().lower() for line in lines}
    shared = sum(name.lower() in known for name in genera)
    assert shared / len(genera) >= 0.81
