"""`dino-names evaluate`: what it prints, what it writes and what it refuses."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import call, refused
from tests.helpers.mixed_model import mixed_model


@pytest.fixture
def model_file(twenty: list[str], tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    mixed_model(twenty).write(path)
    return path


@pytest.fixture
def others(tmp_path: Path) -> Path:
    path = tmp_path / "others.txt"
    names = [first + last for first in ("Ri", "Mo", "Ste", "Bala", "Ugo") for last in ("nodon",)]
    names += [name.replace("nodon", end) for name in names for end in ("saurus", "nyx", "mimus")]
    path.write_text("\n".join(name.replace("U", "A") for name in names), encoding="utf-8")
    return path


def test_the_table_ends_with_a_sentence(
    capsys: pytest.CaptureFixture[str], model_file: Path, others: Path
) -> None:
    status, out, err = call(capsys, "evaluate", model_file, "--names", others, "--sample", 50)
    assert (status, err) == (0, "")
    rows = out.splitlines()
    assert rows[0].startswith(f"{others}: 20 names")
    assert any(row.startswith("3-gram alone") for row in rows)
    assert "50 generated names, temperature 1, seed 0" in rows
    assert "3-gram" in rows[-1]


def test_json_is_the_contracts(
    capsys: pytest.CaptureFixture[str], model_file: Path, others: Path, names_file: Path
) -> None:
    arguments = (model_file, "--names", others, "--train", names_file, "--json", "--sample", 40)
    status, out, err = call(capsys, "evaluate", *arguments)
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["names"] == 20 and found["ngram"]["order"] == 3
    assert found["sample"]["within_1"] is not None and found["training_nats_per_char"] > 0
    assert call(capsys, "evaluate", *arguments)[1] == out
    assert call(capsys, "evaluate", *arguments, "--seed", 1)[1] != out


def test_options_reach_the_sample(capsys: pytest.CaptureFixture[str], model_file: Path) -> None:
    status, out, _ = call(
        capsys, "evaluate", model_file, "--sample", 30, "--temperature", 0, "--seed", 5, "--json"
    )
    sample = json.loads(out)["sample"]
    assert status == 0
    assert (sample["names"], sample["temperature"], sample["seed"]) == (30, 0.0, 5)
    assert sample["repeats"] == pytest.approx(29 / 30)


def test_a_run_is_measured_with_its_history(
    capsys: pytest.CaptureFixture[str], tiny_run, names_file: Path, tmp_path: Path
) -> None:
    arguments = ("--train", names_file, "--sample", 5, "--plots", tmp_path / "pictures")
    status, out, err = call(capsys, "evaluate", tiny_run.folder, *arguments)
    assert status == 0
    assert "network, names it learned from" in out
    assert "rained " in out.splitlines()[-1]  # Trained too short, most likely: two epochs.
    assert str(tmp_path / "pictures" / "history.png") in err


def test_pictures_are_written_where_asked(
    capsys: pytest.CaptureFixture[str],
    model_file: Path,
    others: Path,
    names_file: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "deep" / "pictures"
    arguments = (model_file, "--names", others, "--train", names_file, "--sample", 30)
    status, _, err = call(capsys, "evaluate", *arguments, "--plots", folder)
    assert status == 0
    wanted = ["calibration", "lengths", "nearest", "pairs", "positions"]
    assert sorted(path.stem for path in folder.iterdir()) == wanted
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in folder.iterdir())
    assert sorted(Path(line).stem for line in err.splitlines()) == wanted
    (tmp_path / "file").write_text("")
    status, _, err = call(capsys, "evaluate", *arguments, "--plots", tmp_path / "file" / "folder")
    assert status == 1 and err.count("\n") == 1 and "name another" in err


def test_what_is_wrong_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], model_file: Path, others: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "missing"
    assert "missing" in refused(capsys, "evaluate", missing)
    assert "none of this name" in refused(capsys, "evaluate", model_file, "--names", missing)
    assert "a folder" in refused(capsys, "evaluate", model_file, "--names", tmp_path)
    assert "none of this name" in refused(capsys, "evaluate", model_file, "--train", missing)
    assert "list that the model was trained on" in refused(
        capsys, "evaluate", model_file, "--train", others
    )
    assert "sample: expected" in refused(capsys, "evaluate", model_file, "--sample", -1)
    assert "seed: expected" in refused(capsys, "evaluate", model_file, "--seed", -1)
    assert "temperature: expected" in refused(
        capsys, "evaluate", model_file, "--temperature", "nan"
    )
    assert "MODEL" in refused(capsys, "evaluate")
    (tmp_path / "empty.txt").write_text("\n \n")
    assert "one name per line" in refused(
        capsys, "evaluate", model_file, "--names", tmp_path / "empty.txt"
    )
    (tmp_path / "odd.txt").write_text("Rex7\n")
    assert "'7'" in refused(capsys, "evaluate", model_file, "--names", tmp_path / "odd.txt")


@pytest.mark.parametrize(
    ("package", "extra", "arguments"),
    [
        ("matplotlib", "train", ["--plots", "pictures"]),
        ("rapidfuzz", "distances", ["--train", "names.txt"]),
    ],
)
def test_a_missing_extra_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    model_file: Path,
    names_file: Path,
    package: str,
    extra: str,
    arguments: list[str],
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith(package):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.chdir(names_file.parent)
    monkeypatch.setattr(builtins, "__import__", refuse)
    told = refused(capsys, "evaluate", model_file, *arguments)
    assert f"pip install 'dino-names[{extra}]'" in told
    assert not Path("pictures").exists()
