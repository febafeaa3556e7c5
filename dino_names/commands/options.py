"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import click

MODEL_HELP = "A model file or a run folder; the shipped dinosaur model by default."


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
