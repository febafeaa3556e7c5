"""The pictures of the notebooks: what is drawn, and what its axes say."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest

from dino_names.plotting import lessons as plots

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def close():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def drawings():
    lines = {"a": np.array([3.0, 2.0, 1.0]), "b": np.array([3.0, 1.0])}
    probabilities = {"cold": np.array([0.1, 0.7, 0.2]), "hot": np.array([0.3, 0.4, 0.3])}
    return {
        "lengths": lambda ax: plots.plot_name_lengths(["Rex", "Ajax", "Bob"], ax=ax),
        "lines": lambda ax: plots.plot_lines(lines, x_label="x (u)", y_label="y (u)", ax=ax),
        "next": lambda ax: plots.plot_next_character(probabilities, "\nab", ax=ax),
        "forgetting": lambda ax: plots.plot_forgetting({"reset": np.ones((3, 8))}, ax=ax),
        "choices": lambda ax: plots.plot_choices("Rex\n", [3, 1, 1, 2], ax=ax),
        "gates": lambda ax: plots.plot_gates({"lstm": np.array([0.1, 0.9])}, ax=ax),
        "model": lambda ax: plots.plot_model("Rex\n", (2, 3, 4), ax=ax),
    }


@pytest.mark.parametrize("name", drawings())
def test_draws_on_the_axes_given_and_labels_them(name):
    from dino_names.plotting.style import axes

    given = axes(None, 4, 3)
    ax = drawings()[name](given)
    assert ax is given
    assert ax.get_xlabel()
    assert ax.get_ylabel()


@pytest.mark.parametrize("name", drawings())
def test_makes_axes_of_its_own(name):
    assert drawings()[name](None).figure is not None


def test_lengths_are_counted():
    ax = plots.plot_name_lengths(["Rex", "Ajax", "Bob"])
    assert {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches} == {
        3: 2,
        4: 1,
    }


def test_lines_start_where_they_are_said_to():
    numbers = np.array([3.0, 2.0])
    ax = plots.plot_lines({"a": numbers}, x_label="x", y_label="y", first=0, levels={"guess": 2.5})
    assert ax.lines[0].get_xdata().tolist() == [0, 1]
    assert ax.lines[0].get_ydata().tolist() == [3, 2]
    assert ax.texts[0].get_text() == "guess: 2.50"


def test_the_likeliest_of_the_first_row_come_first():
    rows = {"a": np.array([0.1, 0.7, 0.2]), "b": np.array([0.4, 0.3, 0.3])}
    ax = plots.plot_next_character(rows, "\nxy", most=2)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["x", "y"]
    assert [bar.get_height() for bar in ax.patches] == [0.7, 0.2, 0.3, 0.3]


def test_the_drawing_of_the_model_has_a_column_for_each_step():
    ax = plots.plot_model("Rex\n", (2, 3, 4), cell="LSTM")
    words = [text.get_text() for text in ax.texts]
    assert words.count("LSTM\n3") == 3
    assert words.count("Dense\n4") == 3
    assert words.count("e") == 2  # said after R, read after it


def test_places_after_a_reset_are_taken_together_by_powers_of_two():
    reset = np.array([[8.0, 4, 2, 2, 1, 1, 1, 1], [6.0, 4, 2] + [np.nan] * 5])
    ax = plots.plot_forgetting({"reset": reset, "carried": np.ones((2, 8))})
    assert ax.lines[0].get_ydata().tolist() == [7, 4, 2, 1]
    assert ax.lines[1].get_ydata().tolist() == [1, 1, 1, 1]
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert labels == ["1", "2", "3 to 4", "5 to 8"]


def test_each_character_has_its_bar_of_choices():
    ax = plots.plot_choices("a b", [5, 1, 2])
    assert [bar.get_height() for bar in ax.patches] == [5, 1, 2]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "\N{OPEN BOX}", "b"]
