"""`dino-names export`: one epoch of a run as a model file."""

from __future__ import annotations

import click


@click.command("export")
@click.argument("path", metavar="RUN")
@click.option("-o", "--output", required=True, metavar="FILE.safetensors", help="Where to.")
@click.option("--epoch", type=int, help="Which checkpoint. [the best model]")
def command(path: str, output: str, epoch: int | None) -> None:
    """Write the best model of RUN, or one of its epochs, as one file to share.

    Example: dino-names export training_checkpoints/dinosaurs-default -o mine.safetensors
    """
    from dino_names.runs import Run

    run = Run.read(path)
    if epoch is None:
        run.model().write(output)
    else:
        from dino_names.training.export import export_epoch

        for sentence in export_epoch(run, epoch, output):
            click.echo(sentence, err=True)
    click.echo(output)
