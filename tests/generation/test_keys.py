from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

import dino_names
from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation import keys
from tests.helpers.fake_predictor import trie_model
from tests.helpers.mixed_model import mixed_model

NAMES = ["abc", "acb", "bca", "cab", "cb", "bac", "aab"]
KEYS = [f"user-{number}" for number in range(150)]
ASKED = {"ends": "c", "min_length": 5, "max_length": 9}


def test_a_key_gives_its_name_again_and_others_give_others() -> None:
    model = dino_names.load()
    names = [model.generate(key=key) for key in KEYS[:30]]
    assert names == [model.generate(key=key) for key in KEYS[:30]]
    assert len(set(names)) >= 29
    assert model.generate("Ram", key="x").startswith("Ram")
    assert model.generate(key="x", ends="odon").endswith("odon")
    several = model.generate_many(n=5, key="x")
    assert several[0] == model.generate(key="x")
    assert len(set(several)) == 5


@pytest.mark.parametrize("asked", [{}, ASKED, {"temperature": 0.7, "top_k": 2}])
def test_many_keys_have_the_names_of_each_alone_and_share_none(asked: dict[str, Any]) -> None:
    model = mixed_model([*NAMES, "abcabcabcabc"])
    count = 70 if "top_k" not in asked else 12
    found = model.generate_for_keys(KEYS[:count], **asked)
    assert list(found) == KEYS[:count]
    assert len(set(found.values())) == count
    taken: set[str] = set()
    for key, name in found.items():
        alone = model.generate(key=key, **asked)
        assert name == alone or alone in taken
        taken.add(name)
    # A key behind others changes none of them.
    fewer = model.generate_for_keys(KEYS[: count - 9], **asked)
    assert fewer == {key: found[key] for key in fewer}


def test_how_many_keys_are_drawn_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mixed_model(NAMES)
    found = model.generate_for_keys(KEYS[:40])
    monkeypatch.setattr(keys, "KEYS_AT_ONCE", 7)
    assert model.generate_for_keys(KEYS[:40]) == found


def test_what_cannot_be_is_one_line() -> None:
    model = mixed_model(NAMES)
    with pytest.raises(OptionError, match="key and seed: expected one of them, received 'a' and 1"):
        model.generate(key="a", seed=1)
    for wrong in ("", 3):
        with pytest.raises(OptionError, match="key: expected a text that is not empty"):
            model.generate(key=wrong)
    with pytest.raises(OptionError, match="keys: expected each once, received 'a' again"):
        model.generate_for_keys(["a", "b", "a"])
    with pytest.raises(OptionError, match="seed: expected none beside keys"):
        model.generate_for_keys(["a"], seed=1)
    with pytest.raises(NotEnoughNamesError, match="found 3 that are not alike"):
        model.generate_for_keys(KEYS[:20], pattern="?", allow_training_names=True)


def test_a_small_gpt_has_no_names_for_keys() -> None:
    model = trie_model({"a": 1.0})
    architecture = model.bundle.architecture.changed(
        cell="gpt", context=4, rnn_units=64, encoder="embedding", embedding_dim=64
    )
    from dino_names.engine.exact import build_exact

    with pytest.raises(OptionError, match="key: expected a model of gru, lstm or rnn"):
        build_exact(architecture, {}, None)


CODE = """
import json, sys
import dino_names
model = dino_names.load()
names = model.generate_for_keys([f"user-{number}" for number in range(100)])
odd = [model.generate(key=f"k{number}", ends="odon", temperature=0.9) for number in range(5)]
print(json.dumps([*names.values(), *odd]))
"""
PROCESSORS: tuple[dict[str, str], ...] = (
    {"OPENBLAS_CORETYPE": "Prescott"},
    {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "2"},
    {"OPENBLAS_CORETYPE": "SkylakeX"},
    {
        "OPENBLAS_CORETYPE": "Sandybridge",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512_SKX AVX2 FMA3 AVX512_ICL AVX512_SPR",
    },
)


def test_names_for_keys_are_the_same_whatever_multiplies() -> None:
    """With OpenBLAS's kernels of several processors, and NumPy's own for old ones."""
    here = os.environ.copy()
    said = []
    for processor in PROCESSORS:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CODE],
            env={**here, **processor},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and "NPY_DISABLE_CPU_FEATURES" in processor:
            kept = {"OPENBLAS_CORETYPE": processor["OPENBLAS_CORETYPE"]}
            done = subprocess.run(
                [sys.executable, "-c", CODE],
                env={**here, **kept},
                capture_output=True,
                text=True,
                check=True,
            )
        assert not done.returncode, done.stderr
        said.append(json.loads(done.stdout))
    assert all(names == said[0] for names in said)
