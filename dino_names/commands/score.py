"""`dino-names score`: how likely a model finds names."""

from __future__ import annotations

import click

from dino_names.api import load
from dino_names.commands.calling import with_examples
from dino_names.commands.options import echo_json, json_option, model_option


@with_examples(
    "score",
    "Ramosaurus Qqqqq",
    "Ramosaurus --json",
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@model_option
@json_option
def command(path: str | None, as_json: bool, names: tuple[str, ...]) -> None:
    """Say how likely each NAME is: fewer nats, likelier."""
    scores = load(path).score_many(names)
    if as_json:
        echo_json(scores)
        return
    width = max(4, *(len(score.name) for score in scores))
    click.echo(f"{'name':<{width}}     nats  per character  in training list")
    for score in scores:
        known = "yes" if score.in_training_list else "no"
        click.echo(f"{score.name:<{width}} {score.nats:8.3f}  {score.nats_per_char:13.3f}  {known}")
