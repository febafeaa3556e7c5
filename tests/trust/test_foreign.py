"""Model files of other programs that would run code: recognised, refused, never opened."""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import dino_names
from dino_names.commands.main import run as run_command
from dino_names.errors import DinoNamesError, RunError
from dino_names.runs.checkpoint_files import read_manifest, write_manifest
from dino_names.runs.run import Run
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.network.model import build_model
from dino_names.training.saving.checkpoints import restore
from dino_names.training.trainer import train
from tests.helpers.foreign_files import DISGUISED, FOREIGN
from tests.helpers.tiny_runs import TINY, write_names

pytestmark = pytest.mark.tensorflow

FILES = [name for name in FOREIGN if name != "saved_model"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a list and a run that was stopped in its second epoch."""
    place = tmp_path_factory.mktemp("foreign")
    with pytest.raises(DinoNamesError, match="stopped after epoch 1"):
        train(write_names(place), out=place / "run", progress=Interrupt(after=4), **TINY)
    return place


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """A path at which nothing may be when a test ends."""
    path = tmp_path / "canary"
    yield path
    assert not path.exists()


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def check_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command that ends with status 2 and one line."""
    assert run_command(arguments) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    last = errors.splitlines()[-1]
    assert last.startswith("dino-names: ")
    assert "Traceback" not in errors


def test_the_canaries_sing_where_such_files_are_opened(tmp_path: Path) -> None:
    """Otherwise these tests would show nothing."""
    import keras

    def load_keras(path: Path) -> None:
        keras.saving.load_model(path, safe_mode=False)(np.zeros((1, 1)))

    for name, load in (
        ("lambda.keras", load_keras),
        ("pickle.pkl", lambda path: pickle.loads(path.read_bytes())),
        ("pickle0.pkl", lambda path: pickle.loads(path.read_bytes())),
        ("objects.npy", lambda path: np.load(path, allow_pickle=True)),
    ):
        canary = tmp_path / f"canary of {name}"
        FOREIGN[name](tmp_path / name, canary)
        load(tmp_path / name)
        assert canary.exists(), name


@pytest.mark.parametrize("name", FOREIGN)
def test_no_command_runs_a_foreign_file(
    name: str, made: Path, tmp_path: Path, canary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = str(made / "names.txt")
    for path in (tmp_path / name, tmp_path / DISGUISED):
        FOREIGN[name](path, canary)
        with pytest.raises(DinoNamesError, match="dino-names export"):
            dino_names.load(path)
        for arguments in (
            ["generate", "A", "--model", str(path)],
            ["score", "Abba", "--model", str(path)],
            ["inspect", str(path)],
            ["evaluate", str(path), "--names", names],
            ["evaluate", names, "--names", str(path)],
            ["export", str(path), "-o", str(tmp_path / "out.safetensors")],
            ["train", names, "--resume", "--out", str(path)],
            # The oldest pickles are texts, and so lists of names.
            *([["train", str(path), "--out", str(tmp_path / "new")]] * (name != "pickle0.pkl")),
        ):
            check_refused(arguments, capsys)
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_a_run_folder_is_run(
    name: str, place: Path, canary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file in turn is the hostile one, the states together, the checkpoint with its hash."""
    names, run = str(place / "names.txt"), place / "run"
    digest = Run.read(run).digest
    out = str(place / "out.safetensors")
    for file, arguments in (
        ("run.json", ["generate", "A", "--model", str(run)]),
        ("history.jsonl", ["inspect", str(run)]),
        ("model.safetensors", ["evaluate", str(run), "--names", names]),
        ("manifest.json", ["export", str(run), "--epoch", "1", "-o", out]),
        ("ckpt_1.weights.h5", ["export", str(run), "--epoch", "1", "-o", out]),
        ("state.safetensors", ["train", names, "--resume", "--out", str(run)]),
    ):
        kept = {path: path.read_bytes() for path in run.iterdir()}
        FOREIGN[name](run / file, canary)
        if file == "ckpt_1.weights.h5":
            forge_manifest(run, digest)
        if file == "state.safetensors":
            shutil.copy(run / file, run / "state.previous.safetensors")
        check_refused(arguments, capsys)
        for path, content in kept.items():
            path.write_bytes(content)
    assert not Path(out).exists()


def forge_manifest(run: Path, digest: str) -> None:
    """Say of what the first checkpoint holds now that it is what was saved."""
    name = "ckpt_1.weights.h5"
    content = hashlib.sha256((run / name).read_bytes()).hexdigest()
    write_manifest(run, digest, {**read_manifest(run), name: content})


def test_a_forged_checkpoint_that_points_elsewhere_is_not_followed(place: Path) -> None:
    import h5py

    folder = place / "run"
    run = Run.read(folder)
    model = build_model(len(run.vocabulary), config=run.config.model)
    assert restore(model, run, 1) == 1
    secret = place / "secret"
    secret.write_bytes(bytes(range(256)) * 64)
    path = folder / "ckpt_1.weights.h5"
    whole = path.read_bytes()
    arrays: dict[str, tuple[int, ...]] = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: arrays.update({name: item.shape} if hasattr(item, "shape") else {})
        )
    for name, shape in arrays.items():
        path.write_bytes(whole)
        with h5py.File(path, "r+") as file:
            del file[name]
            file.create_dataset(name, shape, "f4", external=[(str(secret), 0, h5py.h5f.UNLIMITED)])
        forge_manifest(folder, run.digest)
        with pytest.raises(RunError, match="stored outside the file"):
            restore(model, run, 1)


def test_the_run_goes_on_after_all_that(place: Path) -> None:
    assert len(train(place / "names.txt", out=place / "run", resume=True).history) == 2
