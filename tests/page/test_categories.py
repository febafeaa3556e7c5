"""The page's models of several lists and of running text give what Python's give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.generation.category_model import CategoryModel
from dino_names.generation.name_model import NameModel
from dino_names.generation.text_model import TextModel
from dino_names.modelfile import Bundle
from tests.helpers.browser import needs_browser
from tests.helpers.category_bundle import category_bundle
from tests.page.test_engine import ask, make, names_of, page

pytestmark = [needs_browser, pytest.mark.timeout(300)]
__all__ = ["page"]  # a fixture


def weighed(bundle: Bundle) -> Bundle:
    """With weights of network and n-gram for each list."""
    assert bundle.partner is not None
    mixing = {"categories": [[0.2, 0.9], [0.6, 0.4], [0.5, 0.5]], "network": 0.5, "ngram": 0.5}
    return bundle.changed(partner={**bundle.partner, "mixing": mixing})


BUNDLES = {
    "tags": category_bundle(shifts=False),
    "shifts": category_bundle(),
    "tanh": category_bundle(encoder="tanh", shifts=False),
    "onehot": category_bundle(encoder="onehot"),
    "network alone": category_bundle(ngram=False),
    "weights": weighed(category_bundle()),
    "int8": category_bundle().changed(precision="int8"),
}


def told(bundle: Bundle, tmp_path: Path) -> CategoryModel:
    bundle.write(tmp_path / "model.safetensors")
    model = dino_names.load(tmp_path / "model.safetensors")
    assert isinstance(model, CategoryModel)
    return model


@pytest.mark.parametrize("name", BUNDLES)
def test_one_list_a_blend_and_all_give_the_same_names(page: Any, name: str, tmp_path: Path) -> None:
    bundle = BUNDLES[name]
    model = told(bundle, tmp_path)
    asked: dict[str | None, list[Any]] = {
        None: [],
        "orcs": [["orcs", 1]],
        "elves=0.3,dwarves=0.7": [["elves", 0.3], ["dwarves", 0.7]],
    }
    for category, pairs in asked.items():
        expected = model.generate_many(n=40, seed=3, novel="list", category=category)
        assert names_of(page, bundle, n=40, seed=3, category=pairs) == expected, category


@pytest.mark.parametrize(
    "wish", [{"begins": "El"}, {"ends": "or"}, {"without": "o", "shortest": 4}]
)
def test_wishes_are_followed_whatever_the_list(
    page: Any, wish: dict[str, Any], tmp_path: Path
) -> None:
    model = told(category_bundle(), tmp_path)
    named = {"begins": "prompt", "shortest": "min_length"}
    options = {named.get(key, key): value for key, value in wish.items()}
    expected = model.generate_many(n=12, seed=4, novel="list", **options)
    assert names_of(page, model.bundle, n=12, seed=4, **wish) == expected


def test_a_list_that_is_not_there_is_said(page: Any) -> None:
    bundle = category_bundle()
    heard = ask(page, bundle.to_bytes(), {"kind": "explain", "name": "Ela", "category": [["x", 1]]})
    assert heard[-1]["text"] == 'There is no list "x" in this model.'


def test_letters_have_the_probabilities_of_all_lists_together(page: Any, tmp_path: Path) -> None:
    model = told(category_bundle(), tmp_path)
    for pairs, category in ([], None), ([["elves", 1]], "elves"):
        question = {"kind": "explain", "name": "Elor", "category": pairs}
        letters = ask(page, model.bundle.to_bytes(), question)[-1]["letters"]
        nats = -sum(np.log(part["probability"]) for part in letters)
        scorer: NameModel = model.category(category) if category else model
        assert nats == pytest.approx(scorer.score("Elor").nats, rel=1e-5)


def text_bundle(**changes: Any) -> Bundle:
    return make(ngram=False).changed(
        kind="text", longest_name=0, training_names=None, start_boundary=True, **changes
    )


@pytest.mark.parametrize("options", [{}, {"layout": "windows", "seq_length": 3}])
def test_text_goes_on_as_in_python(page: Any, options: dict[str, Any]) -> None:
    bundle = text_bundle(options=options, temperature=0.7, top_k=6)
    for begins in "", "Rex\nA":
        wishes = {"begins": begins, "length": 200, "seed": 9, "daring": 1}
        heard = ask(page, bundle.to_bytes(), {"kind": "write", "call": 1, "wishes": wishes})
        assert heard[0] == {"kind": "ready", "makes": "text", "lists": [], "firsts": []}
        written = "".join(part["text"] for part in heard if part["kind"] == "written")
        assert written == "".join(TextModel(bundle).stream_text(begins, length=200, seed=9))


def test_a_character_that_the_text_never_had_is_said(page: Any) -> None:
    wishes = {"begins": "7", "length": 20, "seed": 9, "daring": 1}
    heard = ask(page, text_bundle().to_bytes(), {"kind": "write", "call": 1, "wishes": wishes})
    assert heard[-1] == {"kind": "error", "text": 'The model has never seen "7".'}
