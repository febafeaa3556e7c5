"""An option: a field with its meaning and its bounds, and how each is checked."""

from __future__ import annotations

from dataclasses import field, fields
from functools import cache
from typing import Any, get_args, get_type_hints

from dino_names.checks import brief, check_choice, check_range
from dino_names.errors import OptionError
from dino_names.record import plain


def option(default: Any, text: str, *, later: bool = False, **limits: Any) -> Any:
    """A field with its meaning and the bounds that `check_range` takes.

    Arguments:
        default: its value where nothing is chosen.
        text: its help.
        later: whether runs were begun before there was this option, which then was its default:
            it stands in `run.json` only where it is something else.
        limits: its bounds.
    """
    return field(default=default, metadata={"help": text, "limits": limits, "later": later})


@cache
def field_types(section: type[Any]) -> dict[str, Any]:
    """The types of a section's fields, which Python compiles from their text."""
    return get_type_hints(section)


def check_options(section: Any) -> None:
    """Hold every field of a section against its type, its choices and its bounds.

    NumPy's numbers become Python's.

    Raises:
        OptionError: names the first that does not fit.
    """
    hints = field_types(section.__class__)
    for item in fields(section):
        value, hint = plain(getattr(section, item.name)), hints[item.name]
        object.__setattr__(section, item.name, value)
        if get_args(hint) and all(isinstance(choice, str) for choice in get_args(hint)):
            check_choice(item.name, value, get_args(hint))
        elif hint is str:
            if not isinstance(value, str) or not value or not value.isprintable():
                raise OptionError(
                    f"{item.name}: expected a word or a path, received {brief(value)}."
                )
        elif hint == tuple[str, ...]:
            object.__setattr__(section, item.name, _words(item.name, value))
        elif hint is bool:
            if not isinstance(value, bool):
                raise OptionError(f"{item.name}: expected true or false, received {brief(value)}.")
        elif value is not None or type(None) not in get_args(hint):
            whole = hint is int or int in get_args(hint)
            check_range(item.name, value, whole=whole, **item.metadata["limits"])


def _words(name: str, value: Any) -> tuple[str, ...]:
    """Several words, from whatever holds them."""
    words = [value] if isinstance(value, str) else value
    fits = isinstance(words, (list, tuple, set, frozenset)) and all(
        isinstance(word, str) and word.strip() and word.isprintable() for word in words
    )
    if not fits:
        raise OptionError(f"{name}: expected a list of words, received {brief(value)}.")
    return tuple(sorted({word.strip() for word in words}))
