"""What the page learns with, against Python: gradients, counts, mixing, digests; in a browser."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names import lists
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.mixing import fit_weights
from dino_names.modelfile.name_hashes import hash_names
from dino_names.ngram import Ngram
from dino_names.tuning.batches import ListBatches
from dino_names.tuning.mixing import PRIOR
from dino_names.tuning.network import NAMES, Dropout, loss_and_gradients
from tests.helpers.browser import needs_browser, open_browser
from tests.helpers.paths import ROOT
from tests.page.test_page import User, wait_for

pytestmark = pytest.mark.timeout(600)
SOME = "Abba Abel Ramo Rex Saura Tara Umbra Vela Xeno Yara Zora Éos".split()
THEIRS = ("embedding", "kernel", "recurrent", "bias", "output", "outputBias")


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page's parts make of some weights and names, and those themselves."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("page") / "page"
    shutil.copytree(ROOT / "page", folder, ignore=shutil.ignore_patterns("node_modules"))
    npm = ["npm", "install", "--no-audit", "--no-fund"]
    installed = subprocess.run(npm, cwd=folder, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"npm could not install the bundler: {installed.stderr.strip()[-200:]}")
    build = "npx esbuild test/gradients.ts --bundle --format=esm --outfile=test.mjs"
    subprocess.run(build.split(), cwd=folder, check=True, capture_output=True)
    vocabulary, rng = Vocabulary.of(SOME), np.random.default_rng(0)
    sizes = {"vocab": len(vocabulary), "width": 5, "units": 7}
    shapes = {
        "encoder.embedding": (sizes["vocab"], 5),
        "layer0.kernel": (5, 21),
        "layer0.recurrent_kernel": (7, 21),
        "layer0.bias": (2, 21),
        "output.kernel": (7, sizes["vocab"]),
        "output.bias": (sizes["vocab"],),
    }
    weights = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    seen = rng.normal(size=(40, 2, 6)), rng.integers(0, 6, 40)
    given = {
        "sizes": sizes,
        "order": 5,
        "names": [vocabulary.encode(name).tolist() for name in SOME],
        "weights": {
            t: weights[name].ravel().tolist() for t, name in zip(THEIRS, NAMES, strict=True)
        },
        "seen": [
            {"network": n.tolist(), "ngram": g.tolist(), "target": int(t)}
            for (n, g), t in zip(*seen, strict=True)
        ],
        "texts": ["", "Rex", "Éos", "x" * 55, "y" * 56, "z" * 200],
    }
    run = subprocess.run(
        ["node", "test.mjs"], cwd=folder, input=json.dumps(given), capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return {**json.loads(run.stdout), "given": given, "given_weights": weights, "given_seen": seen}


def test_the_loss_and_every_gradient_are_pythons(computed: dict[str, Any]) -> None:
    vocabulary = Vocabulary.of(SOME)
    names = ListBatches(SOME, vocabulary, batch_size=64, seed=0, kind=np.float64)
    batch = names.batch(np.arange(len(SOME)))
    weights = computed["given_weights"]
    none = Dropout(embedding=0.0, recurrent=0.0, output=0.0)
    loss, gradients = loss_and_gradients(weights, batch, none, np.random.default_rng(0))
    assert computed["loss"] == pytest.approx(loss, rel=1e-10)
    for theirs, name in zip(THEIRS, NAMES, strict=True):
        found = np.reshape(computed["gradients"][theirs], gradients[name].shape)
        np.testing.assert_allclose(found, gradients[name], atol=1e-10, err_msg=name)
        assert np.abs(gradients[name]).max() > 1e-3


def test_counts_mixing_and_digests_are_pythons(computed: dict[str, Any]) -> None:
    ngram = Ngram.fit(SOME, Vocabulary.of(SOME), order=5)
    assert computed["section"] == ngram.section
    for name, tensor in ngram.to_tensors().items():
        np.testing.assert_allclose(computed["tensors"][name], tensor.ravel(), rtol=1e-12)
    (features, targets) = computed["given_seen"]
    weights, nats = fit_weights(features[:, 0], features[:, 1], targets, prior=PRIOR)
    found = computed["mixing"]
    assert found["network"] == pytest.approx(weights.network, abs=1e-5)
    assert found["ngram"] == pytest.approx(weights.ngram, abs=1e-5)
    assert found["nats"] == pytest.approx(nats, abs=1e-8)
    for text, digest, short in zip(
        computed["given"]["texts"], computed["sha256"], computed["hash8"], strict=True
    ):
        assert digest == hashlib.sha256(text.encode()).hexdigest()
        assert int(short) == int(hash_names([text])[0])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "names.html"
    assert dino_names.load().to_page(path, learn=True) < 3_500_000
    return path.as_uri()


@pytest.fixture
def user(address: str, tmp_path: Path) -> Iterator[User]:
    browser = open_browser(**{"download.default_directory": str(tmp_path)})
    yield User(browser, address)
    browser.quit()


def paste(user: User, text: str) -> None:
    user.browser.execute_script("document.getElementById('own').value = arguments[0]", text)
    user.press("#learn")


def said(user: User) -> str:
    return str(user.find("#own-status")[0].text)


@needs_browser
def test_a_list_is_learned_there_and_taken_home(user: User, tmp_path: Path) -> None:
    names = lists.dwarves()[:12]
    began = user.names()
    paste(user, "\ufeffname;kind\n" + "\n".join(f'"{name}";dwarf' for name in [*names, names[0]]))
    wait_for(lambda: "stage 1 of 5" in said(user), "the first stage")
    assert "13 names" in said(user) and "its first column" in said(user)  # the heading too
    wait_for(lambda: user.names() and user.names() != began, "names of the list")
    wait_for(lambda: said(user).startswith("13 names, learned"), "the last stage")
    user.done()
    assert not set(user.names()) & set(names)

    user.press("#own-model")
    wait_for((tmp_path / "names.safetensors").exists, "the model file")
    model = dino_names.load(tmp_path / "names.safetensors")
    assert isinstance(model, dino_names.NameModel)
    assert all(score.in_training_list for score in model.score_many(names))
    mean = sum(score.nats_per_char for score in model.score_many(names)) / len(names)
    assert mean < sum(s.nats_per_char for s in model.score_many(["Dbdbdb", "Bgkdgb"])) / 2

    user.press("#own-page")
    page = tmp_path / "names.html"
    wait_for(page.exists, "the page")
    user.browser.get(page.as_uri() + "#seed=4&number=6")
    user.done()
    assert user.names() == model.generate_many(n=6, seed=4, novel="list")
    assert not user.find("#own")  # it holds no base
    assert user.browser.get_log("browser") == []


@needs_browser
def test_learning_can_be_stopped_and_names_come_meanwhile(user: User) -> None:
    paste(user, "\n".join(lists.cheeses()))
    wait_for(lambda: "stage 1" in said(user), "the first stage")
    first = wait_for(user.names, "names")
    user.press("#more")
    wait_for(lambda: user.names() and user.names() != first, "other names")
    user.press("#learn")
    wait_for(lambda: said(user).startswith("Stopped"), "an end")
    assert user.find("#learn")[0].text == "Learn these names"
    user.press("#more")
    wait_for(lambda: "name" in user.status(), "names of what was learned so far")


@needs_browser
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "needs 10 names at least, and this has 0"),
        ("Ada\nBea\n" * 30, "needs 10 names at least, and this has 2"),
        ("\n".join(f"Name{number}" for number in range(80_000)), "may have 5000 names"),
        ("x" * 1_100_000, "too long for a list"),
        ("a\0b\n" * 20, "no text in UTF-8"),
        ("\n".join(chr(0x4E00 + number) * 2 for number in range(700)), "too many different"),
    ],
    ids="empty few many long binary characters".split(),
)
def test_what_is_no_list_is_said(user: User, text: str, sentence: str) -> None:
    paste(user, text)
    wait_for(lambda: sentence in said(user), sentence)
    assert user.find("#learn")[0].text == "Learn these names"
    user.press("#more")  # the page lives
    user.done()


@needs_browser
def test_markup_in_a_list_is_text_and_large_files_are_not_read(user: User, tmp_path: Path) -> None:
    paste(user, "\n".join(f"<img src=x onerror=alert({number})>" for number in range(12)))
    wait_for(lambda: "stage 1" in said(user), "the first stage")
    wait_for(user.names, "names")
    assert not user.find("img")
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 10_000_000)
    began = time.monotonic()
    user.find("#own-file")[0].send_keys(str(large))
    wait_for(lambda: "too large" in said(user), "a refusal")
    assert time.monotonic() - began < 30
