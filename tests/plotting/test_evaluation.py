from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from dino_names import plotting as pictures
from dino_names.errors import OptionError
from dino_names.evaluation.character_nats import CharacterNats, read
from dino_names.plotting import evaluation, training
from tests.helpers.fake_predictor import trie_model

GENERATED = ["rex", "rexa", "rexa", "mo"] * 10
REAL = ["rexa", "moa", "zuu"] * 10
HISTORY = [
    {"epoch": 1, "loss": 3.0, "val_nats_per_char": 2.5},
    {"epoch": 2, "loss": 2.0, "val_nats_per_char": 2.0, "val_nats_with_ngram": 1.9},
    {"epoch": 3, "loss": 1.0, "val_nats_per_char": 2.2, "val_nats_with_ngram": 1.95},
]


@pytest.fixture(autouse=True)
def plt() -> Iterator[Any]:
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


def readings() -> dict[str, CharacterNats]:
    model = trie_model({"rex": 3.0, "rexa": 2.0, "mo": 1.0})
    names = ["rex", "rexa", "mo"] * 10
    return {"model": read(model.predictor, model.vocabulary, names, calibrate=True)}


def draw_all(ax: Callable[[], Any]) -> Iterator[tuple[Callable[..., Any], Any]]:
    for function, arguments in (
        (pictures.plot_positions, (readings(),)),
        (pictures.plot_calibration, (readings(),)),
        (pictures.plot_lengths, (GENERATED, REAL)),
        (pictures.plot_nearest, ([0, 1, 1, 4], [2, 3])),
        (pictures.plot_pairs, (GENERATED, REAL)),
        (pictures.plot_history, (HISTORY,)),
    ):
        yield function, function(*arguments, ax=ax())


def test_every_picture_draws_on_the_axes_it_is_given_or_on_its_own(
    plt: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a picture was shown"))
    given = []

    def own_axes() -> Any:
        given.append(plt.subplots(layout="constrained")[1])
        return given[-1]

    drawn = list(draw_all(own_axes))
    assert [ax for _, ax in drawn] == given
    new = [ax for _, ax in draw_all(lambda: None)]
    assert len({id(ax.figure) for ax in new}) == len(new)
    public = {n for m in (evaluation, training) for n in vars(m) if n.startswith("plot_")}
    assert {function.__name__ for function, _ in drawn} == public
    for ax in [*given, *new]:
        ax.figure.canvas.draw()
        assert "(" in ax.get_xlabel() and "(" in ax.get_ylabel()


def test_positions_hold_the_means_of_what_enough_names_reach() -> None:
    ax = pictures.plot_positions(readings())
    (line,) = ax.get_lines()
    positions, means, _ = readings()["model"].by_position()
    np.testing.assert_allclose(line.get_xydata(), np.stack([positions, means], axis=1))
    with pytest.raises(OptionError, match="expected at least 10 names, received 1"):
        short = trie_model({"rex": 1.0})
        pictures.plot_positions({"one": read(short.predictor, short.vocabulary, ["rex"])})


def test_calibration_of_a_perfect_model_lies_on_the_diagonal() -> None:
    weights = {"rex": 30, "rexa": 20, "mo": 10}
    model = trie_model(weights)
    names = [name for name, count in weights.items() for _ in range(count)]
    reading = read(model.predictor, model.vocabulary, names, calibrate=True)
    ax = pictures.plot_calibration({"model": reading})
    points = ax.containers[0].lines[0].get_xydata()
    assert len(points) >= 4
    np.testing.assert_allclose(points[:, 0], points[:, 1], atol=1e-4)
    uncalibrated = read(model.predictor, model.vocabulary, names)
    with pytest.raises(OptionError, match="calibration"):
        pictures.plot_calibration({"model": uncalibrated})


def test_bars_are_shares_of_each_list() -> None:
    ax = pictures.plot_lengths(GENERATED, REAL)
    for container, names in zip(ax.containers[1::2], (GENERATED, REAL), strict=True):
        counts = Counter(map(len, names))
        heights = [patch.get_height() for patch in container]
        wanted = [100 * counts[length] / len(names) for length in range(max(counts) + 1)]
        np.testing.assert_allclose(heights, wanted)
    hatches = [container[0].get_hatch() for container in ax.containers[1::2]]
    assert hatches[0] != hatches[1]


def test_pairs_name_what_is_too_frequent_and_too_rare() -> None:
    ax = pictures.plot_pairs(GENERATED, REAL)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    points = ax.containers[0].lines[0].get_xdata()
    shown = dict(zip(labels, points, strict=True))

    def share(names: list[str], pair: str) -> float:
        pairs = [a + b for name in names for a, b in zip(f"\n{name}", f"{name}\n", strict=True)]
        return 100 * pairs.count(pair) / len(pairs)

    for pair, label in (("re", "re"), ("uu", "uu"), ("\nr", "↵r"), ("x\n", "x↵")):
        wanted = share(GENERATED, pair) - share(REAL, pair)
        assert shown[label] == pytest.approx(wanted)
    assert (np.diff(np.abs(points)) >= -1e-12).all()


def test_history_marks_the_best_epoch_of_each_course() -> None:
    ax = pictures.plot_history(HISTORY)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [
        "training: 1.000 after epoch 3",
        "validation, network alone: 2.000 after epoch 2",
        "validation, with the n-gram: 1.900 after epoch 2",
    ]
    with pytest.raises(OptionError, match="expected at least one epoch"):
        pictures.plot_history([{"loss": "high"}])


def test_history_speaks_of_a_partner_only_where_there_is_one() -> None:
    rows = [{"epoch": row["epoch"], "val_nats_per_char": 2.0} for row in HISTORY]
    ax = pictures.plot_history(rows)
    (label,) = [text.get_text() for text in ax.get_legend().get_texts()]
    assert label.startswith("validation: 2.000 after epoch")
