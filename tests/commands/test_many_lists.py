"""Several lists from the command line: trained, generated, scored, inspected, measured."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from dino_names.generation import open_model
from tests.helpers.category_bundle import LISTS, category_bundle
from tests.helpers.command_line import call

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "lists.safetensors"
    open_model(category_bundle()).write(path)
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = []
    for label, names in LISTS.items():
        path = tmp_path / f"{label}.txt"
        path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        paths.append(str(path))
    return paths


def test_one_list_a_blend_and_all(capsys: Capture, model: str) -> None:
    shown = {}
    for category in ("elves", "dwarves", "elves=0.5,dwarves=0.5", ""):
        asked = ["--category", category] if category else []
        status, out, err = call(capsys, "generate", "-n3", "--seed", "1", "--model", model, *asked)
        assert status == 0, err
        shown[category] = out
    assert len(set(shown.values())) == 4


def test_tables_have_the_category(capsys: Capture, model: str) -> None:
    about = ("--model", model, "--seed", "1")
    _, out, _ = call(capsys, "generate", "-n3", "--json", *about)
    assert {row["category"] for row in json.loads(out)} <= set(LISTS)
    _, out, _ = call(capsys, "generate", "-n2", "--csv", "--category", "elves", *about)
    assert [row["category"] for row in csv.DictReader(io.StringIO(out))] == ["elves"] * 2
    _, out, _ = call(
        capsys, "generate", "--likeliest", "--csv", "--category", "elves", "--model", model
    )
    assert out.splitlines()[0] == "name,nats,category"


def test_what_it_does_not_know_is_said(capsys: Capture, model: str) -> None:
    status, _, err = call(capsys, "generate", "--category", "elfs", "--model", model)
    assert status == 2 and "expected one of dwarves, elves, orcs, received 'elfs'" in err
    status, _, err = call(capsys, "generate", "--category", "elves")
    assert status == 2 and "a model of several lists" in err and "--by-file" in err


def test_a_score_names_the_list(capsys: Capture, model: str) -> None:
    _, out, _ = call(capsys, "score", "Ela", "Gor", "--model", model)
    head, ela, gor = out.splitlines()
    assert head.endswith("category") and "elves" in ela and "dwarves" in gor and "%" in ela
    _, out, _ = call(capsys, "score", "Ela", "--csv", "--model", model)
    (row,) = csv.DictReader(io.StringIO(out))
    assert sum(float(row[label]) for label in LISTS) == pytest.approx(1)
    _, out, _ = call(capsys, "score", "Ela", "--json", "--model", model)
    assert set(json.loads(out)[0]["categories"]) == set(LISTS)
    _, out, _ = call(capsys, "score", "Rex")
    assert "category" not in out


def test_inspect_shows_the_lists_with_their_numbers(capsys: Capture, model: str) -> None:
    _, out, _ = call(capsys, "inspect", model)
    assert "dwarves 5, elves 5, orcs 3" in out


def test_check_says_what_is_understood(capsys: Capture, files: list[str], tmp_path: Path) -> None:
    _, out, _ = call(capsys, "check", *files, "--by-file")
    assert out.endswith(f"{files[2]} --by-file\n")
    assert "13 names" in out and "elves: 5" in out and "orcs: 3" in out
    table = tmp_path / "names.csv"
    table.write_text("name,kind,n\nEla,elf,2\nDur,dwarf,3\nElo,elf,1\n", encoding="utf-8")
    asked = ("--category-column", "kind", "--weight-column", "n")
    _, out, _ = call(capsys, "check", str(table), *asked)
    assert "elf: 3" in out and "dwarf: 3" in out
    assert out.endswith("names.csv --category-column kind --weight-column n\n")


def test_trained_and_measured(
    capsys: Capture, files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = str(tmp_path / "run")
    options = ("--epochs", "1", "--out", run, "--valid-fraction", "0.3")
    status, _, err = call(capsys, "train", *files, "--by-file", *options)
    assert status == 0 and "13 names in 3 categories" in err
    flags = [part for file in files for part in ("--train", file)]
    status, out, err = call(capsys, "evaluate", run, *flags, "--by-file", "--sample", "20")
    assert status == 0, err
    rows = [line.split() for line in out.splitlines()]
    assert ["category", "nats/char", "names", "found", "to", "be", "of", "it"] in rows
    assert {row[0] for row in rows if row} >= {"model", "6-gram"}
    again = ("evaluate", run, "--names", files[0], "--names", files[1], "--by-file", "--json")
    _, out, _ = call(capsys, *again, "--sample", "0")
    report = json.loads(out)
    assert [row["label"] for row in report["categories"]] == ["dwarves", "elves"]
    assert report["nats_per_char"] == pytest.approx(
        sum(row["nats_per_char"] * row["characters"] for row in report["categories"])
        / report["characters"]
    )
    status, _, err = call(capsys, "evaluate", run, "--names", files[0])
    assert status == 2 and "which category each name is of" in err
    other = tmp_path / "gnomes.txt"
    other.write_text("Ela\nDur\nGor\n", encoding="utf-8")
    asked = ("--names", files[0], "--names", str(other), "--by-file")
    status, _, err = call(capsys, "evaluate", run, *asked)
    assert status == 2 and "the model's categories" in err and "'gnomes'" in err


def test_one_list_is_exported(capsys: Capture, files: list[str], tmp_path: Path) -> None:
    run, path = str(tmp_path / "run"), str(tmp_path / "elves.safetensors")
    call(capsys, "train", *files, "--by-file", "--epochs", "1", "--out", run)
    status, _, err = call(capsys, "export", run, "-o", path, "--category", "elves")
    assert status == 0, err
    seed = ("-n4", "--seed", "1", "--model")
    _, alone, _ = call(capsys, "generate", *seed, path)
    _, among, _ = call(capsys, "generate", *seed, run, "--category", "elves")
    assert alone == among
    status, _, err = call(capsys, "export", run, "-o", path, "--category", "gnomes")
    assert status == 2 and "'gnomes'" in err


def test_names_that_weigh_more_count_more_when_measured(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "names.csv"
    table.write_text("name,n\nRex,1\nTyrannosaurus,1\nQqqq,0.001\n", encoding="utf-8")
    shipped = ("evaluate", str(tmp_path / "x.safetensors"), "--sample", "0", "--json")
    _, _, _ = call(capsys, "export", "nowhere", "-o", shipped[1])
    import dino_names

    dino_names.load().write(shipped[1])
    _, out, err = call(capsys, *shipped, "--names", str(table), "--weight-column", "n")
    report = json.loads(out)
    assert report["weighted_nats_per_char"] < report["nats_per_char"], err
