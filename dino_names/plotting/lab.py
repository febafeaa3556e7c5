"""The pictures of the from-scratch lab; every function takes ax=None, returns ax, never shows.

The functions take arrays as `scratch.diagnostics` and `scratch.min_char_rnn` give them. Colours
are those of Okabe and Ito, which the colour-blind can tell apart; lines differ in their marker
too. Activations lie between -1 and 1 and are drawn with a map from blue over white to red.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Float64s
from dino_names.errors import OptionError
from dino_names.plotting.style import COLOURS, LINES, MARKERS, axes, visible

DIVERGING = "RdBu_r"


def _heat(cells: Float64s, label: str, ax: Any) -> None:
    """Cells between -1 and 1 in colours, with a bar that says which is which."""
    image = ax.imshow(
        cells, cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto", interpolation="nearest"
    )
    # Room is taken from these axes, not from the figure: neighbours keep their size.
    ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8, pad=0.02)


def plot_loss_curves(
    curves: Mapping[str, Float64s], *, levels: Mapping[str, float] | None = None, ax: Any = None
) -> Any:
    """Smoothed training losses, one line each.

    Arguments:
        curves: nats per character after each step, as `History.nats_per_char`; by label.
        levels: losses to compare with, by label (a guess at random, an n-gram); grey lines.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: all start at the loss of a guess, ln of the vocabulary; whoever
        remembers more is lower in the end.
    """
    ax = axes(ax, 7, 4)
    for index, (label, curve) in enumerate(curves.items()):
        apart = max(1, len(curve) // 8)
        ax.plot(
            np.arange(1, len(curve) + 1),
            curve,
            LINES[index % len(LINES)],
            color=COLOURS[index % len(COLOURS)],
            marker=MARKERS[index % len(MARKERS)],
            # Curves that lie on each other can still be told apart by where their markers are.
            markevery=(apart * (index + 1) // (len(curves) + 1), apart),
            label=f"{label}: {curve[-1]:.2f} in the end",
        )
    for label, level in (levels or {}).items():
        ax.axhline(level, color="grey", linewidth=1)
        across = ax.get_yaxis_transform()  # x as a share of the axes, y as data
        ax.text(0.99, level, f"{label}: {level:.2f}", ha="right", va="top", transform=across)
    ax.set_xlabel("steps of training")
    ax.set_ylabel("smoothed loss (nats per character)")
    ax.legend(frameon=False)
    return ax


def plot_hidden_activations(activations: Float64s, text: str, *, ax: Any = None) -> Any:
    """What each unit shows while a sentence is read: units down, characters across.

    Arguments:
        activations: (time, units), between -1 and 1.
        text: one character for each row.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: units that change with every letter, units that hold one colour
        over a word or a line, and columns (spaces, line ends) where many units switch at once.

    Raises:
        OptionError: text and activations differ in length.
    """
    _check_lengths(activations, text)
    ax = axes(ax, min(16.0, 2.5 + 0.2 * len(text)), min(10.0, 1.5 + 0.07 * activations.shape[1]))
    _heat(activations.T, "activation (no unit, -1 to 1)", ax)
    ax.set_xticks(range(len(text)), [visible(character) for character in text])
    ax.tick_params(axis="x", length=0, labelfontfamily="monospace")
    ax.set_xlabel("character just read")
    ax.set_ylabel("unit (number)")
    return ax


def plot_text_activation(
    text: str, activation: Float64s, *, unit: int | None = None, width: int = 60, ax: Any = None
) -> Any:
    """A text in which each character stands on the colour of one unit's activation.

    Arguments:
        text: wrapped after `width` characters and at line ends.
        activation: after each character, (time,), between -1 and 1.
        unit: its number, for the title.
        width: characters per row, 60 by default.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: what the red characters have in common, and the blue ones: a
        place in the line, what went before, being inside a word.

    Raises:
        OptionError: text and activation differ in length, or the width is below 1.
    """
    _check_lengths(activation, text)
    if width < 1:
        raise OptionError(f"width: expected at least 1, received {width!r}.")
    rows = _wrap(text, width)
    columns = max(map(len, rows))
    cells = np.full((len(rows), columns), np.nan)
    for row, places in enumerate(rows):
        cells[row, : len(places)] = activation[places]
    ax = axes(ax, 1.5 + 0.17 * columns, 1.0 + 0.28 * len(rows))
    _heat(cells, "activation (no unit)", ax)
    for row, places in enumerate(rows):
        for column, place in enumerate(places):
            # Both ends of the map are dark.
            ink = "white" if abs(activation[place]) > 0.55 else "black"
            style = {"ha": "center", "va": "center", "family": "monospace", "color": ink}
            ax.text(column, row, visible(text[place]), parse_math=False, **style)
    ax.set_xlabel("place in the row (characters)")
    ax.set_ylabel("row (number)")
    ax.set_yticks(range(len(rows)))
    if unit is not None:
        ax.set_title(f"unit {unit}")
    return ax


def plot_responses(
    means: Float64s,
    labels: Sequence[Hashable],
    *,
    units: Sequence[int] | None = None,
    ax: Any = None,
) -> Any:
    """The mean activation of units under each label: units down, labels across.

    Arguments:
        means: (units, labels), as `Responses.means`.
        labels: as `Responses.labels`.
        units: which to draw, in that order; all by default.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: rows with one strong cell belong to units that wait for one
        label; rows of two colours sort the labels into two kinds.

    Raises:
        OptionError: means and labels differ in number.
    """
    _check_lengths(means.T, labels)
    chosen = list(range(len(means)) if units is None else units)
    ax = axes(ax, min(16.0, 2.5 + 0.2 * len(labels)), min(10.0, 1.5 + 0.2 * len(chosen)))
    _heat(means[chosen], "mean activation (no unit)", ax)
    ax.set_xticks(range(len(labels)), [visible(label) for label in labels])
    ax.set_yticks(range(len(chosen)), [str(unit) for unit in chosen])
    ax.set_xlabel("label of the character just read")
    ax.set_ylabel("unit (number)")
    return ax


def plot_gradient_norms(
    trained: Mapping[str, Float64s],
    *,
    untrained: Mapping[str, Float64s] | None = None,
    fraction: float = 0.01,
    ax: Any = None,
) -> Any:
    """How much of the gradient is left, by distance back in time, on a log scale.

    Arguments:
        trained: norms from distance 0 on, by label (RNN, LSTM, GRU).
        untrained: the same before training, drawn dashed in the same colours.
        fraction: marked where a line first falls below it, 0.01 by default.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: straight lines are a fixed factor lost per step; the plain RNN
        is at 1 % after a few characters, gates carry some of it many times as far.
    """
    ax = axes(ax, 9, 4.5)
    styles = [("untrained", untrained or {}, "--"), ("trained", trained, "-")]
    labels = list(dict.fromkeys([*trained, *(untrained or {})]))
    for when, curves, line in styles:
        for label, norms in curves.items():
            index = labels.index(label) % len(COLOURS)
            share = 100 * norms / norms[0]
            below = np.flatnonzero(share < 100 * fraction)
            reach = f"at {below[0]}" if below.size else f"beyond {len(norms) - 1}"
            where = {"markevery": [int(below[0])]} if below.size else {"marker": ""}
            ax.plot(
                share,
                line,
                **{"marker": MARKERS[index], "color": COLOURS[index]} | where,
                label=f"{label}, {when}: {100 * fraction:g} % {reach}",
            )
    ax.axhline(100 * fraction, color="black", linewidth=0.8, linestyle=":")
    ax.set_yscale("log")
    # Nothing is learned below a millionth of the start; showing it would squeeze all the rest.
    largest = max(max(norms) / norms[0] for _, curves, _ in styles for norms in curves.values())
    ax.set_ylim(max(1e-4, ax.get_ylim()[0]), 150 * largest)
    ax.set_xlabel("distance back in time (characters)")
    ax.set_ylabel("gradient norm (% of its start)")
    ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.01, 0.5))
    return ax


def _wrap(text: str, width: int) -> list[list[int]]:
    """The places of a text's characters, row by row; a line end closes its row."""
    rows: list[list[int]] = [[]]
    for place in range(len(text)):
        if len(rows[-1]) == width or (rows[-1] and text[place - 1] == "\n"):
            rows.append([])
        rows[-1].append(place)
    return rows


def _check_lengths(values: Float64s, labels: Sequence[Hashable]) -> None:
    if len(values) != len(labels) or not len(labels):
        raise OptionError(
            f"expected as many characters or labels as activations ({len(values)}, at least 1), "
            f"received {len(labels)}."
        )
