"""`dino-names check`: what a training would understand of some files."""

from __future__ import annotations

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.options import column_option, echo_warnings, source_of

SHOWN = 3


@with_examples(
    "check",
    "data/cheeses.txt",
    "data/cheeses.txt data/dinosaurs.txt",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@column_option
def command(files: tuple[str, ...], column: str | None) -> None:
    """Say what `train` would learn from FILE: how many names, three of them, and what looks wrong.

    Nothing is trained and nothing written.
    """
    from dino_names.config import MOST_FOR_BASE
    from dino_names.corpus import Names, dropped, read_data

    names = read_data(source_of(files), "names", column)
    assert isinstance(names, Names)
    echo_warnings(names.warnings)
    lengths = [len(name) for name in names.names]
    characters = len(set("".join(names.names)))
    click.echo(f"{len(names):,} names, such as {', '.join(names.names[:SHOWN])}")
    click.echo(f"{min(lengths)} to {max(lengths)} characters each, {characters} different ones")
    if names.repeats:
        click.echo(dropped(names))
    how = "tunes the base" if len(names) <= MOST_FOR_BASE else "begins from nothing"
    click.echo(f"a list of this length {how}: dino-names train {' '.join(files)}")
