"""Options that several commands share, and flags made from the fields of a dataclass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, asdict, fields
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import click

from dino_names.commands.calling import TopicOption

if TYPE_CHECKING:
    from dino_names.generation import SamplingOptions

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
NONE_WORD = "none"
LIMITS = {"low": "from", "above": "above", "high": "to", "below": "below"}
# What who trains on a list of their own may want to change; the rest is for `--help-all`.
BASIC = ("kind", "valid_fraction", "base", "tuner", "loop", "epochs", "seed", "temperature")
# And of what names may be asked to be.
RARE = (
    *("letters", "not_letters", "exact_case", "novel", "top_k", "top_p"),
    *("distinct_starts", "apart", "key"),
)
# What `none` stands for where a number may be given, to be told from an option not given.
NONE = object()
MODEL_HELP = "A model file or a run folder; the shipped dinosaur model by default."


class Maybe(click.ParamType[Any]):
    """A number, or the word `none`."""

    def __init__(self, number: type[int] | type[float]) -> None:
        self.number = number
        self.name = f"{'integer' if number is int else 'number'}|none"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Give the number, or `NONE` for `none`."""
        if value in (NONE_WORD, NONE):
            return NONE
        try:
            return self.number(value)
        except ValueError:
            self.fail(f"expected {self.name}, received {value!r}.", param, context)


def to_flag(name: str) -> str:
    """The flag of an option."""
    return "--" + name.replace("_", "-")


def hyperparameters(section: type[Any]) -> Decorator:
    """A flag for each choice of training in a section: a switch, a choice, a number or `none`.

    Arguments:
        section: a dataclass, whose fields were made by `config.option`.
    """
    hints, topic = get_type_hints(section), (section.__doc__ or "").partition(",")[0].rstrip(".")

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for item in reversed(fields(section)):
            function = _hyperparameter(item, hints[item.name], topic)(function)
        return function

    return decorate


def _hyperparameter(item: Field[Any], hint: Any, topic: str) -> Decorator:
    flag, choices = to_flag(item.name), get_args(hint)
    about: dict[str, Any] = {
        "cls": TopicOption,
        "topic": "" if item.name in BASIC else topic,
        "help": f"{item.metadata['help']} [{_default(item)}]",
        "metavar": "FILE" if hint == tuple[str, ...] else None,
    }
    if hint == tuple[str, ...]:
        return click.option(f"{flag}-file", item.name, callback=words_of_file, **about)
    if hint is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", item.name, default=None, **about)
    if choices and all(isinstance(choice, str) for choice in choices):
        return click.option(flag, item.name, type=click.Choice(choices), **about)
    kind: Any = hint
    if type(None) in choices:
        kind = Maybe(int if int in choices else float)
    return click.option(flag, item.name, type=kind, **about)


def words_of_file(_: click.Context, __: click.Parameter, path: str | None) -> Any:
    """The words of a file that was named, one a line."""
    if path is None:
        return None
    from dino_names.constraints import read_words

    return read_words(path)


def _default(item: Field[Any]) -> str:
    """What the preset default has, and what an option may be."""
    from dino_names.config import all_presets  # generating does without it

    value = all_presets()["default"].flat()[item.name]
    if isinstance(value, bool):
        return "on" if value else "off"
    shown = (
        NONE_WORD if value in (None, ()) else f"{value:,}" if isinstance(value, int) else str(value)
    )
    return "; ".join(filter(None, [shown, _range(item.metadata["limits"])]))


def _range(limits: dict[str, Any]) -> str:
    """Bounds in words."""
    return " ".join(f"{word} {limits[key]:,}" for key, word in LIMITS.items() if key in limits)


def _with_range(text: str, limits: dict[str, Any]) -> str:
    """A help text with the bounds behind the default, which stands in brackets."""
    bounds = _range(limits)
    if not bounds:
        return text
    return f"{text[:-1]}; {bounds}]" if text.endswith("]") else f"{text} [{bounds}]"


def generation_options(*kinds: type[SamplingOptions]) -> Decorator:
    """A flag for each thing that a call which generates may be asked for; None if it is not.

    Arguments:
        kinds: the options of each, of which those without a help text get no flag.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for kind in reversed(kinds):
            for name, text in reversed(kind.help.items()):
                hint = kind.__annotations__[name].removesuffix(" | None")
                flags = ["-n", "--number"] if name == "n" else [to_flag(name)]
                shown = _with_range(text, kind.limits.get(name, {}))
                about: dict[str, Any] = {"help": shown, "cls": TopicOption}
                about["topic"] = "Less common" if name in RARE else ""
                if hint == "bool":
                    option = click.option(*flags, name, is_flag=True, default=None, **about)
                elif hint.startswith("tuple"):
                    many: dict[str, Any] = {
                        "multiple": True,
                        "callback": lambda _, __, given: given or None,
                    }
                    option = click.option(*flags, name, **many, **about)
                elif name in kind.choices:
                    among = click.Choice(kind.choices[name])
                    option = click.option(*flags, name, type=among, **about)
                else:
                    number = {"int": int, "float": float, "str": str}[hint]
                    option = click.option(*flags, name, type=number, **about)
                function = option(function)
        return function

    return decorate


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--column` and what else says how lists are to be read."""
    columns = {
        "--column": "Where the names are in a table: heading or number; none: lines as they "
        "stand. [found]",
        "--category-column": "What says which list each name is of: one model, many lists.",
        "--weight-column": "How much each name counts.",
    }
    about = "Each FILE is a category: one model, many lists."
    function = click.option("--by-file", is_flag=True, help=about)(function)
    for flag, text in reversed(columns.items()):
        function = click.option(flag, metavar="C", help=text)(function)
    return function


def source_of(files: tuple[str, ...]) -> Any:
    """What some files stand for, as `dino_names.train` takes it."""
    if len(files) < 2:
        return files[0] if files else None
    from pathlib import Path  # one file does without

    return [Path(file) for file in files]


def model_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--model`."""
    return click.option("--model", "path", metavar="PATH", help=MODEL_HELP)(function)


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def echo_warnings(sentences: Iterable[str]) -> None:
    """Say on standard error what looks wrong and may be right."""
    for sentence in sentences:
        click.echo(f"warning: {sentence}", err=True)


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
