"""The command line: streams, exit statuses, one line for what went wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from dino_names.api import SHIPPED_MODEL
from dino_names.commands.main import COMMANDS
from dino_names.config.sections import SECTIONS
from tests.helpers.command_line import call, refused
from tests.helpers.paths import ROOT

MODULE = [sys.executable, "-m", "dino_names"]


def test_generate_prints_names_alone(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = call(capsys, "generate", "Ram", "-n", "5", "--seed", "1")
    assert (status, err) == (0, "")
    names = out.splitlines()
    assert len(set(names)) == 5 and all(name.startswith("Ram") for name in names)
    assert call(capsys, "generate", "Ram", "-n", "7", "--seed", "1")[1].startswith(out)


def test_generate_as_json_gives_each_names_score(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "generate", "Ram", "-n", "3", "--seed", "1", "--json")
    rows = json.loads(out)
    assert [set(row) for row in rows] == [{"name", "nats"}] * 3
    _, out, _ = call(capsys, "score", *(row["name"] for row in rows), "--json")
    scores = json.loads(out)
    assert [set(score) for score in scores] == [
        {"name", "nats", "nats_per_char", "in_training_list"}
    ] * 3
    for row, score in zip(rows, scores, strict=True):
        assert row["nats"] == pytest.approx(score["nats"])
        assert score["in_training_list"] is False
        assert score["nats_per_char"] == pytest.approx(score["nats"] / (len(row["name"]) + 1))


def test_score_knows_the_training_list(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "score", "Triceratops", "Qzzzq")
    known, unknown = out.splitlines()[1:]
    assert known.split()[0::3] == ["Triceratops", "yes"] and unknown.endswith("no")
    assert float(known.split()[1]) < float(unknown.split()[1])


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_has_help_an_example_and_a_place_in_the_readme(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    status, out, _ = call(capsys, command, "--help")
    assert status == 0 and f"Examples: $ dino-names {command}" in " ".join(out.split())
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"dino-names {command}" in readme


def test_help_lists_the_commands_and_no_argument_shows_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = call(capsys, "--help")
    assert status == 0 and all(command in out for command in COMMANDS)
    status, out, err = call(capsys)
    assert (status, out) == (2, "") and "Commands" in err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from dino_names import __version__

    assert call(capsys, "--version") == (0, f"dino-names {__version__}\n", "")


def test_train_has_a_flag_for_each_hyperparameter(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "train", "--help-all")
    for section in SECTIONS.values():
        for item in fields(section):
            assert f"--{item.name.replace('_', '-')}" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["generate", "ram!"], ["'!'", "characters that the model knows", "ABC"]),
        (["generate", "RAM", "--exact-case", "--model", "lower"], ["Try 'ram'"]),
        (["generate", "-n", "0"], ["n:", "at least 1", "received 0"]),
        (["generate", "--temperature", "-1"], ["temperature", "at least 0", "received -1.0"]),
        (["generate", "--temperature", "nan"], ["temperature", "received nan"]),
        (["generate", "--top-p", "1.5"], ["top_p", "at most 1", "received 1.5"]),
        (["generate", "--top-k", "0"], ["top_k", "at least 1", "received 0"]),
        (["generate", "--seed", "-1"], ["seed", "at least 0", "received -1"]),
        (["generate", "-n", "many"], ["many", "integer"]),
        (["generate", "--model", "nowhere"], ["nowhere"]),
        (["generate", "Ram", "--max-length", "2"], ["max_length", "2 characters", "received 3"]),
        (["generat"], ["generat"]),
        (["score"], ["names or --file", "neither"]),
        (["train", "nowhere.txt"], ["nowhere.txt"]),
        (["train", "nowhere.txt", "--dropout", "1"], ["dropout", "below 1", "received 1.0"]),
        (["train", "nowhere.txt", "--preset", "x"], ["preset", "tutorial"]),
        (["train", "nowhere.txt", "--clip-norm", "x"], ["clip-norm", "number|none", "'x'"]),
        (["export", ".", "-o", "x.safetensors"], ["run.json"]),
        (["inspect", "."], ["run.json"]),
    ],
)
def test_what_is_wrong_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if "lower" in arguments:
        lower_case_model(tmp_path / "lower")
    err = refused(capsys, *arguments)
    assert all(word in err for word in words), err


def lower_case_model(path: Path) -> None:
    import numpy as np

    from dino_names.config.architecture import Architecture
    from dino_names.corpus.vocabulary import Vocabulary
    from dino_names.modelfile.contents import Bundle
    from dino_names.modelfile.tensors import join_networks

    vocabulary = Vocabulary.of(["ram"])
    architecture = Architecture(vocab_size=len(vocabulary), embedding_dim=2, rnn_units=2)
    weights = {name: np.zeros(s, np.float32) for name, s in architecture.shapes().items()}
    Bundle(
        architecture=architecture,
        vocabulary=vocabulary,
        tensors=join_networks([weights]),
        longest_name=3,
    ).write(path)


def test_too_few_names_are_printed_and_the_reason_goes_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = call(capsys, "generate", "Ram", "-n", "3", "--temperature", "0")
    assert status == 1
    assert len(out.splitlines()) < 3
    assert err.startswith("dino-names: ") and err.count("\n") == 1


def test_inspect_says_what_the_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(call(capsys, "inspect", SHIPPED_MODEL, "--json")[1])
    assert facts["kind"] == "names" and facts["vocabulary"].startswith("\n")
    assert facts["architecture"]["vocab_size"] == len(facts["vocabulary"])
    plain = call(capsys, "inspect", SHIPPED_MODEL)[1]
    assert "vocab_size" in plain and "parameters" in plain


@pytest.mark.tensorflow
def test_train_generate_export_and_resume(
    capsys: pytest.CaptureFixture[str], names_file: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "run")
    small = ["--epochs", "3", "--rnn-units", "8", "--embedding-dim", "4", "--average", "none"]
    small += ["--keep-every", "none"]
    small += ["--valid-fraction", "0"]  # the last epoch is the best then
    status, printed, err = call(capsys, "train", str(names_file), "--out", out, *small)
    assert (status, printed) == (0, f"{out}\n")
    assert "epoch 3 of 3" in err
    status, printed, err = call(capsys, "train", str(names_file), "--out", out, "--resume")
    assert (status, printed) == (2, "") and "is finished" in err.splitlines()[-1]
    file = str(tmp_path / "mine.safetensors")
    assert call(capsys, "export", out, "-o", file)[:2] == (0, f"{file}\n")
    assert Path(file).read_bytes() == (Path(out) / "model.safetensors").read_bytes()
    early = str(tmp_path / "early.safetensors")
    assert call(capsys, "export", out, "-o", early, "--epoch", "1")[0] == 0
    assert Path(early).read_bytes() != Path(file).read_bytes()
    assert "1, 2, 3" in refused(capsys, "export", out, "-o", early, "--epoch", "9")
    for model in (out, file, early):
        names = call(capsys, "generate", "A", "-n", "2", "--seed", "0", "--model", model)[1]
        assert all(name.startswith("A") for name in names.splitlines())


def test_loading_and_generating_imports_no_tensorflow() -> None:
    code = """
import sys, dino_names
dino_names.generate("Ram"); dino_names.load().score("Rex")
heavy = {"tensorflow", "keras", "matplotlib", "rich", "rapidfuzz", "h5py"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_training_imports_tensorflow_at_module_level() -> None:
    code = """
import importlib, pathlib, sys, dino_names
from tests.helpers.paths import ROOT
root = pathlib.Path(dino_names.__file__).parent
for path in sorted(root.rglob("*.py")):
    parts = path.relative_to(root).with_suffix("").parts
    if parts[0] == "training" or parts[-1] == "__main__":
        continue
    importlib.import_module(".".join(["dino_names", *(p for p in parts if p != "__init__")]))
heavy = {"tensorflow", "keras", "matplotlib", "rich", "rapidfuzz", "h5py"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m dino_names generate -n 3000 --seed 1 | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\w+\n", done.stdout) and done.stderr == ""


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    done = subprocess.run(
        [*MODULE, "generate", "é"],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 2 and b"Traceback" not in done.stderr
