"""`dino-names export`: one epoch of a run as a model file."""

from __future__ import annotations

from pathlib import Path

import click

from dino_names.commands.calling import with_examples

LAST = -1
ENDING, OTHERS = ".safetensors", (".keras", ".tflite", ".onnx")


class Epoch(click.ParamType[int]):
    """The number of an epoch, or the word `last`."""

    name = "integer|last"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        """Give the number, `LAST` for `last`."""
        text = str(value)
        if text == "last":
            return LAST
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            self.fail(f"expected the number of an epoch or last, received {text!r}.")
        return int(text)


@with_examples(
    "export",
    "training_checkpoints/cheeses-default -o mine.safetensors",
    "training_checkpoints/mine --epoch last -o last.safetensors",
)
@click.argument("path", metavar="RUN")
@click.option(
    *("-o", "--output"),
    required=True,
    metavar="FILE",
    help="Where to: .safetensors, .keras, .tflite or .onnx.",
)
@click.option("--category", metavar="C", help="One of its lists, or a blend. [all]")
@click.option("--epoch", type=Epoch(), help="Which checkpoint, of a run of your own. [the best]")
def command(path: str, output: str, category: str | None, epoch: int | None) -> None:
    """Write the best model of RUN, or one of its epochs, as one file to share.

    A .safetensors is for this program, the n-gram included. The others are the network alone,
    with its characters in a vocabulary.json beside it: a .keras of Keras's own layers, a .tflite
    that takes one step (states go in and out), an .onnx from ids to logits.
    """
    from dino_names.errors import OptionError
    from dino_names.runs import Run

    if not output.endswith((ENDING, *OTHERS)):
        raise OptionError(
            f"--output: expected a file that ends in {ENDING}, {', '.join(OTHERS[:-1])} or "
            f"{OTHERS[-1]}, received {output!r}; no other format is written."
        )
    run = Run.read(path)
    if output.endswith(OTHERS):
        from dino_names.commands.network_files import LATEST, write_network

        wanted = LATEST if epoch == LAST else epoch
        write_network(run, Path(output), epoch=wanted, category=category)
        click.echo(output)
        return
    if category is not None:
        if epoch is not None:
            raise OptionError("--category and --epoch: expected one of them, received both.")
        from dino_names.tuning import bundle_of

        bundle_of(run, category).write(output)
    elif epoch is None:
        run.model().write(output)
    else:
        from dino_names.training.saving import export_epoch

        for sentence in export_epoch(run, None if epoch == LAST else epoch, output):
            click.echo(sentence, err=True)
    click.echo(output)
