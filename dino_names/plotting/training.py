"""Pictures of a training; every function takes ax=None, returns ax, never shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dino_names.evaluation import VALIDATION, course
from dino_names.plotting.style import COLOURS, LINES, MARKERS, axes, expect

COURSES = {
    "loss": "training",
    VALIDATION[0]: "validation, network alone",
    VALIDATION[1]: "validation, with the n-gram",
}


def plot_history(history: Sequence[Mapping[str, Any]], *, ax: Any = None) -> Any:
    """Training and validation loss by epoch, the best epoch of each marked.

    Arguments:
        history: rows as in `history.jsonl`, at least one.
        ax: Matplotlib axes; a new figure without it.

    Returns:
        The axes. What to see: validation that turns up while training goes on falling has been
        trained too long; one that still falls at the end, too short.
    """
    courses = {label: course(history, name) for name, label in COURSES.items()}
    expect(any(courses.values()), "at least one epoch", "none")
    ax, partner = axes(ax, 7, 4), course(history, VALIDATION[1])
    for index, (label, figures) in enumerate(courses.items()):
        if not figures:
            continue
        best = min(figures, key=figures.__getitem__)
        words = label if partner else label.removesuffix(", network alone")
        ax.plot(
            list(figures),
            list(figures.values()),
            LINES[index],
            marker=MARKERS[index],
            markevery=[list(figures).index(best)],
            color=COLOURS[index],
            label=f"{words}: {figures[best]:.3f} after epoch {best}",
        )
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("time (epochs)")
    ax.set_ylabel("loss (nats per character)")
    ax.legend(frameon=False)
    return ax
