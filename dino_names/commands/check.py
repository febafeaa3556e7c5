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
    from dino_names.corpus import Names, PreparedNames, Reading, dropped, read_to_train
    from dino_names.tuning import has_few

    names = read_to_train(source_of(files), "names", Reading(**reading))
    echo_warnings(names.warnings)
    if isinstance(names, PreparedNames):
        some = ", ".join(names.texts(0)[:SHOWN])
        click.echo(f"{len(names):,} names, prepared, such as {some}")
        characters = len(names.characters) - 1  # without the boundary
        click.echo(f"up to {names.longest} characters each, {characters} different ones")
        if names.repeats:
            click.echo(dropped(names))
        click.echo(f"a list of this kind begins from nothing: dino-names train {files[0]}")
        return
    assert isinstance(names, Names)
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
