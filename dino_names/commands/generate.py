"""`dino-names generate`: invent names, or go on with a text."""

from __future__ import annotations

from typing import Any

import click

from dino_names.api import load
from dino_names.commands.options import echo_json, json_option, model_option
from dino_names.errors import OptionError
from dino_names.generation.name_model import NameModel

TEXT_OPTIONS = ("length", "interactive")
NAME_OPTIONS = ("n", "min_length", "max_length", "allow_training_names")


@click.command("generate")
@click.argument("prompt", default="")
@click.option("-n", "--number", "n", type=int, help="How many names. [1]")
@click.option("--temperature", type=float, help="0 is greedy, 1 as learned. [the model's]")
@click.option("--top-k", type=int, help="Choose among the K likeliest characters.")
@click.option("--top-p", type=float, help="Choose among the likeliest that make up P.")
@click.option("--seed", type=int, help="The same seed gives the same names.")
@click.option("--min-length", type=int, help="No shorter name. [0]")
@click.option("--max-length", type=int, help="No longer name. [twice the longest learned]")
@click.option("--allow-training-names", is_flag=True, default=None, help="Names of the list too.")
@click.option("--length", type=int, help="How many characters of text. [500]")
@click.option("--interactive", is_flag=True, default=None, help="Ask for beginnings of texts.")
@model_option
@json_option
def command(path: str | None, as_json: bool, prompt: str, **options: Any) -> None:
    """Invent names that begin with PROMPT; with a model of text, go on from it.

    Example: dino-names generate Ram -n 5 --temperature 0.8
    """
    model = load(path)
    given = {name: value for name, value in options.items() if value is not None}
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
            flag = "-n" if name == "n" else f"--{name.replace('_', '-')}"
            raise OptionError(f"{flag}: expected it with a model of {why}, or name another model.")
