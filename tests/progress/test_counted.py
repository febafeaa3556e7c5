"""Names from counting alone, shown before a network has learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from dino_names.corpus import Names, Reading, read_data
from dino_names.generation import first_names
from tests.helpers.command_line import call
from tests.helpers.paths import ROOT

DINOSAURS = ROOT / "data" / "dinosaurs.txt"


def test_they_are_new_distinct_and_of_the_lists_letters() -> None:
    data = read_data(DINOSAURS, "names", Reading())
    assert isinstance(data, Names)
    some = first_names(data)
    assert len(some) == 5 == len(set(some)) and not set(some) & set(data.names)
    assert set("".join(some)) <= set("".join(data.names))
    assert first_names(data) == some != first_names(data, seed=1)
    text = read_data(DINOSAURS, "text", Reading())
    assert first_names(text) == []


def test_a_list_that_leaves_nothing_to_invent_gives_none() -> None:
    assert first_names(Names(("a", "b"), None, 0, ())) == []


def test_they_come_before_training_begins(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("\n".join(DINOSAURS.read_text(encoding="utf-8").splitlines()[:40]))
    status, _, err = call(capsys, "train", names, "--out", tmp_path / "run", "--epochs", 1)
    assert status == 0
    lines = err.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("first names"))
    assert first < next(i for i, line in enumerate(lines) if line.startswith("training on"))
    _, _, again = call(capsys, "train", names, "--out", tmp_path / "run", "--resume")
    assert "first names" not in again
