"""`dino-names generate`: invent names."""

from __future__ import annotations

from typing import Any

import click

from dino_names.api import load
from dino_names.commands.options import echo_json, json_option, model_option


@click.command("generate")
@click.argument("prompt", default="")
@click.option("-n", "--number", "n", type=int, default=1, help="How many names. [1]")
@click.option("--temperature", type=float, help="0 is greedy, 1 as learned. [the model's]")
@click.option("--top-k", type=int, help="Choose among the K likeliest characters.")
@click.option("--top-p", type=float, help="Choose among the likeliest that make up P.")
@click.option("--seed", type=int, help="The same seed gives the same names.")
@click.option("--min-length", type=int, default=0, help="No shorter name. [0]")
@click.option("--max-length", type=int, help="No longer name. [twice the longest learned]")
@click.option("--allow-training-names", is_flag=True, help="Names of the list too.")
@model_option
@json_option
def command(path: str | None, as_json: bool, prompt: str, **options: Any) -> None:
    """Invent names that begin with PROMPT.

    Example: dino-names generate Ram -n 5 --temperature 0.8
    """
    model = load(path)
    if as_json:
        echo_json([{"name": s.name, "nats": s.nats} for s in model.sample(prompt, **options)])
    else:
        click.echo("\n".join(model.generate_many(prompt, **options)))
