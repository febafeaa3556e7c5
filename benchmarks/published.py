"""The published tutorial, row by row: its figures, the preset's, and those of Keras's own layers.

    python -m benchmarks.published dinos.txt

Names as the tutorial had them: every line, two that are run together taken apart, padded to the
longest and one more, 24 batches of 64, padding counted in the loss, the state carried on. Each loop
with Adam as it is defined, the shares of a looked-up row summed before they are squared (which is
what Keras 2 did, and the preset does), and as Keras 3 comes, which squares each share.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import click
import keras
import numpy as np

import dino_names
from benchmarks.losses import Losses
from benchmarks.rivals import stock
from benchmarks.timing import table
from dino_names.config import Config, preset
from dino_names.corpus import Vocabulary
from dino_names.training import NameBatches, reset_state, tape_loop
from dino_names.training.step import compile_with_step

LONGEST = 23
EPOCHS = 20
# Epoch (from 1), which of its losses, loop, and what was published of it.
ROWS: tuple[tuple[int, str, str, str], ...] = (
    (1, "mean", "fit", "3.0601"),
    (10, "mean", "fit", "-"),
    (20, "mean", "fit", "0.6993"),
    (1, "first batch", "tape", "3.967"),
    (1, "last batch", "tape", "1.5980"),
    (10, "first batch", "tape", "0.9956"),
    (10, "last batch", "tape", "0.8829"),
    (20, "last batch", "tape", "-"),
)


def as_published(path: Path) -> list[str]:
    """The lines of a file, those too long for one name taken apart at the capital inside."""
    lines = path.read_text(encoding="utf-8").split()
    apart = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", line) for line in lines]
    return [
        name
        for line, parts in zip(lines, apart, strict=True)
        for name in (parts.split() if len(line) > LONGEST else [line])
    ]


def ours(names: list[str], config: Config, loop: str, epochs: int) -> np.ndarray:
    """Losses of the preset, (epochs, batches)."""
    losses = Losses()
    with tempfile.TemporaryDirectory() as folder:
        dino_names.train(
            names,
            preset="tutorial",
            out=Path(folder) / "run",
            rnn_units=config.model.rnn_units,
            loop=loop,
            epochs=epochs,
            callbacks=[losses],
            progress=False,
        )
    return np.array(losses.batches).reshape(epochs, -1)


def plain_keras(names: list[str], config: Config, loop: str, epochs: int) -> np.ndarray:
    """Losses of Keras's own layers and Adam on the same batches, (epochs, batches)."""
    vocabulary = Vocabulary.of(names)
    batches = NameBatches.of(names, vocabulary, config.data)
    keras.utils.set_random_seed(0)
    model = stock(config.model.architecture(len(vocabulary)), batch=config.data.batch_size)
    optimizer, losses = keras.optimizers.Adam(1e-3), Losses()
    optimizer.build(model.trainable_variables)
    told = keras.callbacks.CallbackList([losses], model=model)
    if loop == "fit":
        compile_with_step(model, optimizer)
        model.fit(
            batches.dataset(0, epochs),
            epochs=epochs,
            steps_per_epoch=batches.batches,
            callbacks=[losses],
            shuffle=False,
            verbose=0,
        )
        return np.array(losses.batches).reshape(epochs, -1)

    def batches_of(epoch: int) -> Any:
        reset_state(model)
        return enumerate(batches.dataset(epoch, epoch + 1))

    tape_loop(model, optimizer, batches_of, epochs=epochs, told=told, report=None)
    return np.array(losses.batches).reshape(epochs, -1)


def figure(losses: np.ndarray, epoch: int, which: str) -> str:
    """One figure of a training; a dash where it was shorter."""
    if epoch > len(losses):
        return "-"
    row = losses[epoch - 1]
    return f"{dict(mean=row.mean(), **{'first batch': row[0], 'last batch': row[-1]})[which]:.4f}"


def compare(names: list[str], *, epochs: int = EPOCHS, **options: Any) -> str:
    """The table.

    Arguments:
        names: to learn from.
        epochs: how many; figures of later ones are left out.
        options: of the preset `tutorial`, for a smaller network.
    """
    config = preset("tutorial", **options)
    made = {
        (loop, adam): train(names, config, loop, epochs)
        for loop in ("fit", "tape")
        for adam, train in (("summed", ours), ("as it comes", plain_keras))
    }
    rows = [
        [
            f"`{loop}`, epoch {epoch}, {which}",
            published,
            *(figure(made[loop, adam], epoch, which) for adam in ("summed", "as it comes")),
        ]
        for epoch, which, loop, published in ROWS
        if epoch <= epochs
    ]
    return table(["loss", "published", "`--preset tutorial`", "Keras 3 as it comes"], rows)


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--epochs", default=EPOCHS, show_default=True)
def main(file: Path, epochs: int) -> None:
    """Compare on the list of FILE."""
    names = as_published(file)
    click.echo(f"{len(names):,} names, the longest of {max(map(len, names))} characters")
    click.echo(compare(names, epochs=epochs))


if __name__ == "__main__":
    main()
