"""What Python users have: NumPy's numbers, paths and texts, runs for models, folders used again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.config import preset
from dino_names.corpus import split_names
from dino_names.errors import OptionError, RunError
from dino_names.generation import TextModel
from dino_names.modelfile import Bundle
from tests.helpers.tiny_base import tiny_base
from tests.helpers.tiny_bundle import tiny_bundle

NAMES = ["Anna", "Berta", "Clara", "Dora", "Emma", "Frida", "Greta", "Hanna"]


@pytest.fixture
def base(tmp_path: Path) -> str:
    path = tmp_path / "base.safetensors"
    tiny_base().write(path)
    return str(path)


def text_model() -> TextModel:
    return TextModel(tiny_bundle(kind="text", longest_name=0, training_names=None))


CALLS: dict[str, Callable[[Any], Any]] = {
    "seed": lambda three: dino_names.generate("Ram", seed=three),
    "n": lambda three: dino_names.generate_many("Ram", n=three, seed=1),
    "top_k": lambda three: dino_names.generate("Ram", top_k=three, seed=1),
    "temperature": lambda three: dino_names.generate("Ram", temperature=three / 4, seed=1),
    "top_p": lambda three: dino_names.generate("Ram", top_p=three / 4, seed=1),
    "min_length": lambda three: dino_names.generate("R", min_length=three, seed=1),
    "max_length": lambda three: dino_names.generate("R", max_length=three * 3, seed=1),
    "length": lambda three: text_model().generate_text("a", length=three, seed=three),
    "sampler": lambda three: dino_names.Sampler(temperature=three / 4, top_k=three),
    "split": lambda three: split_names(NAMES, fraction=three / 8, seed=three),
    "order": lambda three: (
        dino_names.Ngram.fit(NAMES, dino_names.Vocabulary.of(NAMES), order=three).order
    ),
    "evaluate": lambda three: dino_names.evaluate(
        dino_names.load(), sample=three, seed=three, temperature=three / 4
    ).to_json(),
    "configuration": lambda three: json.dumps(
        preset("default", epochs=three, rnn_units=three, dropout=three / 4).to_json()
    ),
}


@pytest.mark.parametrize("kind", [np.int64, np.int16, np.uint8])
@pytest.mark.parametrize("name", CALLS)
def test_numpys_numbers_are_numbers(name: str, kind: type) -> None:
    assert str(CALLS[name](kind(3))) == str(CALLS[name](3))


@pytest.mark.parametrize("value", [np.True_, np.array([3]), np.float64(2.5), "3"])
def test_what_is_no_number_stays_none(value: Any) -> None:
    with pytest.raises(OptionError, match="n: expected a whole number"):
        dino_names.generate_many(n=value)


def test_training_takes_them_too(base: str, tmp_path: Path) -> None:
    options = {"base": base, "epochs": np.int64(1), "seed": np.uint8(3), "dropout": np.float32(0.5)}
    run = dino_names.train(NAMES, out=tmp_path / "run", **options)
    again = dino_names.train(np.array(NAMES), out=str(tmp_path / "again"), **options)
    files = [each.folder / "model.safetensors" for each in (run, again)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert json.loads((run.folder / "run.json").read_text())["config"]["train"]["seed"] == 3


def test_a_run_stands_for_its_model(base: str, tmp_path: Path) -> None:
    run = dino_names.train(NAMES, out=tmp_path / "run", base=base, epochs=1)
    model = dino_names.load(run)
    assert model.bundle.digest == dino_names.load(tmp_path / "run").bundle.digest
    assert (
        dino_names.evaluate(run, sample=5).to_json()
        == dino_names.evaluate(model, sample=5).to_json()
    )


def test_a_folder_is_used_again_where_that_is_asked_for(base: str, tmp_path: Path) -> None:
    def train(names: list[str] = NAMES, **options: Any) -> Bundle:
        options = {"base": base, "epochs": 1, **options}
        return dino_names.train(names, out=tmp_path / "run", **options).model().bundle

    first = train()
    (tmp_path / "run" / "mine.txt").write_text("kept")
    with pytest.raises(RunError, match=r"in Python resume=True, overwrite=True"):
        train(NAMES[:6])
    with pytest.raises(RunError, match="expected one of them, received both"):
        train(resume=True, overwrite=True)
    assert train(NAMES[:6], overwrite=True).digest != first.digest
    assert train(overwrite=True).digest == first.digest
    assert (tmp_path / "run" / "mine.txt").read_text() == "kept"
    assert train(overwrite=True, base="none", rnn_units=8, embedding_dim=4).origin is None


EARLY = """
import sys, pathlib
from dino_names.commands.main import run
status = run(sys.argv[1:])
print(status, "tensorflow" in sys.modules)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "names.txt", "--out", "begun", "--base", "none"],
        ["train", "names.txt", "--out", "nothing", "--resume"],
        ["train", "names.txt", "--out", "keras", "--resume", "--rnn-units", "9"],
        ["train", "others.txt", "--out", "keras", "--resume"],
        ["train", "names.txt", "--out", "keras", "--resume", "--preset", "tutorial"],
        ["train", "nowhere.txt", "--base", "none"],
        ["train", "names.txt", "--base", "nowhere", "--tuner", "keras"],
        ["train", "names.txt", "--base", "none", "--dropout", "2"],
        ["export", "begun", "-o", "model.pb"],
        ["export", "nowhere", "-o", "model.safetensors"],
    ],
)
def test_what_needs_no_tensorflow_is_refused_without(
    arguments: list[str], base: str, tmp_path: Path
) -> None:
    for name, names in (("names", NAMES), ("others", NAMES[:5])):
        (tmp_path / f"{name}.txt").write_text("\n".join(names), encoding="utf-8")
    dino_names.train(tmp_path / "names.txt", out=tmp_path / "begun", base=base, epochs=1)
    keras = dino_names.train(tmp_path / "names.txt", out=tmp_path / "keras", base=base, epochs=2)
    settings = json.loads((keras.folder / "run.json").read_text())
    settings["config"]["train"]["tuner"] = "keras"
    (keras.folder / "run.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-c", EARLY, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "2 False\n", done.stderr
    (*_, line) = done.stderr.splitlines()
    assert line.startswith("dino-names: ") and "Traceback" not in done.stderr
