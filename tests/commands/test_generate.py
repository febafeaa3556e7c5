from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

import dino_names
from tests.helpers.command_line import call, refused


def test_constraints_come_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["generate", "-n", 4, "--seed", 1, "--ends", "us", "--contains", "a"]
    arguments += ["--contains", "o", "--without", "saur", "--pattern", "*?u?", "--max-length", 12]
    status, out, err = call(capsys, *arguments)
    assert (status, err) == (0, "")
    names = out.split()
    asked = {"ends": "us", "contains": ["a", "o"], "without": "saur", "pattern": "*?u?"}
    assert names == dino_names.generate_many(n=4, seed=1, max_length=12, **asked)
    for name in names:
        assert name.endswith("us") and "saur" not in name.lower() and len(name) <= 12


def test_words_to_leave_out_come_from_a_file_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "words.txt"
    path.write_text("Saur\n# no others\nodon\n", encoding="utf-8")
    call_of = ["generate", "-n", 50, "--seed", 1, "--without", "tops", "--without-file", path]
    names = call(capsys, *call_of)[1].split()
    assert len(names) == 50
    assert not [n for n in names if any(w in n.lower() for w in ("saur", "odon", "tops"))]
    assert "there is none of this name" in refused(capsys, *call_of[:-1], "missing.txt")


def test_the_likeliest_come_with_their_nats(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = call(capsys, "generate", "Ram", "--likeliest", "-n", 3)
    assert (status, err) == (0, "")
    expected = dino_names.load().likeliest("Ram", n=3)
    assert [line.split() for line in out.splitlines()] == [
        [score.name, f"{score.nats:.3f}"] for score in expected
    ]
    _, out, err = call(capsys, "generate", "--likeliest", "-n", 2, "--ends", "iel", "--json")
    assert set(json.loads(out)[0]) == {"name", "nats"}
    assert err.startswith("certain of none: the search ended there")


def test_csv_is_what_a_spreadsheet_reads(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "generate", "-n", 3, "--seed", 1, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["name"] for row in rows] == dino_names.generate_many(n=3, seed=1)
    assert [float(row["nats"]) for row in rows] == pytest.approx(
        [score.nats for score in dino_names.load().sample(n=3, seed=1)]
    )
    assert "expected one of them" in refused(capsys, "generate", "--csv", "--json")


def test_a_name_for_each_key_of_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.txt"
    path.write_text("one\ntwo\n\nthree\n", encoding="utf-8")
    expected = dino_names.load().generate_for_keys(["one", "two", "three"])
    out = call(capsys, "generate", "--key-file", path)[1]
    assert out.split() == list(expected.values())
    out = call(capsys, "generate", "--key-file", path, "--csv")[1]
    assert out.splitlines() == ["key,name", *(f"{key},{name}" for key, name in expected.items())]
    assert call(capsys, "generate", "--key", "two")[1].split() == [expected["two"]]
    stdin = io.TextIOWrapper(io.BytesIO(b"two\n"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    assert call(capsys, "generate", "--key-file", "-")[1].split() == [expected["two"]]
    told = refused(capsys, "generate", "--key-file", path, "-n", 2)
    assert "-n: expected none with --key-file" in told
    assert "received both" in refused(capsys, "generate", "--key-file", path, "--likeliest")
    path.write_text("\n", encoding="utf-8")
    assert "expected at least one line" in refused(capsys, "generate", "--key-file", path)


def test_names_are_scored_from_a_file_and_ranked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Bob\nTyrannosaurus\nRamosaurus\nBob\n", encoding="utf-8")
    lines = call(capsys, "score", "--file", path)[1].splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["Bob", "Tyrannosaurus", "Ramosaurus", "Bob"]
    ranked = call(capsys, "score", "--file", path, "--rank", "--csv")[1]
    rows = list(csv.DictReader(io.StringIO(ranked)))
    nats = [float(row["nats"]) for row in rows]
    assert nats == sorted(nats)
    assert [row["name"] for row in rows[-2:]] == ["Bob", "Bob"]
    assert rows[0]["in_training_list"] in ("True", "False")
    stdin = io.TextIOWrapper(io.BytesIO("Bob\n".encode("utf-8-sig")), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    assert call(capsys, "score", "--file", "-")[1].splitlines()[1].startswith("Bob")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"B\xff\n"), encoding="utf-8"))
    assert "standard input: expected UTF-8" in refused(capsys, "score", "--file", "-")
    assert "received neither" in refused(capsys, "score")
    assert "received both" in refused(capsys, "score", "Bob", "--file", path)


def test_the_nearest_name_of_a_list_stands_beside_each(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Ramosaurus\nTyrannosaurus\nRamos\n", encoding="utf-8")
    call_of = ["generate", "Ram", "-n", 4, "--seed", 1, "--list", path]
    rows = json.loads(call(capsys, *call_of, "--json")[1])
    assert [row["name"] for row in rows] == dino_names.generate_many("Ram", n=4, seed=1)
    for row in rows:
        distances = {n: Levenshtein.distance(row["name"], n) for n in path.read_text().split()}
        assert row["distance"] == min(distances.values()) == distances[row["nearest"]]
    lines = call(capsys, *call_of)[1].splitlines()
    assert [line.split() for line in lines] == [
        [row["name"], str(row["distance"]), row["nearest"]] for row in rows
    ]
    assert call(capsys, *call_of, "--csv")[1].startswith("name,nats,nearest,distance\n")
    assert "received both" in refused(capsys, *call_of, "--likeliest")
