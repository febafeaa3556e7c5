"""Several lists tuned together: what each adds to the biases of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.config import preset
from dino_names.corpus import Names, Reading, read_data
from dino_names.errors import InterruptedRunError, RunError
from dino_names.generation import CategoryModel
from dino_names.progress import Silent
from dino_names.runs import Run
from dino_names.teaching import Interrupt
from dino_names.tuning import tune
from dino_names.tuning.adamw import AdamW, Directions
from dino_names.tuning.network import (
    INPUT_SHIFT,
    OUTPUT_SHIFT,
    Batch,
    Dropout,
    logits_of,
    loss_and_gradients,
)
from tests.helpers.tiny_base import tiny_base
from tests.tuning.test_network import DROPOUTS, NONE, batch, check_gradients, weights

LISTS = {
    "fours": ["Abab", "Baba", "Caba", "Bacb", "Abba", "Cabb", "Acca"],
    "longs": ["Xyzzyxyz", "Zyxyzzyx", "Yzyxyzyz", "Zzyxxyzy", "Xyxyxyxz"],
}


def told() -> tuple[dict[str, np.ndarray], Batch]:
    """Weights of two lists over four characters, and names with a tag in front."""
    rng = np.random.default_rng(4)
    now = {
        **weights(),
        INPUT_SHIFT: rng.normal(0, 0.5, (2, 15)),
        OUTPUT_SHIFT: rng.normal(0, 0.5, (2, 6)),
    }
    plain = batch()
    inputs = np.minimum(plain.inputs, 3)
    inputs[0] = [4, 5, 4]
    return now, Batch(inputs, np.minimum(plain.targets, 3), plain.counts)


@pytest.mark.parametrize("dropout", DROPOUTS)
def test_gradients_are_the_slopes_of_the_loss(dropout: Dropout) -> None:
    now, names = told()
    assert INPUT_SHIFT in now and OUTPUT_SHIFT in now
    check_gradients(now, names, dropout)


def test_what_a_list_adds_is_added_to_its_names_alone() -> None:
    now, names = told()
    before = logits_of(now, names)
    now[OUTPUT_SHIFT][0] += 1.0
    after = logits_of(now, names)
    np.testing.assert_allclose(after - before, np.broadcast_to([[1.0], [0.0], [1.0]], before.shape))
    now[INPUT_SHIFT][1] += 0.5
    moved = np.abs(logits_of(now, names) - after).max(axis=(0, 2))
    assert moved[1] > 0.01 and not moved[[0, 2]].any()


def test_each_list_has_numbers_of_its_own() -> None:
    now, names = told()
    rng = np.random.default_rng(1)
    ways = Directions(
        input_bias=rng.normal(size=(3, 15)), output_bias=rng.normal(size=(3, 6)), faster=1e6
    )
    optimizer = AdamW(now, directions=ways, average=0.0)
    assert optimizer.rows["first.numbers"].shape == (9,)
    gradients = loss_and_gradients(now, names, NONE, np.random.default_rng(0))[1]
    optimizer.step(gradients, 1e-6)
    for name, matrix in ((INPUT_SHIFT, ways.input_bias), (OUTPUT_SHIFT, ways.output_bias)):
        moved = optimizer.weights[name] - now[name]
        within, *_ = np.linalg.lstsq(matrix.T, moved.T, rcond=None)
        np.testing.assert_allclose(matrix.T @ within, moved.T, atol=1e-4)
        assert np.abs(within).min() > 0.5 and not np.allclose(within[:, 0], within[:, 1])


@pytest.fixture
def base(tmp_path: Path) -> str:
    path = tmp_path / "base.safetensors"
    tiny_base().write(path)
    return str(path)


def lists() -> Names:
    found = read_data(LISTS, "names")
    assert isinstance(found, Names)
    return found


def run(base: str, folder: Path, progress: Any = None, names: Any = None, **more: Any) -> Run:
    options = {
        "base": base,
        "epochs": 8,
        "batch_size": 4,
        "learning_rate": 5e-3,
        "embedding_dim": 3,
        "rnn_units": 8,
    }
    config = preset("default", **options)
    return tune(
        names or lists(), config, folder, progress=progress or Silent(), options=options, **more
    )


def test_each_list_is_learned_by_itself(base: str, tmp_path: Path) -> None:
    trained = run(base, tmp_path / "run")
    assert trained.categories == (("fours", 7), ("longs", 5))
    model = Run.read(tmp_path / "run").model()
    assert isinstance(model, CategoryModel) and model.bundle.directions is not None
    for name, label in (("Cacb", "fours"), ("Xyzyxzyz", "longs")):
        found = model.score(name).categories
        assert found is not None and found[label] > 0.75
    lengths = {
        label: np.mean([len(n) for n in model.generate_many(n=20, seed=0, category=label)])
        for label in LISTS
    }
    assert lengths["longs"] > lengths["fours"]


def test_it_goes_on_to_the_same_bits(base: str, tmp_path: Path) -> None:
    run(base, tmp_path / "whole")
    with pytest.raises(InterruptedRunError):
        run(base, tmp_path / "run", Interrupt(after=5))
    run(base, tmp_path / "run", resume=True)
    whole, parts = (tmp_path / name / "model.safetensors" for name in ("whole", "run"))
    assert whole.read_bytes() == parts.read_bytes()


def test_other_categories_are_other_data(base: str, tmp_path: Path) -> None:
    with pytest.raises(InterruptedRunError):
        run(base, tmp_path / "run", Interrupt(after=5))
    others = read_data({"fours": LISTS["fours"][:-1], "longs": LISTS["longs"]}, "names")
    with pytest.raises(RunError, match="expected the data it began with"):
        run(base, tmp_path / "run", names=others, resume=True)


def test_what_weighs_more_is_learned_better(base: str, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    rows = [f"{name},{50 if name == 'Acca' else 1}" for name in LISTS["fours"]]
    path.write_text("\n".join(["name,n", *rows]), encoding="utf-8")
    nats = []
    for column in (None, "n"):
        found = read_data(path, "names", Reading(weight_column=column))
        model = run(base, tmp_path / f"run{column}", names=found).model()
        nats.append(model.score("Acca").nats)  # type: ignore[union-attr]
    assert nats[1] < nats[0] - 1
