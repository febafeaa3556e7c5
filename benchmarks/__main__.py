"""`python -m benchmarks`: every table, or those named."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from benchmarks.machine import describe, find_torch
from benchmarks.settings import LARGEST, ROUNDS, Settings

TABLES = (
    *("startup", "generation", "constraints", "default", "training", "growth", "workers"),
    "long_lists",
)
IN_TENSORFLOW = ("generation", "default", "training")
TITLE = "# Measured\n\nOn {machine}\n\nMade by `python -m benchmarks{arguments}`: in one run, the "
TITLE += "contenders taking turns, medians\nof several rounds. A busy machine changes the times, "
TITLE += "hardly the ratios.\n"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(TABLES))
@click.option("--quick", is_flag=True, help="Tiny sizes: to see that everything runs.")
@click.option("--torch-python", metavar="PYTHON", envvar="TORCH_PYTHON", help="Has PyTorch.")
@click.option("--rounds", default=ROUNDS, show_default=True, help="How often they take turns.")
@click.option("--largest", default=LARGEST, show_default=True, help="Names of the longest list.")
@click.option("--write", type=Path, metavar="FILE", help="Write what is printed to a file too.")
def main(
    names: tuple[str, ...],
    quick: bool,
    torch_python: str | None,
    rounds: int,
    largest: int,
    write: Path | None,
) -> None:
    """Measure, and print Markdown tables of ratios."""
    settings = Settings(
        quick=quick,
        torch_python=torch_python or find_torch(),
        rounds=1 if quick else rounds,
        largest=largest,
    )
    arguments = "".join(f" {name}" for name in names) + (" --quick" if quick else "")
    arguments += f" --rounds {rounds}" if rounds != ROUNDS else ""
    arguments += f" --largest {largest}" if largest != LARGEST else ""
    machine = describe(settings.torch_python)
    parts = [TITLE.format(machine=machine, arguments=arguments)]
    click.echo(parts[0])
    for name in names or TABLES:
        click.echo(f"measuring {name}", err=True)
        if name in IN_TENSORFLOW:  # which is imported quietly here
            importlib.import_module("dino_names.training")
        module = importlib.import_module(f"benchmarks.{name}")
        parts.append(
            f"## {name.replace('_', ' ').capitalize()}\n\n{module.__doc__}\n{module.run(settings)}"
        )
        click.echo(parts[-1])
        if write:
            write.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
