"""A run's network for those who have Keras and not this package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from dino_names import Run, train
from dino_names.engine.network import Network
from dino_names.errors import OptionError, RunError
from dino_names.training.network.layer_states import reset_state
from tests.helpers.command_line import call, refused

NAMES = "Abba Abel Ramo Rex Saura Tara Umbra Vela Xeno Yara Zora Ajax".split()
SIZES = {"rnn_units": 5, "epochs": 2, "precision": "float32", "base": "none"}
IDS = np.array([[0, 1, 4, 2, 3], [0, 3, 3, 1, 2]], np.int32)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(NAMES, out=tmp_path_factory.mktemp("stock") / "run", embedding_dim=3, **SIZES)


def expected(run: Run) -> np.ndarray:
    bundle = run.model().bundle
    own = {n.removeprefix("network0."): t for n, t in bundle.tensors.items() if n.startswith("n")}
    own = {name: tensor for name, tensor in own.items() if not name.startswith("ngram.")}
    network = Network(bundle.architecture, own)
    state = network.initial_state(len(IDS))
    return np.stack([network.step(column, state).copy() for column in IDS.T], axis=1)


@pytest.mark.parametrize("stock", [True, False])
def test_it_says_what_the_engine_says(run: Run, stock: bool) -> None:
    model = run.keras_model(stock=stock)
    np.testing.assert_allclose(model(IDS).numpy(), expected(run), atol=1e-5)
    if stock:
        assert {type(layer).__module__.partition(".")[0] for layer in model.layers} == {"keras"}


@pytest.mark.parametrize(
    "options",
    [
        {"cell": "lstm", "embedding_dim": 3},
        {"cell": "rnn", "encoder": "onehot"},
        {"cell": "gru", "encoder": "tanh", "embedding_dim": 4, "num_layers": 2},
    ],
)
def test_every_cell_and_encoder_too(options: dict[str, object], tmp_path: Path) -> None:
    run = train(NAMES, out=tmp_path / "run", **{**SIZES, "epochs": 1, **options})
    np.testing.assert_allclose(run.keras_model()(IDS).numpy(), expected(run), atol=1e-5)


def test_its_state_is_kept_where_that_is_asked(run: Run) -> None:
    model = run.keras_model(batch_size=2, stateful=True)
    reset_state(model)
    steps = [model(IDS[:, [time]]).numpy()[:, 0] for time in range(IDS.shape[1])]
    np.testing.assert_allclose(np.stack(steps, axis=1), expected(run), atol=1e-5)
    with pytest.raises(OptionError, match="batch_size: expected a number with stateful"):
        run.keras_model(stateful=True)


def test_our_own_layers_say_why_they_are_not_exported(run: Run, tmp_path: Path) -> None:
    own = run.keras_model(stock=False)
    with pytest.raises(OptionError, match="export: expected a model of Keras's own layers"):
        own.export(tmp_path / "exported")
    own.save(tmp_path / "own.keras")
    again = keras.saving.load_model(tmp_path / "own.keras")
    np.testing.assert_array_equal(again(IDS), own(IDS))


def test_any_checkpoint_will_do(run: Run) -> None:
    first, latest = run.keras_model(epoch=1), run.keras_model(epoch="latest")
    same = [
        np.array_equal(*pair)
        for pair in zip(first.get_weights(), latest.get_weights(), strict=True)
    ]
    assert not all(same)
    again = run.keras_model(epoch=2).get_weights()
    for one, other in zip(again, latest.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(RunError, match="ckpt_9|epoch 9|9"):
        run.keras_model(epoch=9)
    with pytest.raises(OptionError, match="epoch: expected best, latest or a number"):
        run.keras_model(epoch="first")


CODE = """
import sys, json
import numpy as np
import keras
model = keras.saving.load_model(sys.argv[1])
print(json.dumps(np.asarray(model(np.array(json.loads(sys.argv[2]), "int32"))).tolist()))
assert not any(name.startswith("dino_names") for name in sys.modules)
"""


def test_a_keras_file_loads_without_this_package(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.keras"
    status, out, err = call(capsys, "export", run.folder, "-o", path)
    assert (status, out) == (0, f"{path}\n")
    assert "the network alone, without the n-gram" in err
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["model.keras", "vocabulary.json"]
    characters = json.loads((tmp_path / "vocabulary.json").read_text(encoding="utf-8"))
    assert "".join(characters) == run.vocabulary.characters
    command = [sys.executable, "-c", CODE, str(path), json.dumps(IDS.tolist())]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    np.testing.assert_allclose(json.loads(done.stdout), expected(run), atol=1e-5)
    assert ".safetensors, .keras" in refused(capsys, "export", run.folder, "-o", "x.pb")


def test_what_numpy_tuned_has_its_best_weights_alone(tmp_path: Path) -> None:
    tuned = train(NAMES, out=tmp_path / "tuned", epochs=1)
    np.testing.assert_allclose(tuned.keras_model()(IDS).numpy(), expected(tuned), atol=1e-4)
    with pytest.raises(RunError, match="take epoch='best'"):
        tuned.keras_model(epoch="latest")


def test_it_exports_as_a_saved_model(run: Run, tmp_path: Path) -> None:
    import tensorflow as tf

    run.keras_model().export(tmp_path / "saved", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_allclose(loaded.serve(IDS).numpy(), expected(run), atol=1e-5)
