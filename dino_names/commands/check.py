"""`dino-names check`: what a training would understand of some files."""

from __future__ import annotations

from typing import Any

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.options import echo_warnings, reading_options, source_of

SHOWN = 3


@with_examples(
    "check",
    "data/cheeses.txt",
    "data/cheeses.txt data/dinosaurs.txt",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@reading_options
def command(files: tuple[str, ...], **reading: Any) -> None:
    """Say what `train` would learn from FILE: how many names, three of them, and what looks wrong.

    Nothing is trained and nothing written.
    """
    from dino_names.corpus import Names, Reading, dropped, read_data
    from dino_names.tuning import has_few

    names = read_data(source_of(files), "names", Reading(**reading))
    assert isinstance(names, Names)
    echo_warnings(names.warnings)
    lengths = [len(name) for name in names.names]
    characters = len(set("".join(names.names)))
    click.echo(f"{len(names):,} names, such as {', '.join(names.names[:SHOWN])}")
    click.echo(f"{min(lengths)} to {max(lengths)} characters each, {characters} different ones")
    for label, count in names.categories:
        click.echo(f"{label}: {count:,}")
    if names.repeats:
        click.echo(dropped(names))
    how = "tunes the base" if has_few(len(names), names.smallest) else "begins from nothing"
    flags = [
        f" --{name.replace('_', '-')}" + (f" {value}" if value is not True else "")
        for name, value in reading.items()
        if value
    ]
    click.echo(f"a list of this length {how}: dino-names train {' '.join(files)}{''.join(flags)}")
