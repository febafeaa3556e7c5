"""Run folders that are damaged, mixed up or hostile: each with the sentence it gets."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dino_names.commands.main import run as run_command
from dino_names.errors import RunError
from dino_names.runs.checkpoint_files import (
    find_checkpoint,
    list_checkpoints,
    read_manifest,
    write_manifest,
)
from dino_names.runs.run import Run
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.keras_generation import restore_for_generation
from dino_names.training.network.model import build_model
from dino_names.training.saving.checkpoints import CheckpointWarning, restore
from dino_names.training.trainer import train
from tests.helpers.tiny_runs import TINY, contents, facts, write_names

pytestmark = pytest.mark.tensorflow

CHECKPOINT = "ckpt_{}.weights.h5"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a list, a finished run, one that was stopped, and one of other sizes."""
    place = tmp_path_factory.mktemp("made")
    file = write_names(place)
    train(file, out=place / "whole", **TINY)
    train(file, out=place / "larger", **{**TINY, "rnn_units": 5, "epochs": 1})
    with pytest.raises(Exception, match="stopped after epoch 1"):
        train(file, out=place / "stopped", progress=Interrupt(after=4), **TINY)
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def swap_vocabulary(folder: Path) -> None:
    """Two characters change places: as long as before, and every name reads otherwise."""

    def swap(values: dict[str, Any]) -> None:
        text = values["vocabulary"]
        values["vocabulary"] = text[0] + text[2] + text[1] + text[3:]

    change(folder, swap)


def change(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "run.json"
    values = json.loads(path.read_text())
    edit(values)
    path.write_text(json.dumps(values))


def set_config(section: str, name: str, value: Any) -> Callable[[Path], None]:
    return lambda folder: change(
        folder, lambda values: values["config"][section].__setitem__(name, value)
    )


def write(name: str, content: bytes) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).write_bytes(content)


def remove(*names: str) -> Callable[[Path], None]:
    return lambda folder: [(folder / name).unlink() for name in names].clear()


def flip(*names: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for name in names:
            content = bytearray((folder / name).read_bytes())
            content[len(content) // 2] ^= 0x10
            (folder / name).write_bytes(content)

    return damage


def link(name: str, target: str | None = None) -> Callable[[Path], None]:
    """A symbolic link in place of a file, to its own content elsewhere unless told otherwise."""

    def damage(folder: Path) -> None:
        elsewhere = folder.with_name("elsewhere")
        (folder / name).rename(elsewhere)
        (folder / name).symlink_to(target or elsewhere)

    return damage


def fifo(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return damage


def of_another_run(*names: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for name in names:
            shutil.copy(folder.with_name("larger") / name, folder / name)

    return damage


GENERATE = ("generate", "A", "--allow-training-names", "--model", "{whole}")
RESUME = ("train", "{file}", "--out", "{stopped}", "--resume")
EXPORT = ("export", "{whole}", "-o", "{out}")
EXPORT_ONE = (*EXPORT, "--epoch", "1")
OTHERS = "put back the file that was changed"
STATES = ("state.safetensors", "state.previous.safetensors")

# What is done to the folder, the command that follows, and parts of its sentence.
REFUSED: dict[str, tuple[Callable[[Path], Any], tuple[str, ...], tuple[str, ...]]] = {
    "no run.json": (remove("run.json"), GENERATE, ("received a folder without run.json",)),
    "no run.json, export": (remove("run.json"), EXPORT, ("a run folder with run.json",)),
    "no run.json, resume": (remove("run.json"), RESUME, ("expected a run to resume, found none",)),
    "empty run.json": (write("run.json", b""), GENERATE, ("run.json: expected readable JSON",)),
    "cut": (write("run.json", b'{"config": {'), RESUME, ("run.json: expected readable JSON",)),
    "not UTF-8": (write("run.json", b'{"a": "\xff"}'), GENERATE, ("expected readable JSON",)),
    "a list": (write("run.json", b"[]"), GENERATE, ("run.json: expected a JSON object",)),
    "NaN": (write("run.json", b'{"config": NaN}'), GENERATE, ("finite numbers, received NaN",)),
    "a key twice": (write("run.json", b'{"a": 1, "a": 1}'), GENERATE, ("each key once",)),
    "deep": (write("run.json", b"[" * 99_999), GENERATE, ("at most 8 levels",)),
    "digits": (write("run.json", b'{"a": ' + b"9" * 9999 + b"}"), GENERATE, ("24 digits",)),
    "huge": (write("run.json", b" " * (16 * 2**20 + 1)), GENERATE, ("more than 1,048,576",)),
    "nothing in it": (write("run.json", b"{}"), GENERATE, ("expected a configuration, a voc",)),
    "control characters": (
        write("run.json", b'{"config": {"\\u001b[31m": 1}, "vocabulary": "", "fingerprint": ""}'),
        GENERATE,
        ("expected preset, data",),
    ),
    "run.json a link": (link("run.json"), GENERATE, ("received no regular file",)),
    "run.json endless": (link("run.json", "/dev/zero"), GENERATE, ("received no regular file",)),
    "run.json a pipe": (fifo("run.json"), GENERATE, ("received no regular file",)),
    "units of text": (set_config("model", "rnn_units", "8"), GENERATE, ("rnn_units: expected",)),
    "units of a list": (set_config("model", "rnn_units", []), GENERATE, ("rnn_units: expected",)),
    "units beyond bounds": (set_config("model", "rnn_units", 10**9), RESUME, ("at most 8192",)),
    "an unknown choice": (set_config("model", "more", 1), GENERATE, ("run.json: expected a conf",)),
    "vocabulary, generate": (swap_vocabulary, GENERATE, ("of one training", "'AR", "'RA", OTHERS)),
    "vocabulary, resume": (swap_vocabulary, RESUME, ("the vocabulary of its data", OTHERS)),
    "vocabulary, export": (
        swap_vocabulary,
        EXPORT_ONE,
        ("vocabulary and data in run.json", OTHERS),
    ),
    "units, resume": (set_config("model", "rnn_units", 5), RESUME, ("state of the config", OTHERS)),
    "units, export": (
        set_config("model", "rnn_units", 5),
        EXPORT_ONE,
        ("checkpoints of the", OTHERS),
    ),
    "epochs, resume": (set_config("train", "epochs", 9), RESUME, ("state of the config", OTHERS)),
    "seed, resume": (set_config("train", "seed", 9), RESUME, ("state of the config", OTHERS)),
    "no model": (remove("model.safetensors"), GENERATE, ("which the first finished epoch writes",)),
    "damaged model": (flip("model.safetensors"), GENERATE, ("model.safetensors: ",)),
    "model a link": (link("model.safetensors"), GENERATE, ("a symbolic link",)),
    "a pickle for a model": (
        write("model.safetensors", b"\x80\x04\x95\x10"),
        GENERATE,
        ("received a Python pickle",),
    ),
    "damaged history": (
        write("history.jsonl", b"{"),
        GENERATE,
        ("one JSON object a line", "delete"),
    ),
    "history of numbers": (write("history.jsonl", b"1\n"), GENERATE, ("one JSON object a line",)),
    "history of lists": (write("history.jsonl", b'{"a": []}\n'), GENERATE, ("numbers and words",)),
    "history of lines": (
        write("history.jsonl", b"{}\n" * 100_001),
        GENERATE,
        ("more than 100,000 rows", "delete the file"),
    ),
    "history of megabytes": (
        write("history.jsonl", b" " * (16 * 2**20 + 1)),
        GENERATE,
        ("more than 16,777,216 bytes",),
    ),
    "history a pipe": (fifo("history.jsonl"), RESUME, ("received no regular file",)),
    "no states": (
        remove(*STATES),
        RESUME,
        (
            "is missing and",
            "is missing. What its epochs",
        ),
    ),
    "damaged states": (flip(*STATES), RESUME, ("state.safetensors is damaged", "previous")),
    "empty states": (
        lambda folder: [write(name, b"")(folder) for name in STATES],
        RESUME,
        ("state.safetensors is damaged", "dino-names export"),
    ),
    "states are pipes": (
        lambda folder: [fifo(name)(folder) for name in STATES],
        RESUME,
        ("no regular file",),
    ),
    "another run's state": (of_another_run("state.safetensors"), RESUME, ("that of others",)),
    "another run's run.json": (of_another_run("run.json"), RESUME, ("that of others", OTHERS)),
    "no such epoch": (
        lambda folder: None,
        (*EXPORT, "--epoch", "7"),
        ("epoch 7, found those of 1",),
    ),
    "damaged checkpoint": (
        flip(CHECKPOINT.format(1)),
        EXPORT_ONE,
        ("ckpt_1.weights.h5: passed over, its content is not what was saved",),
    ),
    "checkpoint a link": (link(CHECKPOINT.format(1)), EXPORT_ONE, ("it is a symbolic link",)),
    "checkpoint a pipe": (fifo(CHECKPOINT.format(1)), EXPORT_ONE, ("no regular file",)),
    "no manifest": (remove("manifest.json"), EXPORT_ONE, ("not in manifest.json",)),
    "damaged manifest": (write("manifest.json", b"{}"), EXPORT_ONE, ("the hashes of checkpoints",)),
    "manifest endless": (link("manifest.json", "/dev/zero"), EXPORT_ONE, ("no regular file",)),
    "another run's checkpoints": (
        of_another_run(CHECKPOINT.format(1), "manifest.json"),
        EXPORT_ONE,
        ("received those of others", OTHERS),
    ),
    "a finished run": (
        lambda folder: None,
        ("train", "{file}", "--out", "{whole}", "--resume"),
        ("it is finished after epoch 2",),
    ),
    "another preset": (
        lambda folder: None,
        (*RESUME, "--preset", "tutorial"),
        ("expected preset 'default', received 'tutorial'; leave the option out",),
    ),
    "a run is there": (
        lambda folder: None,
        ("train", "{file}", "--out", "{whole}"),
        ("holds a run; add --resume",),
    ),
    "lock a link": (link("run.lock"), RESUME, ("can be written, received: no regular file",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_run_folder_is_refused_with_a_reason(
    case: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, arguments, words = REFUSED[case]
    places = {
        "file": str(place / "names.txt"),
        "whole": str(place / "whole"),
        "stopped": str(place / "stopped"),
        "out": str(place / "out.safetensors"),
    }
    folder = place / ("whole" if "{whole}" in arguments else "stopped")
    damage(folder)
    status = run_command([argument.format(**places) for argument in arguments])
    out, errors = capsys.readouterr()
    assert (status, out) in [(1, ""), (2, "")]
    last = errors.strip().splitlines()[-1]
    assert last.startswith("dino-names: ")
    assert last.isprintable()
    assert [word for word in words if word not in last] == []
    assert not (place / "out.safetensors").exists()


# What can still be used after damage


def resumed(place: Path) -> list[str]:
    """Finish the stopped run, whose weights must be the whole one's; what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train(place / "names.txt", out=place / "stopped", resume=True)
    assert facts(place / "stopped") == facts(place / "whole")
    return [str(one.message) for one in caught if "going on from" in str(one.message)]


@pytest.mark.parametrize("damage", [flip(STATES[0]), write(STATES[0], b""), remove(STATES[0])])
def test_a_damaged_state_is_gone_on_from_the_one_before(
    place: Path, damage: Callable[[Path], Any]
) -> None:
    damage(place / "stopped")
    [sentence] = resumed(place)
    assert "state.safetensors is " in sentence
    assert "going on from the state saved before it" in sentence


def test_a_damaged_manifest_costs_no_training(place: Path) -> None:
    write("manifest.json", b"\0")(place / "stopped")
    train(place / "names.txt", out=place / "stopped", resume=True)
    run = Run.read(place / "stopped")
    assert restore(build_model(len(run.vocabulary), config=run.config.model), run) == 2


def test_a_run_that_was_stopped_before_its_first_save_begins_again(place: Path) -> None:
    folder = place / "stopped"
    for name in contents(folder):
        if name != "run.json":
            (folder / name).unlink()
    train(place / "names.txt", out=folder, resume=True)
    assert facts(folder) == facts(place / "whole")


def test_leftovers_are_removed_when_training_begins(place: Path) -> None:
    folder = place / "stopped"
    mine = [f".partial-{os.getpid()}-00-state.safetensors", ".partial-1-ff-ckpt_2.weights.h5"]
    for name in [*mine, ".partial-thoughts"]:
        (folder / name).write_bytes(b"half")
    assert resumed(place) == []
    assert [name for name in contents(folder) if name.startswith(".")] == [".partial-thoughts"]


def test_the_newest_good_checkpoint_is_taken_and_the_user_hears_why(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run.read(place / "whole")
    flip(CHECKPOINT.format(2))(run.folder)
    (run.folder / CHECKPOINT.format(3)).symlink_to(CHECKPOINT.format(1))
    (run.folder / CHECKPOINT.format(10)).write_bytes(b"not in the manifest")
    number, path, reasons = find_checkpoint(run.folder)
    assert (number, path.name) == (1, CHECKPOINT.format(1))
    assert [reason.rpartition("passed over, ")[2] for reason in reasons] == [
        "its content is not in manifest.json.",
        "it is a symbolic link or no regular file.",
        "its content is not what was saved.",
    ]
    assert list(list_checkpoints(run.folder)) == [1, 2, 10]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CheckpointWarning)
        assert restore_for_generation(run).input_shape == (1, None)
    assert [one.category for one in caught] == [CheckpointWarning] * 3
    out = place / "newest.safetensors"
    assert run_command(["export", str(run.folder), "--epoch", "last", "-o", str(out)]) == 0
    assert "ckpt_2.weights.h5: passed over, its content is not" in capsys.readouterr().err
    assert out.exists()


def test_a_checkpoint_of_another_architecture_is_refused_by_its_shapes(place: Path) -> None:
    """Even with a manifest that was made to fit."""
    run, name = Run.read(place / "whole"), CHECKPOINT.format(2)
    other = read_manifest(place / "larger")
    shutil.copy(place / "larger" / CHECKPOINT.format(1), run.folder / name)
    write_manifest(run.folder, run.digest, {name: other[CHECKPOINT.format(1)]})
    with pytest.raises(RunError, match="expected the weights of a vocabulary of .* 4 units"):
        restore_for_generation(run)
    with pytest.raises(RunError, match=r"the run's layer0.kernel has shape \(3, 12\), the model's"):
        restore(build_model(len(run.vocabulary), 3, 5), run, 2)


def test_what_a_file_named_checkpoint_says_is_not_followed(place: Path) -> None:
    run = Run.read(place / "whole")
    outside = place / "outside.weights.h5"
    shutil.copy(place / "larger" / CHECKPOINT.format(1), outside)
    text = (
        f'model_checkpoint_path: "{outside}"\nall_model_checkpoint_paths: "../../../etc/passwd"\n'
    )
    (run.folder / "checkpoint").write_text(text)
    assert find_checkpoint(run.folder)[1] == run.folder / CHECKPOINT.format(2)
    write_manifest(run.folder, run.digest, {"../outside.weights.h5": "0", "checkpoint": "0"})
    with pytest.raises(RunError, match="not in manifest.json"):
        find_checkpoint(run.folder)


def test_a_link_for_a_lock_is_not_written_through(place: Path) -> None:
    victim = place / "elsewhere"
    link("run.lock")(place / "stopped")
    victim.write_text("precious")
    with pytest.raises(Exception, match="no regular file"):
        train(place / "names.txt", out=place / "stopped", resume=True)
    assert victim.read_text() == "precious"


NAMES = ["[1]{epoch}%d {x!r} 'é", "a b*?\\", "-x", "{", "~", "x" * 200]


def test_a_folder_of_any_name_is_trained_and_resumed(tmp_path: Path) -> None:
    file = write_names(tmp_path)
    train(file, out=tmp_path / "plain", **TINY)
    folder = tmp_path.joinpath(*NAMES)
    with pytest.raises(Exception, match="stopped after epoch 1, batch 1"):
        train(file, out=folder, progress=Interrupt(after=4), **TINY)
    train(file, out=folder, resume=True)
    assert facts(folder) == facts(tmp_path / "plain")
    out = tmp_path / "out{}.safetensors"
    assert run_command(["export", str(folder), "--epoch", "2", "-o", str(out)]) == 0
    assert run_command(["generate", "A", "--allow-training-names", "--model", str(out)]) == 0
