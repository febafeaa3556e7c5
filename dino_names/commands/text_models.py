"""What `dino-names generate` and `dino-names evaluate` do with a model of running text."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

import click

from dino_names.commands.options import echo_json, echo_rows
from dino_names.errors import OptionError, PromptError
from dino_names.generation import TextModel


def write_text(
    model: TextModel,
    prompts: Sequence[str],
    *,
    as_json: bool = False,
    interactive: bool = False,
    **options: Any,
) -> None:
    """Go on from prompts, or from each one that is asked for, character by character.

    Arguments:
        model: of running text.
        prompts: what to go on from; none for a text that begins as a line does.
        as_json: whether to write one JSON object with the `text`, when it is complete, or with
            `texts`, where there are several prompts.
        interactive: whether to ask for a beginning until an empty line or the end of the input.
        options: those of `TextModel.stream_text`.

    Raises:
        PromptError: the prompt has characters that the model does not know.
        OptionError: a number out of its range.
    """
    if as_json and len(prompts) > 1:
        echo_json({"texts": model.generate_texts(prompts, **options)})
    else:
        for number, prompt in enumerate(prompts or ([] if interactive else [""])):
            if number:
                click.echo()
            _write(model, prompt, as_json, options)
    while interactive and (beginning := _ask()):
        try:
            _write(model, beginning, as_json, options)
        except PromptError as error:
            click.echo(str(error), err=True)


def _ask() -> str:
    click.echo("Beginning (an empty line ends): ", nl=False, err=True)
    return sys.stdin.readline().rstrip("\r\n")


def _write(model: TextModel, prompt: str, as_json: bool, options: dict[str, Any]) -> None:
    if as_json:
        echo_json({"text": model.generate_text(prompt, **options)})
        return
    characters = model.stream_text(prompt, **options)
    click.echo(prompt, nl=False)
    for character in characters:
        click.echo(character, nl=False)  # flushes: each is seen as it is made
    click.echo()


def write_likelihood(
    model: TextModel, *, text: str | None, train: str | None, as_json: bool
) -> None:
    """Say how likely a model finds a text.

    Arguments:
        model: of running text.
        text: the file to measure it on.
        train: the file it was trained on, of which the part held out is measured instead.
        as_json: whether to write one JSON object.

    Raises:
        CorpusError: the file cannot be read as a text.
        OptionError: not one file was named, or nothing was held out.
        PromptError: it has characters that the model does not know.
    """
    from dino_names.corpus import read_text, split_text

    if (text is None) == (train is None):
        raise OptionError(
            "--text: expected it, or --train, with a model of running text, received "
            f"{'none' if text is None else 'both'}; name one file."
        )
    content = read_text(text or train or "").text
    if train is not None:
        fraction = model.bundle.options.get("valid_fraction")
        if not isinstance(fraction, float) or not 0 < fraction < 1:
            raise OptionError(
                "--train: expected a model that some text was held out for, received one without; "
                "use --text with a text it has not seen."
            )
        content = split_text(content, fraction=fraction)[1]
    nats, characters = model.nats(content)
    facts = {
        "nats_per_char": nats / characters,
        "bits_per_char": nats / characters / math.log(2),
        "perplexity": math.exp(nats / characters),
        "characters": characters,
    }
    if as_json:
        echo_json(facts)
        return
    shown = [
        f"{facts['characters']:,}" if name == "characters" else f"{value:.4f}"
        for name, value in facts.items()
    ]
    words = ("nats per character", "bits per character", "perplexity", "characters")
    echo_rows(zip(words, shown, strict=True))
