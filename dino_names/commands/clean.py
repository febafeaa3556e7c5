"""`dino-names clean`: the checkpoints of a run that nobody needs any more."""

from __future__ import annotations

import click

from dino_names.commands.calling import with_examples
from dino_names.runs import Run, best_epoch, list_checkpoints, locked, thin_checkpoints


@with_examples(
    "clean",
    "training_checkpoints/cheeses-default",
    "training_checkpoints/cheeses-default --keep-every 10",
)
@click.argument("run", metavar="RUN")
@click.option(
    "--keep-every",
    type=click.IntRange(min=1),
    metavar="N",
    help="Those of every so many epochs stay, too. [none; from 1 up]",
)
def command(run: str, keep_every: int | None) -> None:
    """Remove checkpoints of RUN that nobody needs any more, but never the best or the last two.

    The model, the history and what --resume goes on from stay as they are.
    """
    found = Run.read(run)
    with locked(found.folder, resume=True):
        there = list_checkpoints(found.folder)
        sizes = {epoch: path.stat().st_size for epoch, path in there.items()}
        gone = thin_checkpoints(found.folder, keep_every, best=best_epoch(found.history))
    freed = sum(sizes[epoch] for epoch in gone) / 1e6
    left = ", ".join(str(epoch) for epoch in sizes if epoch not in gone) or "none"
    click.echo(f"checkpoints removed: {len(gone)}, {freed:.1f} MB; left, by epoch: {left}")
