"""What `dino-names generate` does with a model of running text."""

from __future__ import annotations

import sys
from typing import Any

import click

from dino_names.commands.options import echo_json
from dino_names.errors import PromptError
from dino_names.text_model import TextModel


def write_text(
    model: TextModel,
    prompt: str,
    *,
    as_json: bool = False,
    interactive: bool = False,
    **options: Any,
) -> None:
    """Go on from a prompt, or from each one that is asked for, character by character.

    Arguments:
        model: of running text.
        prompt: what to go on from.
        as_json: whether to write one JSON object with the `text`, when it is complete.
        interactive: whether to ask for a beginning until an empty line or the end of the input.
        options: those of `TextModel.stream_text`.

    Raises:
        PromptError: the prompt has characters that the model does not know.
        OptionError: a number out of its range.
    """
    if not interactive:
        _write(model, prompt, as_json, options)
        return
    if prompt:
        _write(model, prompt, as_json, options)
    while beginning := _ask():
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
