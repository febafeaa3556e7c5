"""`python -m benchmarks`: every table, or those named."""

from __future__ import annotations

import importlib

import click

TABLES = ("startup", "generation", "training")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(TABLES))
@click.option("--quick", is_flag=True, help="Tiny sizes: to see that everything runs.")
def main(names: tuple[str, ...], quick: bool) -> None:
    """Measure and print Markdown tables of ratios."""
    for name in names or TABLES:
        click.echo(importlib.import_module(f"benchmarks.{name}").run(quick=quick))


if __name__ == "__main__":
    main()
