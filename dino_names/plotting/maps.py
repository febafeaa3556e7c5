"""Maps: what a model knows of letters or of lists, as places on a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Floats
from dino_names.plotting.style import COLOURS, MARKERS, axes, expect, visible


def plot_map(
    vectors: Floats, labels: Sequence[str], *, groups: Sequence[str] | None = None, ax: Any = None
) -> Any:
    """Vectors on the plane in which they lie furthest apart: their first two principal components.

    Arguments:
        vectors: one for each label, (labels, width); at least three.
        labels: written beside each.
        groups: the colour and mark of each, one for each distinct group; None for all alike.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes; x and y count alike, and say what share of all differences they show. What to
        see: which lie close together. Directions mean nothing by themselves.

    Raises:
        OptionError: there are fewer than three, or as many labels or groups as vectors there are
            not.
    """
    kinds = list(groups) if groups is not None else [""] * len(labels)
    expect(len(vectors) >= 3, "at least three vectors", str(len(vectors)))
    expect(
        len(labels) == len(vectors) == len(kinds),
        f"a label and a group for each of {len(vectors)} vectors",
        f"{len(labels)} and {len(kinds)}",
    )
    centred = np.asarray(vectors, np.float64) - np.mean(vectors, axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    places, shares = left[:, :2] * sizes[:2], sizes[:2] ** 2 / (sizes**2).sum()
    ax = axes(ax, 6.5, 5)
    for number, kind in enumerate(dict.fromkeys(kinds)):
        rows = [row for row, other in enumerate(kinds) if other == kind]
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        ax.scatter(*places[rows].T, color=colour, marker=marker, s=40, label=kind or None)
    for row, (label, place) in enumerate(zip(labels, places, strict=True)):
        # Every other below its mark, and towards the middle, so that few stand on each other.
        beside = {"ha": "right" if place[0] > places[:, 0].mean() else "left"}
        offset = (-5 if beside["ha"] == "right" else 5, -12 if row % 2 else 4)
        ax.annotate(visible(label), place, xytext=offset, textcoords="offset points", **beside)
    for axis, share in zip((ax.xaxis, ax.yaxis), shares, strict=True):
        axis.set_label_text(f"{100 * share:.0f} % of the differences")
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.15)
    if any(kinds):
        ax.legend(frameon=False)
    return ax
