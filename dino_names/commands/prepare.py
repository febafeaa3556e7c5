"""`dino-names prepare`: a list that is too long for memory, made a folder to train on."""

from __future__ import annotations

import contextlib
from types import FrameType
from typing import Any

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.options import NONE, Maybe, echo_warnings, source_of
from dino_names.errors import InterruptedRunError
from dino_names.signals import handled
from dino_names.storage import show


@with_examples(
    "prepare",
    "data/dinosaurs.txt --out dinosaurs.names",
    "data/elves.txt data/dwarves.txt --out both.names --ngram-order 4",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--out", required=True, metavar="FOLDER", help="The folder to make.")
@click.option(
    "--column",
    metavar="NAME",
    help="Of a table: where the names are, by heading or number, or none for lines as they stand.",
)
@click.option(
    "--ngram-order",
    type=Maybe(int),
    metavar="N",
    default="6",
    help="The highest that training may then ask for, or none. [6; at least 1 and at most 16]",
)
@click.option("--overwrite", is_flag=True, help="In place of a folder that was made so.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Of Dask, whose workers count for the n-gram: tcp://host:8786. [counted here]",
)
@click.option("--workers", type=int, help="Count with workers of its own. [none; from 1 to 1,024]")
def command(
    files: tuple[str, ...],
    out: str,
    ngram_order: Any,
    scheduler: str | None,
    workers: int | None,
    **options: Any,
) -> None:
    """Make a folder to train on of FILE, one name a line, of any length.

    It is read once, in bounded memory: checked, repeats dropped, encoded, counted for the n-gram.
    Several make one list; - is standard input. For lists that train takes as they are, up to 10
    million names, nobody needs it.
    """
    from dino_names.commands.folder import Bar
    from dino_names.corpus import dropped

    def stop(number: int, frame: FrameType | None) -> None:
        raise InterruptedRunError("stopped; nothing of it was left.", signal_number=number)

    options["ngram_order"] = None if ngram_order is NONE else ngram_order
    with handled(stop), contextlib.closing(Bar()) as bar:
        if scheduler is None and workers is None:
            from dino_names.preparing import prepare

            names = prepare(source_of(files), out, told=bar, **options)
        else:
            from dino_names.cluster import prepare_together

            about: Any = {"scheduler": scheduler, "workers": workers, "told": bar}
            names = prepare_together(source_of(files), out, **about, **options)
    echo_warnings(names.warnings)
    repeats = f"; {dropped(names)}" if names.repeats else ""
    click.echo(f"{len(names):,} names in {show(out)}{repeats}", err=True)
    click.echo(f"next: dino-names train {show(out)}", err=True)
    click.echo(out)
