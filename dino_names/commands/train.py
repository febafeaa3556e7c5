"""`dino-names train`: one flag per hyperparameter, made from the configuration's own fields."""

from __future__ import annotations

from typing import Any

import click

from dino_names.commands.options import NONE, hyperparameters
from dino_names.config import (
    DataConfig,
    ModelConfig,
    SampleConfig,
    TrainConfig,
    all_presets,
    choose,
)
from dino_names.errors import CorpusError
from dino_names.runs import begun_kind, run_folder
from dino_names.signals import leaving_at_once


@click.command("train")
@click.argument("file", required=False)
@click.option(
    "--preset", type=click.Choice(list(all_presets())), help="[default, or text for a text]"
)
@click.option("--out", metavar="RUN", help="The run folder. [training_checkpoints/FILE-PRESET]")
@click.option("--resume", is_flag=True, help="Go on where the run was interrupted.")
@hyperparameters(DataConfig)
@hyperparameters(ModelConfig)
@hyperparameters(TrainConfig)
@hyperparameters(SampleConfig)
def command(
    file: str | None, preset: str | None, out: str | None, resume: bool, **options: Any
) -> None:
    """Train on FILE, one name a line or a text; what is not named is the preset's.

    A text is for --kind text or one of its presets; without FILE it is a few built-in lines.

    Example: dino-names train data/dinosaurs.txt --epochs 20
    """
    given = {
        name: None if value == NONE else value
        for name, value in options.items()
        if value is not None
    }
    config = choose(preset, **given)
    kind = begun_kind(run_folder(file, config, out), config, resume=resume)
    with leaving_at_once():  # until there is something to save: training itself then saves it
        _announce(file, kind)
        from dino_names.progress import for_terminal
        from dino_names.training import train

        run = train(file, preset=preset, out=out, resume=resume, progress=for_terminal(), **given)
    click.echo(str(run.folder))


def _announce(file: str | None, kind: str) -> None:
    """Read the file before TensorFlow is waited for, and say what is in it."""
    from dino_names.corpus import read_names, read_text

    if file is None:
        if kind == "names":
            raise CorpusError(
                "FILE: expected a file with one name a line, received none; name one, or add "
                "--kind text to try the built-in lines."
            )
        click.echo("the built-in lines of text; starting TensorFlow", err=True)
        return
    data = read_names(file) if kind == "names" else read_text(file)
    for sentence in data.warnings:
        click.echo(f"warning: {sentence}", err=True)
    unit = "names" if kind == "names" else "characters"
    click.echo(f"{file}: {len(data):,} {unit}; starting TensorFlow", err=True)
