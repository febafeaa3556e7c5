"""`dino-names generate`: invent names, or go on with a text."""

from __future__ import annotations

from typing import Any

import click

from dino_names.api import load
from dino_names.commands.calling import with_examples
from dino_names.commands.options import (
    echo_json,
    generation_options,
    json_option,
    model_option,
    to_flag,
    words_of_file,
)
from dino_names.errors import OptionError
from dino_names.generation import (
    NameModel,
    NameOptions,
    OneNameOptions,
    SamplingOptions,
    TextOptions,
)

TEXT_OPTIONS = (*TextOptions.help, "interactive")
NAME_OPTIONS = (*NameOptions.help, *OneNameOptions.help)


@with_examples(
    "generate",
    "Ram -n 5 --temperature 0.8",
    "-n 10 --model training_checkpoints/dinosaurs-default",
)
@click.argument("prompt", default="")
@generation_options(NameOptions, OneNameOptions, SamplingOptions, TextOptions)
@click.option(
    "--without-file", "words", metavar="FILE", callback=words_of_file, help="Many, one a line."
)
@click.option("--interactive", is_flag=True, default=None, help="Ask for beginnings of texts.")
@model_option
@json_option
def command(
    path: str | None,
    as_json: bool,
    prompt: str,
    words: tuple[str, ...] | None,
    **options: Any,
) -> None:
    """Invent names that begin with PROMPT; with a model of text, go on from it."""
    model = load(path)
    given = {name: value for name, value in options.items() if value is not None}
    if words:
        given["without"] = (*given.get("without", ()), *words)
    if not isinstance(model, NameModel):
        _refuse(given, NAME_OPTIONS, "names, and this model is one of running text; use --length")
        from dino_names.commands.text_models import write_text  # names must not wait for it

        write_text(model, prompt, as_json=as_json, **given)
        return
    _refuse(given, TEXT_OPTIONS, "running text, and this model is one of names; use -n")
    if as_json:
        echo_json([{"name": s.name, "nats": s.nats} for s in model.sample(prompt, **given)])
    else:
        click.echo("\n".join(model.generate_many(prompt, **given)))


def _refuse(given: dict[str, Any], names: tuple[str, ...], why: str) -> None:
    for name in names:
        if name in given:
            flag = "-n" if name == "n" else to_flag(name)
            raise OptionError(f"{flag}: expected it with a model of {why}, or name another model.")
