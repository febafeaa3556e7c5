"""What `dino-names generate` does with --likeliest and --key-file."""

from __future__ import annotations

from typing import Any

import click

from dino_names.commands.tables import echo_table, lines_of
from dino_names.errors import OptionError
from dino_names.generation import NameModel


def write_likeliest(
    model: NameModel, prompt: str, *, as_json: bool, as_csv: bool, **options: Any
) -> None:
    """Print the likeliest names, best first, and on standard error how far that is certain.

    Arguments:
        model: of names.
        prompt: how they begin.
        as_json, as_csv: in which form.
        options: those of `NameModel.likeliest`.
    """
    if "key_file" in options:
        raise OptionError("--likeliest and --key-file: expected one of them, received both.")
    found = model.likeliest(prompt, **options)
    rows = [{"name": score.name, "nats": score.nats} for score in found]
    if not echo_table(rows, as_json=as_json, as_csv=as_csv):
        width = max(len(score.name) for score in found)
        for score in found:
            click.echo(f"{score.name:<{width}} {score.nats:8.3f}")
    if found.certain < len(found):
        upto = f"only up to {found[found.certain - 1].name}" if found.certain else "of none"
        click.echo(
            f"certain {upto}: the search ended there, and behind it a likelier one may be missing",
            err=True,
        )


def write_for_keys(
    model: NameModel, prompt: str, *, as_json: bool, as_csv: bool, key_file: str, **options: Any
) -> None:
    """Print a name for each key of a file, in their order.

    Arguments:
        model: of names.
        prompt: how they begin.
        as_json, as_csv: in which form.
        key_file: the keys, one a line; `-` for standard input.
        options: those of `NameModel.generate_for_keys`.
    """
    for name in ("n", "distinct", "distinct_starts", "apart"):
        if name in options:
            flag = "-n" if name == "n" else f"--{name.replace('_', '-')}"
            raise OptionError(f"{flag}: expected none with --key-file, which has a name for each.")
    names = model.generate_for_keys(lines_of(key_file), prompt, **options)
    rows = [{"key": key, "name": name} for key, name in names.items()]
    if not echo_table(rows, as_json=as_json, as_csv=as_csv):
        click.echo("\n".join(names.values()))
