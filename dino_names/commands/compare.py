"""`dino-names compare`: several kinds of network on one text, for the same time each."""

from __future__ import annotations

from typing import Any

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.options import echo_json, json_option

CELLS = "rnn,gru,lstm,gpt"


@with_examples(
    "compare",
    "--cells rnn,gru --budget 1",
    "data/dinosaurs.txt --cells gru,lstm --budget 1",
)
@click.argument("file", required=False)
@click.option("--cells", default=CELLS, help=f"Which, with commas between. [{CELLS}]")
@click.option(
    "--budget", type=float, default=60.0, help="Seconds of training for each. [60; above 0]"
)
@click.option("--seed", type=int, default=0, help="Of weights and samples. [0; from 0]")
@json_option
def command(file: str | None, cells: str, as_json: bool, **options: Any) -> None:
    """Train several kinds of network on the text FILE, and show what each came to.

    The loss is that of the last tenth of the text, which is held out; without FILE the text is
    a few built-in lines.
    """
    from dino_names.checks import check_choice, check_range
    from dino_names.corpus import read_data
    from dino_names.signals import leaving_at_once

    kinds = [cell.strip() for cell in cells.split(",") if cell.strip()]
    # What needs no TensorFlow is refused before that is waited for.
    for kind in kinds:
        check_choice("cells", kind, tuple(CELLS.split(",")))
    check_range("budget", options["budget"], above=0.0)
    text: Any = read_data(file, "text")
    with leaving_at_once():
        from dino_names.training import compare

    rows = []
    for row in compare(text, kinds, **options):
        rows.append(row)
        click.echo(f"{row.cell}: {row.nats_per_char:.4f} nats per character", err=True)
    if as_json:
        echo_json(rows)
        return
    click.echo("cell    nats   bits  parameters  batches  characters/s")
    for row in rows:
        click.echo(
            f"{row.cell:<5} {row.nats_per_char:6.4f} {row.bits_per_char:6.4f} "
            f"{row.parameters:11,} {row.batches:8,} {row.characters_per_second:13,.0f}"
        )
    for row in rows:
        click.echo(f"\n{row.cell}:\n{row.sample.strip()}")
