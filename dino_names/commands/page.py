"""`dino-names page`: a model as a page for a browser."""

from __future__ import annotations

from pathlib import Path

import click

from dino_names.api import load
from dino_names.commands.calling import with_examples
from dino_names.errors import OptionError
from dino_names.storage import show


@with_examples(
    "page",
    "-o names.html",
    'training_checkpoints/cheeses-default -o cheeses.html --title "New cheeses"',
)
@click.argument("path", required=False, metavar="[MODEL]")
@click.option(*("-o", "--output"), required=True, metavar="FILE", help="Where to: an .html file.")
@click.option("--title", metavar="TEXT", help="What stands at its top. [what it makes]")
@click.option("--learn", is_flag=True, help="It can learn a list that is pasted into it, too.")
@click.option("--category", metavar="C", help="One of its lists, or a blend. [all, to choose from]")
def command(
    path: str | None, output: str, title: str | None, learn: bool, category: str | None
) -> None:
    """Write a page that invents names, or text, with MODEL, or with the model that ships.

    One file with model and program, for any browser, from disk or from a web server. It asks the
    network for nothing.
    """
    from dino_names.generation import NameModel

    if not output.endswith((".html", ".htm")):
        raise OptionError(f"--output: expected a file that ends in .html, received {output!r}.")
    model = load(path)
    if category is not None:
        if not isinstance(model, NameModel):
            raise OptionError("--category: expected a model of names, received one of text.")
        model = model.category(category)
    size = model.to_page(output, title=title, learn=learn)
    click.echo(f"{size / 1e6:.2f} MB, open it in a browser", err=True)
    click.echo(show(Path(output)))
