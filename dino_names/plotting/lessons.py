"""The pictures of the notebooks; every function takes ax=None, returns ax, never shows.

Colours, line styles and markers are those of `style`: they can be told apart by the
colour-blind and in grey.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Floats
from dino_names.plotting.style import COLOURS, LINES, MARKERS, axes, visible


def plot_name_lengths(names: Sequence[str], *, ax: Any = None) -> Any:
    """How many names have how many characters.

    Arguments:
        names: at least one.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: one hump; and how far the longest name, which decides how wide a
        padded batch is, stands from it.
    """
    ax = axes(ax, 7, 3.2)
    counts = Counter(map(len, names))
    ax.bar(list(counts), list(counts.values()), color=COLOURS[0], width=0.85)
    mean = float(np.mean([len(name) for name in names]))
    ax.axvline(mean, color="black", linestyle="--", label=f"mean: {mean:.1f} characters")
    ax.set_xlabel("length of a name (characters)")
    ax.set_ylabel("names (count)")
    ax.legend(frameon=False)
    return ax


def plot_lines(
    lines: Mapping[str, Floats],
    *,
    x_label: str,
    y_label: str,
    first: int = 1,
    levels: Mapping[str, float] | None = None,
    log: bool = False,
    ax: Any = None,
) -> Any:
    """Numbers that belong to 1, 2, 3 and so on, one line for each label.

    Arguments:
        lines: the numbers, by label.
        x_label, y_label: with units.
        first: what the first number belongs to, 1 by default.
        levels: numbers to compare with, by label; drawn in grey.
        log: whether the y axis is logarithmic.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes.
    """
    ax = axes(ax, 7, 3.8)
    for index, (label, numbers) in enumerate(lines.items()):
        ax.plot(
            np.arange(first, first + len(numbers)),
            numbers,
            LINES[index % len(LINES)],
            color=COLOURS[index % len(COLOURS)],
            marker=MARKERS[index % len(MARKERS)],
            markevery=max(1, len(numbers) // 10),
            label=label,
        )
    for label, level in (levels or {}).items():
        ax.axhline(level, color="grey", linewidth=1)
        across = ax.get_yaxis_transform()  # x as a share of the axes, y as data
        ax.text(0.99, level, f"{label}: {level:.2f}", ha="right", va="bottom", transform=across)
    if log:
        ax.set_yscale("log")
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.legend(frameon=False)
    return ax


def plot_next_character(
    rows: Mapping[str, Floats], characters: str, *, most: int = 12, ax: Any = None
) -> Any:
    """The probabilities of the next character, side by side for each label.

    Arguments:
        rows: probabilities (vocab_size,) by label, such as one row for each temperature.
        characters: in the order of their ids.
        most: how many characters to draw, the likeliest of the first row; 12 by default.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: how much of the height stands on the first few characters.
    """
    ax = axes(ax, 7.5, 3.4)
    order = np.argsort(-next(iter(rows.values())), kind="stable")[:most]
    width = 0.85 / len(rows)
    for index, (label, row) in enumerate(rows.items()):
        places = np.arange(len(order)) + (index - (len(rows) - 1) / 2) * width
        colour = COLOURS[index % len(COLOURS)]
        ax.bar(places, row[order], width, color=colour, edgecolor="black", lw=0.4, label=label)
    ax.set_xticks(range(len(order)), [visible(characters[place]) for place in order])
    ax.set_xlabel("next character")
    ax.set_ylabel("probability")
    ax.legend(frameon=False)
    return ax


def plot_forgetting(bits: Mapping[str, Floats], *, ax: Any = None) -> Any:
    """What a character costs, by how much a network has read since its state was reset.

    Places are taken together by powers of two, so that there are many characters in each point.

    Arguments:
        bits: by label, of the same characters: a row for each reset, (rows, places); NaN where
            there is none.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: where the line of a state that is reset meets that of one that is
        carried on, more to look back at helps no further.
    """
    ax = axes(ax, 7, 3.6)
    places = next(iter(bits.values())).shape[1]
    edges = [0, *(1 << power for power in range(places.bit_length()))]
    spans = list(zip(edges, edges[1:], strict=False))
    for index, (label, rows) in enumerate(bits.items()):
        means = [float(np.nanmean(rows[:, low:high])) for low, high in spans]
        style = LINES[index % len(LINES)] + MARKERS[index % len(MARKERS)]
        ax.plot(range(len(means)), means, style, color=COLOURS[index % len(COLOURS)], label=label)
    labels = [f"{high}" if high - low == 1 else f"{low + 1} to {high}" for low, high in spans]
    ax.set_xticks(range(len(labels)), labels, rotation=30, ha="right")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("place after the reset (characters)")
    ax.set_ylabel("cost (bits per character)")
    ax.legend(frameon=False)
    return ax


def plot_choices(text: str, counts: Sequence[int], *, ax: Any = None) -> Any:
    """How many characters a sampler may choose from, after each character of a text.

    Arguments:
        text: as read.
        counts: one for each character of the text, at least 1.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: many choices where words begin, one or two inside them.
    """
    ax = axes(ax, min(16.0, 2.0 + 0.16 * len(text)), 3.2)
    ax.bar(range(len(text)), counts, color=COLOURS[0], width=0.85)
    ax.set_xticks(range(len(text)), [visible(character) for character in text])
    ax.tick_params(axis="x", length=0, labelfontfamily="monospace")
    ax.set_xlim(-0.7, len(text) - 0.3)
    ax.set_xlabel("character just read")
    ax.set_ylabel("characters left (count)")
    return ax


def plot_gates(gates: Mapping[str, Floats], *, ax: Any = None) -> Any:
    """How many units keep how much of their memory from one step to the next.

    Arguments:
        gates: mean gate of each unit, between 0 and 1, by label.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: units near 1 are the long memory; one at 0.5 has forgotten all
        but a thousandth after ten steps.
    """
    ax = axes(ax, 7, 3.4)
    bins = np.linspace(0, 1, 21)
    for index, (label, means) in enumerate(gates.items()):
        style = {"color": COLOURS[index % len(COLOURS)], "hatch": ["", "//", ".."][index % 3]}
        ax.hist(means, bins, alpha=0.6, edgecolor="black", lw=0.5, label=label, **style)
    ax.set_xlabel("mean gate (share of the memory kept per step)")
    ax.set_ylabel("units (count)")
    ax.legend(frameon=False)
    return ax


def plot_model(text: str, sizes: tuple[int, int, int], *, cell: str = "GRU", ax: Any = None) -> Any:
    """Characters on their way through embedding, recurrent layer and dense layer.

    Arguments:
        text: a few characters; each but the last is read, each but the first predicted.
        sizes: embedding_dim, rnn_units and vocab_size.
        cell: the name of the recurrent layer.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: time runs to the right, data upwards; only the recurrent layer
        passes anything on from one character to the next.
    """
    ax = axes(ax, 8, 4.6)
    embedding_dim, rnn_units, vocab_size = sizes
    layers = [("Embedding", embedding_dim), (cell, rnn_units), ("Dense", vocab_size)]
    style = {"ha": "center", "va": "center"}
    arrow = {"arrowstyle": "-|>", "color": "black", "shrinkA": 0, "shrinkB": 0}
    for column, (read, said) in enumerate(zip(text, text[1:], strict=False)):
        ax.text(column, 0, f"{visible(read)!s}", size=14, family="monospace", **style)
        ax.text(column, 4, f"{visible(said)!s}", size=14, family="monospace", **style)
        for row, (label, size) in enumerate(layers, 1):
            box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": COLOURS[row - 1], "lw": 2}
            ax.text(column, row, f"{label}\n{size:,}", size=9, bbox=box, **style)
        for row in range(4):
            tips = (column, row + 0.68), (column, row + (0.2 if row == 0 else 0.32))
            ax.annotate("", tips[0], tips[1], arrowprops=arrow)
        if column:
            across = (column - 0.3, 2), (column - 0.7, 2)
            ax.annotate("", across[0], across[1], arrowprops=arrow | {"color": COLOURS[1]})
    ax.set_xticks(range(len(text) - 1), [str(step) for step in range(1, len(text))])
    rows = ["character read", "vector of the character", "state", "logits", "character to say"]
    ax.set_yticks(range(5), rows)
    ax.set_xlim(-0.6, len(text) - 1.4)
    ax.set_ylim(-0.4, 4.4)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("time (characters)")
    ax.set_ylabel("the way up, with numbers per character")
    return ax
