"""`dino-names generate`: invent names, or go on with a text."""

from __future__ import annotations

from typing import Any

import click

from dino_names.api import load
from dino_names.commands.calling import TopicOption, with_examples
from dino_names.commands.options import (
    generation_options,
    model_option,
    to_flag,
    words_of_file,
)
from dino_names.commands.tables import check_one, echo_table, table_options
from dino_names.errors import OptionError
from dino_names.generation import (
    NameModel,
    NameOptions,
    OneNameOptions,
    SamplingOptions,
    TextOptions,
)

TEXT_OPTIONS = (*TextOptions.help, "interactive")
OTHER = "and this model is"
FOLDER_OPTIONS = ("out", "scheduler", "workers", "kind")
NAME_OPTIONS = (
    *(*NameOptions.help, *OneNameOptions.help),
    *("likeliest", "key_file", "listed", *FOLDER_OPTIONS),
)


@with_examples(
    "generate",
    "Ram -n 5 --temperature 0.8",
    "-n 10 --ends tops --without cera",
)
@click.argument("prompts", nargs=-1, metavar="[PROMPT]")
@generation_options(NameOptions, OneNameOptions, SamplingOptions, TextOptions)
@click.option(
    "--without-file", "words", metavar="FILE", callback=words_of_file, help="Many, one a line."
)
@click.option(
    *("--key-file", "key_file"),
    metavar="FILE",
    help="A name for each key, one a line, none alike.",
    cls=TopicOption,
    topic="Less common",
)
@click.option(
    *("--list", "listed"),
    metavar="FILE",
    help="A list: show the nearest name of it, and how many edits away.",
    cls=TopicOption,
    topic="Less common",
)
@click.option(
    "--out",
    metavar="FOLDER",
    help="Files of names, without end, all different; Dask's workers make them.",
    cls=TopicOption,
    topic="Folders of names",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="With --out: of Dask, tcp://host:8786. [workers of its own]",
    cls=TopicOption,
    topic="Folders of names",
)
@click.option(
    "--workers",
    type=int,
    help="With --out: workers of its own. [one a core; from 1 to 1,024]",
    cls=TopicOption,
    topic="Folders of names",
)
@click.option(
    *("--format", "kind"),
    type=click.Choice(("text", "parquet")),
    help="With --out: of the files. [text]",
    cls=TopicOption,
    topic="Folders of names",
)
@click.option("--likeliest", is_flag=True, default=None, help="The likeliest, not drawn.")
@click.option("--interactive", is_flag=True, default=None, help="Ask for beginnings of texts.")
@model_option
@table_options
def command(
    path: str | None,
    as_json: bool,
    as_csv: bool,
    prompts: tuple[str, ...],
    words: tuple[str, ...] | None,
    **options: Any,
) -> None:
    """Invent names that begin with PROMPT; with a model of text, go on from it.

    For a text there may be several.
    """
    check_one(as_json, as_csv)
    model = load(path)
    given = {name: value for name, value in options.items() if value is not None}
    if words:
        given["without"] = (*given.get("without", ()), *words)
    if not isinstance(model, NameModel):
        _refuse(given, NAME_OPTIONS, f"a model of names, {OTHER} one of running text; use --length")
        from dino_names.commands.text_models import write_text  # names must not wait for it

        write_text(model, prompts, as_json=as_json, **given)
        return
    if len(prompts) > 1:
        raise OptionError(
            f"PROMPT: expected one with a model of names, received {len(prompts)}; to have them "
            "inside, use --contains."
        )
    prompt = "".join(prompts)
    _refuse(given, TEXT_OPTIONS, f"a model of running text, {OTHER} one of names; use -n")
    if "out" in given:
        from dino_names.commands.folder import write_folder

        write_folder(model, prompt, as_json=as_json, as_csv=as_csv, **given)
        return
    _refuse(given, FOLDER_OPTIONS, "a folder of names; add --out")
    if "likeliest" in given or "key_file" in given:
        from dino_names.commands.names import write_for_keys, write_likeliest  # few ask for these

        write = write_likeliest if given.pop("likeliest", None) else write_for_keys
        write(model, prompt, as_json=as_json, as_csv=as_csv, **given)
    elif "listed" in given:
        from dino_names.commands.names import write_with_nearest

        write_with_nearest(model, prompt, as_json=as_json, as_csv=as_csv, **given)
    elif as_json or as_csv:
        from dino_names.commands.names import rows_of

        scores = model.sample(prompt, **given)
        echo_table(rows_of(scores, given.get("category")), as_json=as_json, as_csv=as_csv)
    else:
        click.echo("\n".join(model.generate_many(prompt, **given)))


def _refuse(given: dict[str, Any], names: tuple[str, ...], why: str) -> None:
    for name in names:
        if name in given:
            flag = {"n": "-n", "kind": "--format"}.get(name, to_flag(name))
            raise OptionError(f"{flag}: expected it with {why}.")
