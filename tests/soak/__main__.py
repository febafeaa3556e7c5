"""`python -m tests.soak`: every campaign, or those named; the figures go to `RESULTS.md`."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import click

# One thread until TensorFlow is used, so that a process can be forked before.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# In this order: what forks comes before what trains in the same process.
CAMPAIGNS = ("kills", "saves", "damage", "fuzz", "hostile", "constraints")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(CAMPAIGNS))
@click.option("--quick", is_flag=True, help="A little of each: to see that everything runs.")
@click.option("--kills", type=int, help="How often trainings are killed. [200]")
@click.option("--minutes", type=float, help="Of fuzzing. [5]")
@click.option("--seed", type=int, help="Of what is left to chance. [0]")
@click.option("--results", type=Path, help="Where the figures are added.")
def main(names: tuple[str, ...], quick: bool, results: Path | None, **given: float | None) -> None:
    """Do to runs, files and readers what the trust tests do, for longer."""
    from .record import QUICK, RESULTS, Settings, heading, table

    settings = QUICK if quick else Settings()
    settings = replace(settings, **{k: v for k, v in given.items() if v is not None})
    parts, good = [heading(settings)], True
    for name in names or CAMPAIGNS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as place:
            rows = importlib.import_module(f".{name}", __package__).run(settings, Path(place))
        parts.append(table(name, rows, time.monotonic() - began))
        click.echo(parts[-1])
        good = good and all(row.good for row in rows)
    with (results or RESULTS).open("a", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
