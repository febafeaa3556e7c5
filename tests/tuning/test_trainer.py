from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.config import preset
from dino_names.corpus import split_names
from dino_names.corpus.names import Names, check_names
from dino_names.errors import (
    DivergedError,
    InputError,
    InterruptedRunError,
    ModelFileError,
    RunError,
)
from dino_names.generation import NameModel
from dino_names.modelfile import Bundle
from dino_names.progress import Silent
from dino_names.runs import Run
from dino_names.runs.exact_state import PREVIOUS_FILE, STATE_FILE
from dino_names.teaching import Interrupt
from dino_names.tuning import tune
from dino_names.tuning.network import loss_and_gradients
from tests.helpers.tiny_base import LETTERS, SIZES, tiny_base
from tests.helpers.tiny_bundle import weights

EPOCHS, BATCH = 2, 6
# Three parts left out in turn, and the whole list.
LISTS = 4
# What must not depend on how often a run was stopped: all but the seconds.
TIMES = ("seconds", "names_per_second")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.safetensors"
    tiny_base().write(path)
    return path


def configure(base: Path | str, **options: Any) -> dict[str, Any]:
    return {
        "base": str(base),
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "learning_rate": 5e-3,
        "embedding_dim": 3,
        "rnn_units": 8,
        **options,
    }


def run(
    names: Names, options: dict[str, Any], folder: Path, progress: Any = None, **more: Any
) -> Run:
    config = preset("default", **options)
    return tune(names, config, folder, progress=progress or Silent(), options=options, **more)


def facts(folder: Path) -> tuple[bytes, list[dict[str, Any]]]:
    rows = [
        {name: value for name, value in row.items() if name not in TIMES}
        for row in Run.read(folder).history
    ]
    return (folder / "model.safetensors").read_bytes(), rows


@pytest.fixture
def names(twenty: list[str]) -> Names:
    return check_names(twenty)


def test_a_run_is_a_run_like_any_other(base: Path, names: Names, tmp_path: Path) -> None:
    made = run(names, configure(base), tmp_path / "run")
    read = Run.read(tmp_path / "run")
    assert read == made and len(read.history) == EPOCHS * LISTS
    assert [row["epoch"] for row in read.history] == list(range(1, EPOCHS * LISTS + 1))
    losses = [row["loss"] for row in read.history]
    assert all(losses[i] > losses[i + 1] for i in range(0, len(losses), EPOCHS))
    # Each part begins where the first did.
    assert max(losses[::EPOCHS]) - min(losses[::EPOCHS]) < 0.3
    assert {"val_nats_per_char", "val_nats_with_ngram"} <= set(read.history[-1])
    model = read.model()
    assert isinstance(model, NameModel) and model.bundle.training_names is not None
    assert model.score(names.names[0]).in_training_list
    assert len(model.generate_many(n=5, seed=1)) == 5
    origin = model.describe()["origin"]
    assert origin["base"] == str(base) and origin["sha256"] == tiny_base().digest


def test_what_is_written_is_the_average_and_no_longer_the_base(
    base: Path, names: Names, tmp_path: Path
) -> None:
    config = configure(base, average=0.5)
    tensors = run(names, config, tmp_path / "run").model().bundle.tensors
    still = run(names, configure(base, learning_rate=1e-9), tmp_path / "still").model().bundle
    for name, tensor in tensors.items():
        if name.startswith("network"):
            assert not np.allclose(tensor, still.tensors[name], atol=1e-5), name


def test_the_same_choices_give_the_same_file(base: Path, names: Names, tmp_path: Path) -> None:
    first, second, other = (
        run(names, configure(base, seed=seed), tmp_path / name) and facts(tmp_path / name)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == second and first[1] != other[1]


@pytest.mark.parametrize("batches", range(1, 3 * 3 * EPOCHS + 4 * EPOCHS))
def test_stopped_at_any_batch_it_goes_on_to_the_same_bits(
    batches: int, base: Path, names: Names, tmp_path: Path
) -> None:
    options = {"dropout": 0.3, "weight_dropout": 0.2, "embedding_dropout": 0.1}
    config = configure(base, **options)
    run(names, config, tmp_path / "whole")
    with pytest.raises(InterruptedRunError) as caught:
        run(names, config, tmp_path / "parts", Interrupt(after=batches))
    assert caught.value.exit_status == 128 + signal.SIGINT
    with pytest.raises(RunError, match="no epoch has ended|first finished epoch"):
        Run.read(tmp_path / "parts").model()
    made = run(names, config, tmp_path / "parts", resume=True)
    assert facts(tmp_path / "parts") == facts(tmp_path / "whole")
    assert made.history[-1]["epoch"] == EPOCHS * LISTS


def test_a_damaged_state_falls_back_to_the_one_before(
    base: Path, names: Names, tmp_path: Path
) -> None:
    config, folder = configure(base), tmp_path / "parts"
    run(names, config, tmp_path / "whole")
    for batches in (3, 5):
        with pytest.raises(InterruptedRunError):
            resume = (folder / STATE_FILE).exists()
            run(names, config, folder, Interrupt(after=batches), resume=resume)
    assert (folder / PREVIOUS_FILE).exists()
    (folder / STATE_FILE).write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="is damaged"):
        run(names, config, folder, resume=True)
    assert facts(folder) == facts(tmp_path / "whole")


def test_a_finished_run_a_changed_list_and_other_choices_are_refused(
    base: Path, names: Names, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run(names, configure(base), folder)
    with pytest.raises(RunError, match="add --resume"):
        run(names, configure(base), folder)
    with pytest.raises(RunError, match="finished after epoch 8"):
        run(names, configure(base), folder, resume=True)
    with pytest.raises(RunError, match="expected the data it began with"):
        run(check_names([*names.names, "Rex"]), configure(base), folder, resume=True)
    with pytest.raises(RunError, match="epochs"):
        run(names, configure(base, epochs=9), folder, resume=True)
    with pytest.raises(RunError, match="preset"):
        run(names, configure(base), folder, resume=True, preset="tutorial")


def test_a_loss_that_is_no_number_ends_it_and_saves_nothing(
    base: Path, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = itertools.chain([3.0, 2.0], itertools.repeat(float("nan")))

    def diverge(*given: Any) -> tuple[float, dict[str, np.ndarray]]:
        return next(losses), loss_and_gradients(*given)[1]

    monkeypatch.setattr("dino_names.tuning.session.loss_and_gradients", diverge)
    with pytest.raises(DivergedError, match="became nan in epoch 1, batch 3; expected finite"):
        run(names, configure(base), tmp_path / "run")
    assert not (tmp_path / "run" / "model.safetensors").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": SIZES.changed(cell="rnn")},
        {"architecture": SIZES.changed(num_layers=2)},
        {"architecture": SIZES.changed(networks=2)},
        {"start_boundary": False},
        {"kind": "text", "longest_name": 0},
    ],
)
def test_what_numpy_does_not_tune_is_refused(
    changes: dict[str, Any], names: Names, tmp_path: Path
) -> None:
    if "architecture" in changes:
        changes = {**changes, "tensors": weights(changes["architecture"]), "directions": None}
    tiny_base(**changes).write(tmp_path / "base.safetensors")
    with pytest.raises(InputError, match="--tuner keras"):
        run(names, configure(tmp_path / "base.safetensors", tuner="numpy"), tmp_path / "run")


def test_a_hostile_base_is_refused(names: Names, tmp_path: Path) -> None:
    whole = tiny_base().to_bytes()
    for content in (
        b"",
        whole[:-1],
        whole + b"\0",
        b"\x80\x04" + whole,
        whole.replace(b"I", b"J", 1),
    ):
        (tmp_path / "base.safetensors").write_bytes(content)
        with pytest.raises(ModelFileError):
            run(names, configure(tmp_path / "base.safetensors"), tmp_path / f"run{len(content)}")


def test_tuning_imports_no_tensorflow(base: Path, names: Names, tmp_path: Path) -> None:
    script = """
import json, sys
import dino_names
names, options, folder = json.load(sys.stdin)
dino_names.train(names, out=folder, **options).model().generate()
print(sorted({"tensorflow", "keras", "matplotlib", "rich"} & set(sys.modules)))
"""
    given = [names.names, configure(base), str(tmp_path / "run")]
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_letters_that_the_base_lacks_are_learned(base: Path, tmp_path: Path) -> None:
    names = check_names(["Ж" + name for name in ("ab", "ba", "aab", "bba", "abab", "baba")] * 3)
    made = run(names, configure(base, epochs=200, learning_rate=0.02), tmp_path / "run")
    model = made.model()
    drawn = model.generate_many(n=50, unique=False, allow_training_names=True, seed=1)
    assert sum(name.startswith("Ж") for name in drawn) > 40 and "Ж" not in LETTERS


def test_the_model_of_the_base_is_not_written_over(
    base: Path, names: Names, tmp_path: Path
) -> None:
    before = base.read_bytes()
    run(names, configure(base), tmp_path / "run")
    assert base.read_bytes() == before and Bundle.read(base).digest == tiny_base().digest


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_shortest_lists_are_tuned_on_too(
    count: int, base: Path, twenty: list[str], tmp_path: Path
) -> None:
    made = run(check_names(twenty[:count]), configure(base), tmp_path / "run")
    assert len(made.history) == EPOCHS * (1 if count == 1 else count + 1)
    assert ("val_nats_per_char" in made.history[-1]) == (count > 1)
    assert made.model().generate(seed=1)


def test_what_is_held_out_is_not_learned(base: Path, tmp_path: Path) -> None:
    names = check_names("".join(letters) for letters in itertools.product("abc", repeat=3))
    share, seed = 0.25, 3
    learned, held_out = split_names(names.names, fraction=share, seed=seed)
    made = run(names, configure(base, valid_fraction=share, seed=seed), tmp_path / "run")
    alone = run(check_names(learned), configure(base, seed=seed), tmp_path / "alone")
    assert len(held_out) == 7 and made.vocabulary == alone.vocabulary
    ours, theirs = (each.model().bundle.tensors for each in (made, alone))
    assert all(np.array_equal(ours[n], theirs[n]) for n in ours if n.startswith("network"))
