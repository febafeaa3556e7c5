"""`dino-names evaluate`: measure a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dino_names.commands.options import echo_json, json_option

if TYPE_CHECKING:
    from dino_names.evaluation.report import Report

Picture = Callable[..., Any]


@click.command("evaluate")
@click.argument("path", metavar="MODEL")
@click.option("--names", metavar="FILE", help="Names that it has not seen, to measure it on.")
@click.option("--text", metavar="FILE", help="A text to measure a model of text on.")
@click.option("--train", metavar="FILE", help="The list or the text it was trained on.")
@click.option("--sample", type=int, default=1_000, help="How many names to generate. [1000]")
@click.option("--temperature", type=float, default=1.0, help="To generate them at. [1]")
@click.option("--seed", type=int, default=0, help="Of whatever is drawn. [0]")
@click.option("--plots", metavar="FOLDER", help="Write pictures there, as PNG.")
@json_option
def command(
    path: str,
    names: str | None,
    text: str | None,
    train: str | None,
    plots: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Measure MODEL, a model file or a run folder.

    With --names: how likely it finds names that it has not seen, and how likely an n-gram does.
    With --train: which of its own names are near copies; and without --names, the names that
    were held out of that list are what it is measured on.

    A model of running text is measured on the text of --text, read from its start, or on what
    was held out of the text of --train.

    Example: dino-names evaluate training_checkpoints/mine --names held-out.txt
    """
    from dino_names.api import load
    from dino_names.errors import OptionError
    from dino_names.evaluation.evaluation import evaluate
    from dino_names.evaluation.held_out_names import choose_names
    from dino_names.generation.name_model import NameModel
    from dino_names.runs.run import RUN_FILE, Run
    from dino_names.storage.paths import show

    if plots is not None:
        _import_figure()
    model = load(path)
    if not isinstance(model, NameModel):
        from dino_names.commands.text_models import write_likelihood

        if names is not None or plots is not None:
            raise OptionError(
                f"{show(path)}: expected --text or --train alone with a model of running text, "
                "received --names or --plots; leave them out."
            )
        write_likelihood(model, text=text, train=train, as_json=as_json)
        return
    if text is not None:
        raise OptionError(
            f"{show(path)}: expected --names with a model of names, received --text; use --names."
        )
    history = Run.read(path).history if (Path(path) / RUN_FILE).exists() else ()
    material = choose_names(model.bundle, names=names, train=train)
    for sentence in material.warnings:
        click.echo(f"warning: {sentence}", err=True)
    report = evaluate(model, material, history=history, **options)
    if as_json:
        echo_json(report.to_json())
    else:
        from dino_names.evaluation.report_table import lines

        click.echo("\n".join(lines(report)))
    if plots is not None:
        write_pictures(report, Path(plots))


def write_pictures(report: Report, folder: Path) -> None:
    """Write the pictures that a report has the figures for, and say where.

    Raises:
        MissingExtraError: Matplotlib is not installed.
        StorageError: the disk refused one.
    """
    import io

    from dino_names.errors import StorageError
    from dino_names.storage.atomic import write_atomically

    figure_class = _import_figure()
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
        click.echo(str(path), err=True)


def pictures(report: Report) -> Iterator[tuple[str, Picture, tuple[float, float]]]:
    """The name, the function that draws it, and the size in inches of each picture."""
    from functools import partial

    from dino_names.evaluation.verdict import course
    from dino_names.plotting import evaluation as plotting

    evidence, sample = report.evidence, report.sample
    found = report.likelihood
    if found and found.names >= plotting.FEWEST_AT_POSITION:
        labels = {"network": "network alone", "ngram": f"{found.order}-gram alone"}
        readings = {labels.get(name, name): item for name, item in evidence.readings.items()}
        yield "positions", partial(plotting.plot_positions, readings), (7, 4)
        yield "calibration", partial(plotting.plot_calibration, readings), (5.5, 5)
    if sample and sample.real:
        names = evidence.generated, evidence.real
        yield "lengths", partial(plotting.plot_lengths, *names), (7, 4)
        yield "pairs", partial(plotting.plot_pairs, *names), (6, 4.5)
        if sample.generated.distances:
            of = {n.name: n.distance for n in sample.generated.distances + sample.real.distances}
            far = [[of[name] for name in some] for some in names]
            yield "nearest", partial(plotting.plot_nearest, *far), (7, 4)
    if len(course(report.history, "loss")) > 1:
        yield "history", partial(plotting.plot_history, report.history), (7, 4)


def _import_figure() -> Any:
    """A figure without a window, or the sentence that says what to install."""
    from dino_names.errors import MissingExtraError

    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            "--plots: expected Matplotlib, but it is not installed; "
            "run: pip install 'dino-names[train]', or leave --plots out."
        ) from None
    return Figure
