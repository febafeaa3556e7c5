"""`dino-names train`: one flag per hyperparameter, made from the configuration's own fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import click

from dino_names.config import SECTIONS, all_presets, choose
from dino_names.interrupts import leaving_at_once

NONE = "none"


class Maybe(click.ParamType[Any]):
    """A number, or the word `none`."""

    def __init__(self, number: type[int] | type[float]) -> None:
        self.number = number
        self.name = f"{'integer' if number is int else 'number'}|none"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Give the number, or `NONE` for `none`, to be told from an option not given."""
        if value == NONE:
            return NONE
        try:
            return self.number(value)
        except ValueError:
            self.fail(f"expected {self.name}, received {value!r}.", param, context)


def _flag(name: str, hint: Any, text: str) -> Callable[..., Any]:
    flag = "--" + name.replace("_", "-")
    if hint is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=text)
    choices = get_args(hint)
    if choices and all(isinstance(choice, str) for choice in choices):
        return click.option(flag, name, type=click.Choice(choices), help=text)
    kind: Any = hint
    if type(None) in choices:
        kind = Maybe(int if int in choices else float)
    return click.option(flag, name, type=kind, help=text)


def hyperparameters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add a flag for each field of each section, in their order."""
    for section in reversed(SECTIONS.values()):
        hints = get_type_hints(section)
        for item in reversed(fields(section)):
            function = _flag(item.name, hints[item.name], item.metadata["help"])(function)
    return function


@click.command("train")
@click.argument("file")
@click.option("--preset", type=click.Choice(list(all_presets())), help="[default]")
@click.option("--out", metavar="RUN", help="The run folder. [training_checkpoints/FILE-PRESET]")
@click.option("--resume", is_flag=True, help="Go on where the run was interrupted.")
@hyperparameters
def command(file: str, preset: str | None, out: str | None, resume: bool, **options: Any) -> None:
    """Train on FILE, one name a line; what is not named is the preset's.

    Example: dino-names train data/dinosaurs.txt --epochs 20
    """
    from dino_names.corpus import read_names

    given = {
        name: None if value == NONE else value
        for name, value in options.items()
        if value is not None
    }
    choose(preset, **given)
    names = read_names(file)
    for sentence in names.warnings:
        click.echo(f"warning: {sentence}", err=True)
    click.echo(f"{file}: {len(names.names):,} names; starting TensorFlow", err=True)

    with leaving_at_once():  # training itself then stops by saving
        from dino_names.training.progress import for_terminal
        from dino_names.training.train import train

        run = train(file, preset=preset, out=out, resume=resume, progress=for_terminal(), **given)
    click.echo(str(run.folder))
