"""The pictures of an evaluation; every function takes ax=None, returns ax, never shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Int64s
from dino_names.corpus import Vocabulary
from dino_names.errors import OptionError
from dino_names.evaluation import CharacterNats, name_pairs, share_interval
from dino_names.plotting.style import COLOURS, LINES, MARKERS, axes, expect, visible

# Positions that fewer names reach say little about a model.
FEWEST_AT_POSITION = 10
FEWEST_IN_BIN = 10
SHOWN_PAIRS = 12
GENERATED, REAL = "generated", "real, held out"
BARS = {GENERATED: {"color": COLOURS[0]}, REAL: {"color": COLOURS[4], "hatch": "//"}}


def plot_positions(readings: Mapping[str, CharacterNats], *, ax: Any = None) -> Any:
    """What each character costs, by its position in the name, one line a system.

    Arguments:
        readings: of the same names, by label.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: beginnings are open and cost most; where a line is below the
        n-gram's the network knows more than the last few characters say.

    Raises:
        OptionError: too few names for any position.
    """
    ax = axes(ax, 7, 4)
    for index, (label, reading) in enumerate(readings.items()):
        positions, means, counts = reading.by_position()
        enough = counts >= FEWEST_AT_POSITION
        expect(enough.any(), f"at least {FEWEST_AT_POSITION} names", f"{len(reading.lengths)}")
        ax.plot(
            positions[enough],
            means[enough],
            LINES[index % len(LINES)] + MARKERS[index % len(MARKERS)],
            color=COLOURS[index % len(COLOURS)],
            label=f"{label}: {reading.nats_per_char:.3f} in all",
        )
    ax.set_ylim(bottom=0)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("position in the name (characters)")
    ax.set_ylabel("loss (nats per character)")
    ax.legend(frameon=False)
    return ax


def plot_calibration(readings: Mapping[str, CharacterNats], *, ax: Any = None) -> Any:
    """How often what was given a probability came true, one line a system.

    Arguments:
        readings: read with `calibrate`, by label.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: on the diagonal a model knows how sure it may be; below it on
        the right it is too sure, as one is that was trained too long.

    Raises:
        OptionError: a reading without calibration.
    """
    ax = axes(ax, 5.5, 5)
    ax.plot([0, 100], [0, 100], ":", color="black", linewidth=1, label="as sure as it may be")
    for index, (label, reading) in enumerate(readings.items()):
        if reading.calibration is None:
            raise OptionError("picture: expected a reading with calibration, received one without.")
        enough = reading.calibration[0] >= FEWEST_IN_BIN
        trials, expected, came = (row[enough] for row in reading.calibration)
        pairs = zip(came.astype(int), trials.astype(int), strict=True)
        low, high = np.array([share_interval(hits, count) for hits, count in pairs]).T
        shares = came / trials
        ax.errorbar(
            100 * expected / trials,
            100 * shares,
            yerr=100 * np.maximum([shares - low, high - shares], 0),
            fmt=LINES[index % len(LINES)] + MARKERS[index % len(MARKERS)],
            color=COLOURS[index % len(COLOURS)],
            capsize=3,
            label=label,
        )
    ax.set_xlabel("probability given to a character (%)")
    ax.set_ylabel("how often it came (%)")
    ax.legend(frameon=False)
    return ax


def plot_lengths(generated: Sequence[str], real: Sequence[str], *, ax: Any = None) -> Any:
    """How long names are, generated ones beside real ones.

    Arguments:
        generated, real: at least one name each.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: whether it ends its names where real ones end.
    """
    lengths = {GENERATED: [len(n) for n in generated], REAL: [len(n) for n in real]}
    ax = _plot_shares({label: np.array(found) for label, found in lengths.items()}, ax)
    ax.set_xlabel("length (characters)")
    return ax


def plot_nearest(generated: Sequence[int], real: Sequence[int], *, ax: Any = None) -> Any:
    """How far names are from the training list, generated ones beside real ones.

    Arguments:
        generated, real: the distance of each name from the nearest training name, in edits.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: bars at 0 are copies; more generated than real names at 1 are
        copies with one letter changed.
    """
    ax = _plot_shares({GENERATED: np.array(generated), REAL: np.array(real)}, ax)
    ax.set_xlabel("distance from the nearest training name (letters put in, left out or changed)")
    return ax


def plot_pairs(generated: Sequence[str], real: Sequence[str], *, ax: Any = None) -> Any:
    """The pairs of characters that are most too frequent or too rare in generated names.

    Arguments:
        generated, real: at least one name each.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: an interval that crosses zero is chance; the arrow is the
        boundary, so such pairs begin or end a name.
    """
    tables = name_pairs(generated, real)
    things = 1 + max(int(table.max()) for table in tables)
    counts = np.array([np.bincount(table[table >= 0], minlength=things) for table in tables])
    shares = counts / counts.sum(axis=1, keepdims=True)
    spread = 1.96 * np.sqrt((shares * (1 - shares) / counts.sum(axis=1, keepdims=True)).sum(axis=0))
    excess = shares[0] - shares[1]
    shown = np.argsort(-np.abs(excess), kind="stable")[:SHOWN_PAIRS][::-1]
    labels = _pair_labels(generated, real)
    ax = axes(ax, 6, 4.5)
    ax.errorbar(
        100 * excess[shown],
        range(len(shown)),
        xerr=100 * spread[shown],
        fmt=MARKERS[0],
        color=COLOURS[0],
        capsize=3,
    )
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_yticks(range(len(shown)), [labels[place] for place in shown], family="monospace")
    ax.set_xlabel("share in generated names minus share in real ones (percentage points)")
    ax.set_ylabel("pair (two characters)")
    return ax


def _plot_shares(values: Mapping[str, Int64s], ax: Any) -> Any:
    """Two sets of whole numbers as bars side by side, with 95 % intervals."""
    ax = axes(ax, 7, 4)
    for index, (label, found) in enumerate(values.items()):
        expect(len(found), f"{label} names", "none")
        counts = np.bincount(found)
        intervals = [share_interval(int(count), len(found)) for count in counts]
        shares = counts / len(found)
        low, high = np.array(intervals).T
        ax.bar(
            np.arange(len(counts)) + 0.4 * (index - 0.5),
            100 * shares,
            0.4,
            yerr=100 * np.where(counts, np.maximum([shares - low, high - shares], 0), 0),
            error_kw={"capsize": 2, "elinewidth": 0.8},
            label=f"{label}: {len(found):,} names, mean {found.mean():.1f}",
            **BARS[label],
        )
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_ylim(top=1.25 * ax.get_ylim()[1])  # Room for the legend.
    smallest = min(int(found.min()) for found in values.values())
    ax.set_xlim(left=smallest - 0.7)
    ax.set_ylabel("share of names (%)")
    ax.legend(frameon=False)
    return ax


def _pair_labels(*lists: Sequence[str]) -> list[str]:
    """The pairs that the numbers of `name_pairs` stand for."""
    characters = Vocabulary.of(name for names in lists for name in names).characters
    pairs = {pair for names in lists for name in names for pair in _pairs(name)}
    order = {character: index for index, character in enumerate(characters)}
    ranked = sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]]))
    return [visible(first) + visible(second) for first, second in ranked]


def _pairs(name: str) -> zip[tuple[str, str]]:
    return zip(f"\n{name}", f"{name}\n", strict=True)
