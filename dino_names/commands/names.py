"""What `dino-names generate` does with --likeliest and --key-file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from dino_names.commands.tables import echo_table, lines_of
from dino_names.errors import OptionError
from dino_names.generation import NameModel, Score


def rows_of(scores: Sequence[Score], category: str | None = None) -> list[dict[str, Any]]:
    """Names with their nats, and the category: what was asked for, or what Bayes' rule finds.

    Arguments:
        scores: of the names.
        category: that was asked for, if one was.
    """
    rows: list[dict[str, Any]] = []
    for score in scores:
        row: dict[str, Any] = {"name": score.name, "nats": score.nats}
        chances = score.categories
        if category is not None or chances:
            row["category"] = category or max(chances or {}, key=(chances or {}).__getitem__)
        rows.append(row)
    return rows


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
    _only("--likeliest", options, "key_file", "listed")
    found = model.likeliest(prompt, **options)
    if not echo_table(rows_of(found, options.get("category")), as_json=as_json, as_csv=as_csv):
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
    _only("--key-file", options, "listed")
    for name in ("n", "distinct", "distinct_starts", "apart"):
        if name in options:
            flag = "-n" if name == "n" else f"--{name.replace('_', '-')}"
            raise OptionError(f"{flag}: expected none with --key-file, which has a name for each.")
    names = model.generate_for_keys(lines_of(key_file), prompt, **options)
    rows = [{"key": key, "name": name} for key, name in names.items()]
    if not echo_table(rows, as_json=as_json, as_csv=as_csv):
        click.echo("\n".join(names.values()))


def write_with_nearest(
    model: NameModel, prompt: str, *, as_json: bool, as_csv: bool, listed: str, **options: Any
) -> None:
    """Print names with their nats and the nearest name of a list.

    Arguments:
        model: of names.
        prompt: how they begin.
        as_json, as_csv: in which form.
        listed: the list.
        options: those of `NameModel.generate_many`.
    """
    from dino_names.corpus import read_list
    from dino_names.evaluation import nearest

    names = read_list(listed).names
    scores = model.sample(prompt, **options)
    neighbours = nearest([score.name for score in scores], names)
    rows = [
        {**row, "nearest": each.nearest, "distance": each.distance}
        for row, each in zip(rows_of(scores, options.get("category")), neighbours, strict=True)
    ]
    if not echo_table(rows, as_json=as_json, as_csv=as_csv):
        width = max(len(score.name) for score in scores)
        for row in rows:
            click.echo(f"{row['name']:<{width}}  {row['distance']:>3}  {row['nearest']}")


def _only(flag: str, options: dict[str, Any], *others: str) -> None:
    """Refuse options that do not go with another."""
    for name in others:
        if name in options:
            other = {"key_file": "--key-file", "listed": "--list"}[name]
            raise OptionError(f"{flag} and {other}: expected one of them, received both.")
