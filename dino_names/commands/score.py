"""`dino-names score`: how likely a model finds names."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from dino_names.api import load
from dino_names.commands.calling import with_examples
from dino_names.commands.options import model_option
from dino_names.commands.tables import check_one, echo_table, lines_of, table_options
from dino_names.errors import OptionError
from dino_names.generation import NameModel

if TYPE_CHECKING:
    from dino_names.generation import Score

SHOWN, LEAST = 3, 0.001


@with_examples(
    "score",
    "Ramosaurus Qqqqq",
    "--file data/dinosaurs.txt --rank --csv",
)
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--file", metavar="FILE", help="Names, one a line; - for standard input.")
@click.option("--rank", is_flag=True, help="The likeliest first.")
@model_option
@table_options
def command(
    path: str | None,
    file: str | None,
    rank: bool,
    as_json: bool,
    as_csv: bool,
    names: tuple[str, ...],
) -> None:
    """Say how likely each NAME is: fewer nats, likelier.

    With a model of several lists, how likely each is to have made the name, by Bayes' rule.
    With a model of running text, how likely the text of --file is.
    """
    check_one(as_json, as_csv)
    if bool(names) == bool(file):
        raise OptionError(
            f"expected names or --file, received {'both' if names else 'neither'}; "
            "give names, or a file of them."
        )
    model = load(path)
    if file is not None and not isinstance(model, NameModel):
        from dino_names.commands.text_models import write_likelihood

        if rank or as_csv:
            raise OptionError("--rank and --csv: expected a model of names, received one of text.")
        write_likelihood(model, text=file, train=None, as_json=as_json)
        return
    scores = model.score_many(lines_of(file) if file else names)
    if rank:
        scores = sorted(scores, key=lambda score: score.nats)
    if as_json or as_csv:
        echo_table([_row(score, as_csv) for score in scores], as_json=as_json, as_csv=as_csv)
        return
    width = max(4, *(len(score.name) for score in scores))
    lists = "  category" if scores[0].categories else ""
    click.echo(f"{'name':<{width}}     nats  per character  in training list{lists}")
    for score in scores:
        known = "yes" if score.in_training_list else "no"
        row = f"{score.name:<{width}} {score.nats:8.3f}  {score.nats_per_char:13.3f}  {known:<16}"
        click.echo((row + _likeliest(score.categories)).rstrip())


def _row(score: Score, as_csv: bool) -> dict[str, Any]:
    """A score as plain values; in CSV a column for each category."""
    row = asdict(score)
    chances = row.pop("categories")
    if chances is None:
        return row
    return {**row, **chances} if as_csv else {**row, "categories": chances}


def _likeliest(chances: dict[str, float] | None) -> str:
    """The likeliest categories of a name, with their probabilities."""
    if chances is None:
        return ""
    best = sorted(chances, key=lambda label: -chances[label])[:SHOWN]
    shown = [f"{label} {100 * chances[label]:.1f} %" for label in best if chances[label] > LEAST]
    return f"  {', '.join(shown)}"
