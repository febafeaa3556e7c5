"""A run's network for other runtimes, run there by their own interpreters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names import Run, train
from dino_names.errors import MissingExtraError, OptionError
from dino_names.modelfile import to_onnx
from dino_names.training import to_tflite
from dino_names.tuning import first_network
from tests.helpers.command_line import call, refused
from tests.training.test_stock_model import IDS, NAMES, SIZES, expected

pytestmark = pytest.mark.tensorflow
KINDS: dict[str, dict[str, Any]] = {
    "gru": {"cell": "gru", "embedding_dim": 3},
    "two grus": {"cell": "gru", "encoder": "tanh", "embedding_dim": 4, "num_layers": 2},
    "lstm": {"cell": "lstm", "embedding_dim": 3, "num_layers": 2},
    "rnn": {"cell": "rnn", "encoder": "onehot"},
}


@pytest.fixture(scope="module", params=KINDS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("networks") / "run"
    return train(NAMES, out=folder, **{**SIZES, "epochs": 1, **KINDS[request.param]})


# Both interpreters in a process that has neither TensorFlow nor this package.
ONNX = """
import sys, json
import numpy as np
import onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
ids = np.array(json.loads(sys.argv[2]), "int32")
print(json.dumps(session.run(["logits"], {"ids": ids})[0].tolist()))
"""
LITERT = """
import sys, json
import numpy as np
from ai_edge_litert.interpreter import Interpreter
model = Interpreter(sys.argv[1])
model.allocate_tensors()
step = model.get_signature_runner()
sizes = {n: d["shape"] for n, d in step.get_input_details().items() if n != "ids"}
rows = []
for row in json.loads(sys.argv[2]):
    states, steps = {n: np.zeros(size, "float32") for n, size in sizes.items()}, []
    for char in row:
        found = step(ids=np.array([char], "int32"), **states)
        states = {name: found[name] for name in states}
        steps.append(found["logits"][0].tolist())
    rows.append(steps)
print(json.dumps(rows))
"""
ALONE = """
assert not any(name.partition(".")[0] in ("dino_names", "tensorflow") for name in sys.modules)
"""


@pytest.mark.parametrize(("ending", "code"), [(".onnx", ONNX), (".tflite", LITERT)])
def test_it_says_what_the_engine_says(
    run: Run, ending: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"network{ending}"
    status, out, err = call(capsys, "export", run.folder, "-o", path)
    assert (status, out) == (0, f"{path}\n"), err
    characters = json.loads((tmp_path / "vocabulary.json").read_text(encoding="utf-8"))
    assert "".join(characters) == run.vocabulary.characters
    command = [sys.executable, "-c", code + ALONE, str(path), json.dumps(IDS.tolist())]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(json.loads(done.stdout), expected(run), atol=1e-4)


def test_what_is_said_and_what_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ".onnx, received 'x.pb'" in refused(capsys, "export", run.folder, "-o", "x.pb")
    asked = ("export", run.folder, "-o", "x.onnx", "--epoch", "1")
    assert "leave it out for the best" in refused(capsys, *asked)
    _, _, err = call(capsys, "export", run.folder, "-o", tmp_path / "x.onnx")
    if run.model().bundle.partner is not None:
        assert "nats per character held out, and" in err


def test_onnx_takes_no_tensorflow(run: Run, tmp_path: Path) -> None:
    code = (
        "import sys; from dino_names.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "assert 'tensorflow' not in sys.modules"
    )
    command = [sys.executable, "-c", code, "export", str(run.folder), "-o", "x.onnx"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_small_gpt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"kind": "text", "cell": "gpt", "layout": "chunks", "seq_length": 8, "context": 8}
    small = {"rnn_units": 16, "epochs": 1, "batch_size": 2, "precision": "float32"}
    run = train(None, out=tmp_path / "run", **options, **small)
    bundle = run.model().bundle
    for convert in (to_onnx, to_tflite):
        with pytest.raises(OptionError, match="received a gpt"):
            convert(bundle.architecture, first_network(bundle))


def test_without_onnx_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.helpers.mixed_model import mixed_model

    bundle = mixed_model(NAMES).bundle
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r"dino-names\[onnx\]"):
        to_onnx(bundle.architecture, first_network(bundle))
