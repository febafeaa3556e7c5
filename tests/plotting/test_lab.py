import builtins
import sys

import matplotlib as mpl
import numpy as np
import pytest

from dino_names.errors import MissingExtraError, OptionError
from dino_names.plotting import lab as pictures


@pytest.fixture(autouse=True)
def plt():
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


def draw_all(ax):
    """Every picture of the module, on the axes given by a function."""
    waves = np.sin(np.arange(24.0).reshape(6, 4))
    falling = {"RNN": np.exp(-np.arange(9.0)), "LSTM": np.exp(-0.1 * np.arange(9.0))}
    yield pictures.plot_loss_curves, pictures.plot_loss_curves(falling, ax=ax())
    yield (
        pictures.plot_hidden_activations,
        pictures.plot_hidden_activations(waves, "a $\n\tb", ax=ax()),
    )
    yield (
        pictures.plot_text_activation,
        pictures.plot_text_activation("a $\n$b", waves[:, 0], ax=ax()),
    )
    yield pictures.plot_responses, pictures.plot_responses(waves.T, range(6), ax=ax())
    yield pictures.plot_gradient_norms, pictures.plot_gradient_norms(falling, ax=ax())


def test_every_picture_draws_on_the_axes_it_is_given_or_on_its_own(plt, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a picture was shown"))
    given = []

    def own_axes():
        given.append(plt.subplots(layout="constrained")[1])
        return given[-1]

    drawn = list(draw_all(own_axes))
    assert [ax for _, ax in drawn] == given
    new = [ax for _, ax in draw_all(lambda: None)]
    assert len({id(ax.figure) for ax in new}) == len(new)
    public = {name for name in vars(pictures) if name.startswith("plot_")}
    assert {function.__name__ for function, _ in drawn} == public
    for ax in [*given, *new]:
        ax.figure.canvas.draw()
        assert ax.get_xlabel()
        assert "(" in ax.get_ylabel()


def test_loss_curves_hold_the_numbers_and_name_the_last():
    curve = np.linspace(4, 2, 50)
    ax = pictures.plot_loss_curves({"RNN": curve, "LSTM": curve - 1}, levels={"a guess": 4.17})
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), curve - 1)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "RNN: 2.00 in the end",
        "LSTM: 1.00 in the end",
    ]
    assert ax.texts[0].get_text() == "a guess: 4.17"
    styles = {(line.get_color(), line.get_marker(), line.get_linestyle()) for line in ax.lines[:2]}
    assert len(styles) == 2


def test_activations_stand_with_units_down_and_characters_across():
    shown = np.linspace(-1, 1, 12).reshape(4, 3)
    ax = pictures.plot_hidden_activations(shown, "ab \n")
    np.testing.assert_array_equal(ax.images[0].get_array(), shown.T)
    assert ax.images[0].get_clim() == (-1, 1)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "␣", "↵"]


def test_a_text_is_wrapped_at_line_ends_and_at_the_width():
    text = "ab\ncdefg\n\nh"
    activation = np.linspace(-1, 1, len(text))
    ax = pictures.plot_text_activation(text, activation, unit=7, width=4)
    cells = ax.images[0].get_array().filled(np.nan)
    assert cells.shape == (5, 4)
    np.testing.assert_array_equal(cells[0], [*activation[:3], np.nan])
    np.testing.assert_array_equal(cells[1], activation[3:7])
    np.testing.assert_array_equal(cells[2], [*activation[7:9], np.nan, np.nan])
    written = {tuple(map(int, t.get_position())): t.get_text() for t in ax.texts}
    assert written[0, 1] == "c"
    assert written[2, 0] == "↵"
    assert written[0, 4] == "h"
    assert ax.get_title() == "unit 7"
    # The ink can be read on both ends of the map and in the middle.
    assert [t.get_color() for t in ax.texts][:6:5] == ["white", "black"]


def test_responses_draw_the_units_asked_for_in_that_order():
    means = np.linspace(-1, 1, 12).reshape(4, 3)
    ax = pictures.plot_responses(means, ["a", " ", "b"], units=[3, 0])
    np.testing.assert_array_equal(ax.images[0].get_array(), means[[3, 0]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "0"]


def test_gradient_norms_are_shares_and_mark_one_percent():
    trained = {"RNN": 5 * 0.2 ** np.arange(6.0), "LSTM": 7 * 0.9 ** np.arange(6.0)}
    ax = pictures.plot_gradient_norms(trained, untrained={"RNN": 0.02 ** np.arange(6.0)})
    assert ax.get_yscale() == "log"
    before, rnn, lstm = ax.lines[:3]
    np.testing.assert_allclose(rnn.get_ydata(), 100 * 0.2 ** np.arange(6.0))
    assert rnn.get_markevery() == [3]
    assert before.get_color() == rnn.get_color() != lstm.get_color()
    assert before.get_linestyle() != rnn.get_linestyle()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "RNN, untrained: 1 % at 2",
        "RNN, trained: 1 % at 3",
        "LSTM, trained: 1 % beyond 5",
    ]


def test_wrong_calls_are_refused():
    with pytest.raises(OptionError, match=r"activations \(3.*received 2"):
        pictures.plot_hidden_activations(np.zeros((3, 2)), "ab")
    with pytest.raises(OptionError, match="width"):
        pictures.plot_text_activation("ab", np.zeros(2), width=0)
    with pytest.raises(OptionError, match="received 0"):
        pictures.plot_responses(np.zeros((3, 2)), [])


def test_without_matplotlib_one_line_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **more)

    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"pip install 'dino-names\[train\]'"):
        pictures.plot_loss_curves({"RNN": np.ones(3)})
