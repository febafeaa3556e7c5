"""What `dino-names export` does with .keras, .tflite and .onnx: a run's network for others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dino_names.errors import OptionError
from dino_names.runs import Run
from dino_names.storage import show, write_atomically

VOCABULARY_FILE = "vocabulary.json"
LATEST = "latest"


def write_network(run: Run, output: Path, *, epoch: int | str | None, category: str | None) -> None:
    """Write a run's network as its ending says, its characters beside it, and say what it is.

    Arguments:
        run: the run.
        output: the file.
        epoch: `latest`, a number, or None for the best; a .keras alone has others.
        category: which list's, or None.
    """
    if output.suffix == ".keras":
        from dino_names.training import save_keras

        save_keras(run, output, epoch="best" if epoch is None else epoch, category=category)
    else:
        if epoch is not None:
            raise OptionError(
                f"--epoch: expected a .safetensors or a .keras with it, received {output.name!r}; "
                "leave it out for the best."
            )
        from dino_names.tuning import bundle_of, first_network

        bundle = bundle_of(run, category)
        content = _convert(output.suffix, bundle.architecture, first_network(bundle))
        write_atomically(output, content)
    tags = [label for label, _ in run.categories] if category is None else []
    characters = json.dumps([*run.vocabulary.characters, *tags], ensure_ascii=False)
    write_atomically(output.with_name(VOCABULARY_FILE), f"{characters}\n".encode())
    for sentence in _said(run, output):
        click.echo(sentence, err=True)


def _convert(ending: str, sizes: Any, tensors: Any) -> bytes:
    if ending == ".onnx":
        from dino_names.modelfile import to_onnx

        return to_onnx(sizes, tensors)
    from dino_names.training import to_tflite

    return to_tflite(sizes, tensors)


def _said(run: Run, output: Path) -> Iterator[str]:
    """What is to be known of the file."""
    names = output.with_name(VOCABULARY_FILE)
    yield f"the characters, in the order of their ids: {show(names)}"
    if run.model().bundle.partner is None:
        return
    rows = [row for row in run.history if "val_nats_with_ngram" in row]
    figures = ""
    if rows:
        best = min(rows, key=lambda row: float(row["val_nats_with_ngram"]))
        figures = (
            f": {best['val_nats_per_char']:.3f} nats per character held out, and "
            f"{best['val_nats_with_ngram']:.3f} with it"
        )
    yield f"the network alone, without the n-gram that `generate` puts beside it{figures}"
