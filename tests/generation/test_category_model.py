"""A model of several lists: one of them, blends, all of them as often as in the data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from dino_names.engine import build
from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation import CategoryModel, NameModel, open_model
from dino_names.generation.category_bundle import blended, parse
from dino_names.modelfile import Bundle
from tests.helpers.category_bundle import LISTS, VOCABULARY, category_bundle

ALL = {"unique": False, "allow_training_names": True, "exact_case": True, "max_length": 6}
LABELS = tuple(LISTS)


@pytest.fixture(scope="module")
def model() -> CategoryModel:
    found = open_model(category_bundle())
    assert isinstance(found, CategoryModel)
    return found


@pytest.mark.parametrize("encoder", ["embedding", "tanh", "onehot"])
def test_a_category_is_what_the_network_makes_of_its_tag(encoder: str) -> None:
    bundle = category_bundle(encoder=encoder, ngram=False, shifts=False)
    whole = build(bundle.architecture, bundle.tensors)
    characters = len(bundle.vocabulary)
    for tag in range(3):
        weights = [float(tag == other) for other in range(3)]
        derived = blended(bundle, weights, name="one")
        alone = build(derived.architecture, derived.tensors)
        states = whole.initial_state(1), alone.initial_state(1)
        for step, char in enumerate((0, 3, 5)):
            fed = characters + tag if step == 0 else char
            wanted = whole.step(np.array([fed], np.int32), states[0])[:, :characters]
            found = alone.step(np.array([char], np.int32), states[1])
            np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_what_a_list_adds_to_the_biases_is_in_the_biases() -> None:
    bundle = category_bundle(ngram=False)
    assert bundle.directions is not None
    mixed = blended(bundle, [0.25, 0.75, 0.0], name="mixed")
    wanted = 0.25 * bundle.directions[0][0] + 0.75 * bundle.directions[0][1]
    gained = mixed.tensors["network0.layer0.bias"] - bundle.tensors["network0.layer0.bias"]
    np.testing.assert_allclose(gained[0], wanted, atol=1e-6)
    assert not gained[1].any()
    rows = bundle.tensors["network0.encoder.embedding"]
    characters = len(bundle.vocabulary)
    start = mixed.tensors["network0.encoder.embedding"][0]
    np.testing.assert_allclose(start, [0.25, 0.75, 0] @ rows[characters:], rtol=1e-5)
    assert mixed.categories == () and mixed.directions is None
    assert mixed.options["category"] == "mixed"


def test_a_category_and_a_blend_are_models_like_any_other(model: CategoryModel) -> None:
    elves = model.category("elves")
    assert type(elves) is NameModel and elves is model.category("elves")
    assert elves.generate_many(n=5, seed=1, **ALL) == model.generate_many(
        n=5, seed=1, category="elves", **ALL
    )
    mixed = "elves=1,dwarves=3"
    assert model.generate(seed=3, category=mixed) == model.category(mixed).generate(seed=3)
    assert model.category("elves=0.25,dwarves=0.75").bundle.digest != elves.bundle.digest
    assert model.likeliest(n=2, category="orcs")[0].name
    assert model.generate_for_keys(["a"], category="elves") == elves.generate_for_keys(["a"])


def test_a_file_keeps_all_of_it(model: CategoryModel, tmp_path: Path) -> None:
    path = tmp_path / "lists.safetensors"
    model.write(path)
    read = NameModel.read(path)
    assert isinstance(read, CategoryModel) and read.labels == LABELS
    assert read.generate_many(n=4, seed=0) == model.generate_many(n=4, seed=0)
    model.category("elves").write(path)
    alone = NameModel.read(path)
    assert type(alone) is NameModel
    assert alone.generate(seed=4) == model.generate(seed=4, category="elves")


def probabilities(model: CategoryModel, names: list[str]) -> np.ndarray:
    return np.exp([-score.nats for score in model.score_many(names)])


def drawn(model: CategoryModel, count: int, prompt: str = "", **options: object) -> Counter[str]:
    return Counter(model.generate_many(prompt, n=count, seed=5, **{**ALL, **options}))


def compare(found: Counter[str], wanted: dict[str, float]) -> None:
    """That the likeliest names came as often as they should, within five deviations."""
    total = sum(found.values())
    for name, share in sorted(wanted.items(), key=lambda item: -item[1])[:12]:
        deviation = (total * share * (1 - share)) ** 0.5
        assert abs(found[name] - total * share) < 5 * deviation, (name, found[name], total * share)


def test_without_a_category_names_come_as_the_mixture_has_them(model: CategoryModel) -> None:
    found = drawn(model, 4_000)
    names = [name for name, _ in found.most_common(60)]
    # Names longer than six characters are drawn again, so all shares are of what is left.
    compare(found, conditional(model, names, found))


def conditional(model: CategoryModel, names: list[str], found: Counter[str]) -> dict[str, float]:
    """Shares among all that was asked for, estimated by what was drawn for the whole of it."""
    chances = probabilities(model, names)
    covered = sum(found[name] for name in names) / sum(found.values())
    return dict(zip(names, chances * covered / chances.sum(), strict=True))


@pytest.mark.parametrize(
    "options", [{"prompt": "E"}, {"ends": "or"}, {"contains": ("k",)}, {"prompt": "G", "ends": "k"}]
)
def test_given_what_is_asked_each_list_has_its_share(
    model: CategoryModel, options: dict[str, object]
) -> None:
    found = drawn(model, 1_500, **options)  # type: ignore[arg-type]
    names = [name for name, _ in found.most_common(40)]
    assert all(name.startswith(str(options.get("prompt", ""))) for name in names)
    compare(found, conditional(model, names, found))


def test_more_names_only_add_some_and_seeds_differ(model: CategoryModel) -> None:
    few, many = (model.generate_many(n=n, seed=2) for n in (5, 40))
    assert many[:5] == few and len(set(many)) == 40
    assert model.generate_many(n=5, seed=3) != few
    assert model.generate_many(n=5) != model.generate_many(n=5)
    cast = model.generate_many(n=6, seed=1, distinct=2)
    assert len(cast) == 6


@pytest.mark.parametrize("category", [None, "a"])
def test_numbered_draws_are_those_of_a_call(model: CategoryModel, category: str | None) -> None:
    options = {"seed": 4, **({} if category is None else {"category": model.labels[0]})}
    drawn = [*model.numbered(0, 40, **options), *model.numbered(40, 60, **options)]
    numbers = [number for number, _ in drawn]
    assert numbers == sorted({*numbers}) and numbers[-1] < 100
    names = list(dict.fromkeys(name for _, name in drawn))
    assert names == model.generate_many(n=len(names), **options)


def test_keys_give_the_same_names_whatever_stands_behind_them(model: CategoryModel) -> None:
    keys = [f"k{place}" for place in range(30)]
    found = model.generate_for_keys(keys)
    assert len(set(found.values())) == 30
    assert model.generate_for_keys(keys[:7]) == dict(list(found.items())[:7])
    assert model.generate(key="k0") == found["k0"]


def test_scores_are_of_the_mixture_and_name_the_list(model: CategoryModel) -> None:
    names = ["Ela", "Gor", "Grok", "Qqq"[:0] + "Elo"]
    each = {label: model.category(label).score_many(names) for label in LABELS}
    counts = np.array([len(LISTS[label]) for label in LABELS])
    for place, score in enumerate(model.score_many(names)):
        parts = np.exp([-each[label][place].nats for label in LABELS]) * counts / counts.sum()
        assert score.nats == pytest.approx(-np.log(parts.sum()))
        assert score.nats_per_char == pytest.approx(score.nats / (len(names[place]) + 1))
        assert score.categories == pytest.approx(
            dict(zip(LABELS, parts / parts.sum(), strict=True))
        )
    assert model.score("Ela").in_training_list
    sample = model.sample(n=2, seed=1, category="elves")
    assert sample[0].categories is None


def test_weights_are_in_any_proportion() -> None:
    assert parse("elves", LABELS).tolist() == [0, 1, 0]
    assert parse(" elves = 1, dwarves=3 ", LABELS).tolist() == [0.75, 0.25, 0]
    assert parse("elves,orcs", LABELS).tolist() == [0, 0.5, 0.5]
    assert parse("a=1,b", ["a=1,b", "c"]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("elfs", "expected one of dwarves, elves, orcs, received 'elfs'"),
        ("elves=x", "weight of 0 or above for 'elves', received 'x'"),
        ("elves=-1", "weight of 0 or above"),
        ("elves=nan", "weight of 0 or above"),
        ("elves=0", "a weight above 0"),
        ("elves=0.5,gnomes=0.5", "received 'gnomes'"),
    ],
)
def test_what_there_is_not_is_refused(model: CategoryModel, asked: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        model.generate(category=asked)


def test_many_categories_are_not_all_listed() -> None:
    with pytest.raises(OptionError, match=r"and 80 more, received 'x'"):
        parse("x", [f"c{place}" for place in range(100)])


def test_a_model_of_one_list_has_none(model: CategoryModel) -> None:
    elves = model.category("elves")
    for call in (elves.generate, elves.generate_many, elves.likeliest):
        with pytest.raises(OptionError, match="a model of several lists"):
            call(category="elves")  # type: ignore[operator]
    with pytest.raises(OptionError, match="a model of several lists"):
        elves.generate_for_keys(["a"], category="elves")
    with pytest.raises(OptionError, match="expected one for the likeliest"):
        model.likeliest()


def test_too_few_names_are_said_to_be_too_few(model: CategoryModel) -> None:
    with pytest.raises(NotEnoughNamesError):
        model.generate_many("E", n=500, max_length=2, seed=0)


def test_categories_need_the_boundary_that_they_take_the_place_of() -> None:
    with pytest.raises(OptionError, match="start_boundary: expected true with categories"):
        category_bundle(start_boundary=False, ngram=False)
    bundle: Bundle = category_bundle()
    assert len(VOCABULARY) == bundle.architecture.vocab_size
