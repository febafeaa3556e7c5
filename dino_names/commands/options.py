"""Options that several commands share, and flags made from the fields of a dataclass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, asdict, fields
from typing import Any, get_args, get_type_hints

import click

NONE = "none"
MODEL_HELP = "A model file or a run folder; the shipped dinosaur model by default."


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


def to_flag(name: str) -> str:
    """The flag of an option."""
    return "--" + name.replace("_", "-")


def flags_of(
    section: type[Any],
    make: Callable[[Field[Any], Any], Callable[..., Any]],
    *,
    without: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A flag for each field that a dataclass adds to those of its base, in their order.

    Arguments:
        section: the dataclass, whose fields were made by `config.option`.
        make: from a field and its type to click's option.
        without: fields that get no flag.
    """
    hints, own = get_type_hints(section), section.__annotations__

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for item in reversed(fields(section)):
            if item.name in own and item.name not in without:
                function = make(item, hints[item.name])(function)
        return function

    return decorate


def hyperparameter(item: Field[Any], hint: Any) -> Callable[..., Any]:
    """The flag of a choice of training: a switch, a choice, a number, or a number or `none`."""
    flag, text = to_flag(item.name), item.metadata["help"]
    if hint is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", item.name, default=None, help=text)
    choices = get_args(hint)
    if choices and all(isinstance(choice, str) for choice in choices):
        return click.option(flag, item.name, type=click.Choice(choices), help=text)
    kind: Any = hint
    if type(None) in choices:
        kind = Maybe(int if int in choices else float)
    return click.option(flag, item.name, type=kind, help=text)


def generation_option(item: Field[Any], hint: Any) -> Callable[..., Any]:
    """The flag of what a call that generates may be asked for; None where it is not given."""
    flags, text = [to_flag(item.name)], item.metadata["help"]
    if item.name == "n":
        flags = ["-n", "--number"]
    if hint is bool:
        return click.option(*flags, item.name, is_flag=True, default=None, help=text)
    kind = next(kind for kind in get_args(hint) or (hint,) if kind is not type(None))
    return click.option(*flags, item.name, type=kind, help=text)


def model_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--model`."""
    return click.option("--model", "path", metavar="PATH", help=MODEL_HELP)(function)


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def echo_json(value: Any) -> None:
    """Print a value as JSON on standard output, dataclasses as objects."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=asdict))


def echo_rows(rows: Iterable[tuple[str, str]]) -> None:
    """Print pairs in two columns."""
    pairs = list(rows)
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name:<{width}}  {value}")
