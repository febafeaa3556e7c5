"""`dino-names train`: one flag per hyperparameter, made from the configuration's own fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.options import NONE, hyperparameters, reading_options, source_of
from dino_names.config import (
    DataConfig,
    ModelConfig,
    SampleConfig,
    TrainConfig,
    all_presets,
)
from dino_names.errors import NotEnoughNamesError
from dino_names.generation import NameModel
from dino_names.runs import MODEL_FILE, Run, is_passing
from dino_names.signals import leaving_at_once
from dino_names.storage import show

SHOWN = 5
# What is no choice of the configuration.
PLACE = (
    *("resume", "from_epoch", "into", "overwrite", "valid_file"),
    *("column", "category_column", "weight_column", "by_file"),
)


@with_examples(
    "train",
    "data/cheeses.txt",
    "data/cheeses.txt --base none --epochs 2 --out training_checkpoints/mine",
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--preset",
    type=click.Choice(list(all_presets())),
    metavar="NAME",
    help="One of dino-names help presets. [default, or text for a text]",
)
@reading_options
@click.option(
    *("--valid", "valid_file"),
    metavar="FILE",
    help="To measure on while training, in place of a share of FILE.",
)
@click.option("--out", metavar="RUN", help="The run folder. [training_checkpoints/FILE-PRESET]")
@click.option("--resume", is_flag=True, help="Go on; with more --epochs where it ended.")
@click.option(
    *("--from-epoch", "from_epoch"),
    type=int,
    metavar="N",
    help="With --resume: back to this checkpoint and on. [from 0]",
)
@click.option(
    "--into", metavar="RUN", help="With --from-epoch: on in this folder, the run as it is."
)
@click.option("--overwrite", is_flag=True, help="Begin anew, without the run in the folder.")
@hyperparameters(DataConfig)
@hyperparameters(ModelConfig)
@hyperparameters(TrainConfig)
@hyperparameters(SampleConfig)
def command(
    files: tuple[str, ...],
    preset: str | None,
    out: str | None,
    **options: Any,
) -> None:
    """Train on FILE, one name a line, a table or a text; what is not named is the preset's.

    Several make one list; - is standard input.
    A text is for --kind text or one of its presets; without FILE it is a few built-in lines.
    In brackets: what a list takes that begins from nothing, and what an option may be.
    """
    place: dict[str, Any] = {name: options.pop(name) for name in PLACE}
    given: dict[str, Any] = {
        name: None if value is NONE else value
        for name, value in options.items()
        if value is not None
    }
    with leaving_at_once():  # until there is something to save: training itself then saves it
        from dino_names.api import train
        from dino_names.progress import for_terminal

        run = train(
            source_of(files),
            preset=preset,
            out=out,
            progress=for_terminal(),
            **place,
            **given,
        )
        if is_passing(run.folder):
            click.echo("done; the first worker has the run", err=True)
            return
        for line in summary(run):
            click.echo(line, err=True)
    click.echo(str(run.folder))


def summary(run: Run) -> Iterator[str]:
    """What a training did and how good it came out, what it keeps, what to do next: a line each."""
    flag = f"--model {show(run.folder)}"
    if not run.history:
        yield "stopped in the first epoch; go on with the same command and --resume"
        return
    parts = [_start(run), _held_out(run)]
    model = run.model()
    if isinstance(model, NameModel):
        parts.append(f"such as {', '.join(_some_names(model))}")
    yield "; ".join(parts)
    whole = sum(path.stat().st_size for path in run.folder.iterdir() if path.is_file())
    alone = (run.folder / MODEL_FILE).stat().st_size
    yield (
        f"kept {_size(whole)} in {show(run.folder)}; the model alone, {_size(alone)}: "
        f"dino-names export {show(run.folder)} -o NAME.safetensors"
    )
    if isinstance(model, NameModel) and model.bundle.kept_names:
        yield "the model file holds the list itself, so whoever has the file has the list"
    more = "-n 20" if isinstance(model, NameModel) else "--length 500"
    yield f"next: dino-names generate {more} {flag}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"


def _start(run: Run) -> str:
    train, epochs = run.config.train, run.history[-1]["epoch"]
    base = "the base" if train.base == "names" else train.base
    if train.tuner == "numpy":
        epochs = train.epochs  # of the list, that is; its parts are in the history too
    done = f"for {epochs} epoch{'' if epochs == 1 else 's'}" if epochs else "for a part of an epoch"
    if train.patience and epochs < train.epochs and train.tuner != "numpy" and not train.rounds:
        done += f" of {train.epochs}, since the last {train.patience} brought nothing"
    if train.base == "none":
        return f"trained from nothing {done}"
    by = " by Keras" if train.tuner == "keras" else ""
    return f"started from {base}, tuned{by} {done}"


def _held_out(run: Run) -> str:
    row, train = run.history[-1], run.config.train
    if "val_nats_per_char" not in row:
        return "nothing held out"
    rows = [r for r in run.history if "val_nats_per_char" in r]
    nats = min(r.get("val_nats_with_ngram", r["val_nats_per_char"]) for r in rows)
    share = run.config.data.valid_fraction
    where = f"{100 * share:.3g} % held out" if share else "a file held out"
    if train.tuner == "numpy" and "held_out_names" not in row:
        where = f"{where if share else 'nothing held out for good'}, parts left out in turn"
    return f"{where}: {nats:.3f} nats per character"


def _some_names(model: NameModel) -> list[str]:
    prompt = "" if model.bundle.start_boundary else model.vocabulary.characters[1]
    try:
        return model.generate_many(prompt, n=SHOWN, seed=0)
    except NotEnoughNamesError as error:
        return error.names or ["none that is not in the list"]
