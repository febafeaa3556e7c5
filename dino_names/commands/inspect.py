"""`dino-names inspect`: what a model file or a run holds."""

from __future__ import annotations

import click

from dino_names.api import load
from dino_names.commands.calling import with_examples
from dino_names.commands.options import echo_json, echo_rows, json_option


@with_examples(
    "inspect",
    "training_checkpoints/cheeses-default",
    "training_checkpoints/cheeses-default --json",
)
@click.argument("path", metavar="MODEL")
@json_option
def command(path: str, as_json: bool) -> None:
    """Show what MODEL, a model file or a run folder, holds."""
    facts = load(path).describe()
    if as_json:
        echo_json(facts)
    else:
        echo_rows((name.replace("_", " "), _words(value)) for name, value in facts.items())


def _words(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return ", ".join(f"{name} {count:,}" for name, count in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items()) or "none"
    return repr(value) if isinstance(value, str) and not value.isprintable() else str(value)
