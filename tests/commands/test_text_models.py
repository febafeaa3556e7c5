"""The command line on running text."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.corpus.builtin_text import SNIPPET
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.generation.text_model import TextModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.tensors import join_networks
from tests.helpers.command_line import call, refused


@pytest.fixture
def model(tmp_path: Path) -> Path:
    vocabulary = Vocabulary.of([SNIPPET])
    architecture = Architecture(vocab_size=len(vocabulary), embedding_dim=2, rnn_units=4)
    rng = np.random.default_rng(0)
    weights = {
        name: rng.normal(size=shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    path = tmp_path / "text.safetensors"
    Bundle(
        architecture=architecture,
        vocabulary=vocabulary,
        tensors=join_networks([weights]),
        longest_name=0,
        kind="text",
        options={"valid_fraction": 0.25},
    ).write(path)
    return path


def test_generate_writes_the_prompt_and_what_follows(
    capsys: pytest.CaptureFixture[str], model: Path
) -> None:
    options = ["--model", model, "--length", "60", "--seed", "1", "--top-k", "9", "--top-p", ".9"]
    status, out, err = call(capsys, "generate", "The gate", *options)
    assert (status, err) == (0, "")
    expected = TextModel.read(model).generate_text(
        "The gate", length=60, seed=1, top_k=9, top_p=0.9
    )
    assert out == expected + "\n"
    _, out, _ = call(capsys, "generate", "The gate", *options, "--json")
    assert json.loads(out) == {"text": expected}


def test_several_beginnings(capsys: pytest.CaptureFixture[str], model: Path) -> None:
    options = ["--model", model, "--length", "20", "--seed", "1", "--window", "4"]
    _, out, _ = call(capsys, "generate", "The", "And", *options)
    texts = TextModel.read(model).generate_texts(["The", "And"], length=20, seed=1, window=4)
    assert out == "\n\n".join(texts) + "\n"
    _, out, _ = call(capsys, "generate", "The", "And", *options, "--json")
    assert json.loads(out) == {"texts": texts}
    assert "expected one with a model of names" in refused(capsys, "generate", "Ram", "rex")


def test_interactive_completes_beginnings_until_an_empty_line(
    capsys: pytest.CaptureFixture[str], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("The\n@\nAnd \n\nnever read\n"))
    options = ["--model", model, "--length", "9", "--seed", "0"]
    status, out, err = call(capsys, "generate", "--interactive", *options)
    text = TextModel.read(model)
    assert status == 0
    assert out == "".join(
        text.generate_text(start, length=9, seed=0) + "\n" for start in ("The", "And ")
    )
    assert err.count("an empty line ends") == 4 and "received '@'" in err


def test_evaluate_measures_a_text_or_the_part_held_out(
    capsys: pytest.CaptureFixture[str], model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "snippet.txt"
    path.write_text(SNIPPET)
    figures = json.loads(call(capsys, "evaluate", model, "--text", path, "--json")[1])
    nats, characters = TextModel.read(model).nats(SNIPPET)
    assert figures == {
        "nats_per_char": pytest.approx(nats / characters),
        "bits_per_char": pytest.approx(nats / characters / math.log(2)),
        "perplexity": pytest.approx(math.exp(nats / characters)),
        "characters": len(SNIPPET) - 1,
    }
    held_out = json.loads(call(capsys, "evaluate", model, "--train", path, "--json")[1])
    assert held_out["characters"] == len(SNIPPET) - int(len(SNIPPET) * 0.75) - 1
    assert f"{nats / characters:.4f}" in call(capsys, "evaluate", model, "--text", path)[1]


def test_what_does_not_belong_together_is_one_line(
    capsys: pytest.CaptureFixture[str], model: Path, tmp_path: Path
) -> None:
    text = ["--model", model]
    for option in (["-n", "2"], ["--min-length", "2"], ["--allow-training-names"]):
        assert "use --length" in refused(capsys, "generate", *text, *option)
    for option in (["--length", "9"], ["--interactive"]):
        assert "use -n" in refused(capsys, "generate", *option)
    assert "received '@'" in refused(capsys, "generate", "@", *text)
    assert "length" in refused(capsys, "generate", *text, "--length", "0")
    assert "--kind names" in refused(capsys, "score", "Rex", *text)
    assert "name one file" in refused(capsys, "evaluate", model)
    assert "leave them out" in refused(capsys, "evaluate", model, "--names", "x")
    assert "--kind text" in refused(capsys, "train")
    assert "choose a preset" in refused(capsys, "train", "--preset", "tutorial", "--kind", "text")
    assert "nowhere" in refused(capsys, "train", "nowhere", "--kind", "text")
