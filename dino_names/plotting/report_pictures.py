"""The pictures of a report, written as PNG."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from dino_names.errors import MissingExtraError, StorageError
from dino_names.evaluation import Report, course
from dino_names.plotting.evaluation import (
    FEWEST_AT_POSITION,
    plot_calibration,
    plot_lengths,
    plot_nearest,
    plot_pairs,
    plot_positions,
)
from dino_names.plotting.training import plot_history
from dino_names.storage import write_atomically

Picture = Callable[..., Any]


def write_pictures(report: Report, folder: Path) -> Iterator[Path]:
    """Write the pictures that a report has the figures for.

    Arguments:
        report: of an evaluation.
        folder: made where it is new.

    Yields:
        Where each is, once it is there.

    Raises:
        MissingExtraError: Matplotlib is not installed.
        StorageError: the disk refused one.
    """
    figure_class = import_figure()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{folder}: expected a folder for pictures, received: {error.strerror}; name another."
        ) from error
    for name, draw, size in pictures(report):
        figure = figure_class(figsize=size, layout="constrained")
        draw(ax=figure.subplots())
        content = io.BytesIO()
        figure.savefig(content, format="png", dpi=150)
        path = folder / f"{name}.png"
        write_atomically(path, content.getvalue())
        yield path


def pictures(report: Report) -> Iterator[tuple[str, Picture, tuple[float, float]]]:
    """The name, the function that draws it, and the size in inches of each picture."""
    evidence, sample = report.evidence, report.sample
    found = report.likelihood
    if found and found.names >= FEWEST_AT_POSITION:
        labels = {"network": "network alone", "ngram": f"{found.order}-gram alone"}
        readings = {labels.get(name, name): item for name, item in evidence.readings.items()}
        yield "positions", partial(plot_positions, readings), (7, 4)
        yield "calibration", partial(plot_calibration, readings), (5.5, 5)
    if sample and sample.real:
        names = evidence.generated, evidence.real
        yield "lengths", partial(plot_lengths, *names), (7, 4)
        yield "pairs", partial(plot_pairs, *names), (6, 4.5)
        if sample.generated.distances:
            of = {n.name: n.distance for n in sample.generated.distances + sample.real.distances}
            far = [[of[name] for name in some] for some in names]
            yield "nearest", partial(plot_nearest, *far), (7, 4)
    if len(course(report.history, "loss")) > 1:
        yield "history", partial(plot_history, report.history), (7, 4)


def import_figure() -> Any:
    """Matplotlib's figure without a window.

    Raises:
        MissingExtraError: Matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            "--plots: expected Matplotlib, but it is not installed; "
            "run: pip install 'dino-names[train]', or leave --plots out."
        ) from None
    return Figure
