"""`dino-names evaluate`: measure a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.options import (
    echo_json,
    echo_warnings,
    json_option,
    reading_options,
    source_of,
)

if TYPE_CHECKING:
    from dino_names.corpus import Reading
    from dino_names.evaluation import Report
    from dino_names.generation import NameModel


@with_examples(
    "evaluate",
    "training_checkpoints/cheeses-default --train data/cheeses.txt",
    "training_checkpoints/mine --train data/cheeses.txt --json",
)
@click.argument("path", metavar="MODEL")
@click.option(
    *("--names", "names"),
    metavar="FILE",
    multiple=True,
    help="Names that it has not seen, to measure it on; may be given again.",
)
@click.option("--text", metavar="FILE", help="A text to measure a model of text on.")
@click.option(
    *("--train", "train"),
    metavar="FILE",
    multiple=True,
    help="The list or the text it was trained on; may be given again.",
)
@reading_options
@click.option(
    "--sample", type=int, default=1_000, help="How many names to generate. [1000; from 1]"
)
@click.option(
    "--temperature", type=float, default=1.0, help="To generate them at. [1; from 0 to 100]"
)
@click.option("--seed", type=int, default=0, help="Of whatever is drawn. [0; from 0]")
@click.option("--plots", metavar="FOLDER", help="Write pictures there, as PNG.")
@json_option
def command(
    path: str,
    names: tuple[str, ...],
    text: str | None,
    train: tuple[str, ...],
    plots: str | None,
    as_json: bool,
    column: str | None,
    category_column: str | None,
    weight_column: str | None,
    by_file: bool,
    **options: Any,
) -> None:
    """Measure MODEL, a model file or a run folder.

    With --names: how likely it finds names that it has not seen, and how likely an n-gram does.
    With --train: which of its own names are near copies; and without --names, the names that
    were held out of that list are what it is measured on. A model of several lists is to be told
    which each name is of.

    A model of running text is measured on the text of --text, read from its start, or on what
    was held out of the text of --train.
    """
    from dino_names.api import load
    from dino_names.corpus import Reading
    from dino_names.errors import OptionError
    from dino_names.generation import NameModel
    from dino_names.storage import show

    if plots is not None:
        from dino_names.plotting import import_figure

        import_figure()  # refuses before anything is measured
    model = load(path)
    if not isinstance(model, NameModel):
        from dino_names.commands.text_models import write_likelihood

        if names or plots is not None or len(train) > 1:
            raise OptionError(
                f"{show(path)}: expected --text or --train alone with a model of running text, "
                "received --names or --plots; leave them out."
            )
        write_likelihood(model, text=text, train=train[0] if train else None, as_json=as_json)
        return
    if text is not None:
        raise OptionError(
            f"{show(path)}: expected --names with a model of names, received --text; use --names."
        )
    reading = Reading(column, category_column, weight_column, by_file)
    report = _measure(model, path, names, train, reading, options)
    _write(report, as_json=as_json)
    if plots is not None:
        from dino_names.plotting import write_pictures

        for picture in write_pictures(report, Path(plots)):
            click.echo(str(picture), err=True)


def _measure(
    model: NameModel,
    path: str,
    names: tuple[str, ...],
    train: tuple[str, ...],
    reading: Reading,
    options: dict[str, Any],
) -> Report:
    """Measure a model of names, and say what looks wrong in the files."""
    from dino_names.evaluation import choose_names, evaluate
    from dino_names.runs import RUN_FILE, Run

    history = Run.read(path).history if (Path(path) / RUN_FILE).exists() else ()
    chosen = choose_names(
        model.bundle, names=source_of(names), train=source_of(train), reading=reading
    )
    echo_warnings(chosen.warnings)
    return evaluate(model, chosen, history=history, **options)


def _write(report: Report, *, as_json: bool) -> None:
    if as_json:
        echo_json(report.to_json())
        return
    from dino_names.evaluation import lines

    click.echo("\n".join(lines(report)))
