"""What the benchmarks work on: the project's own list, and models made of it."""

from __future__ import annotations

import string
import tempfile
from pathlib import Path

import numpy as np

from dino_names.config import Architecture
from dino_names.corpus import Vocabulary, read_names
from dino_names.generation import NameModel, TextModel
from dino_names.modelfile import Bundle, join_networks
from dino_names.runs import MODEL_FILE

LIST = Path(__file__).parents[1] / "data" / "dinosaurs.txt"
# Enough for names as long as real ones, which is all that a time depends on.
EPOCHS = 4


def dinosaurs() -> list[str]:
    """The names of the list."""
    return list(read_names(LIST).names)


def trained(units: int, *, epochs: int = EPOCHS) -> NameModel:
    """A network of one GRU of so many units, without an n-gram, that has seen the list a little."""
    from dino_names.training import train

    with tempfile.TemporaryDirectory() as folder:
        run = train(
            LIST,
            out=Path(folder) / "run",
            rnn_units=units,
            epochs=epochs,
            batch_size=64,
            learning_rate=3e-3,
            ngram_order=None,
            average=None,
            dropout=0.0,
            embedding_dropout=0.0,
            weight_dropout=0.0,
        )
        return NameModel.read(run.folder / MODEL_FILE)


def untrained_text(units: int, layers: int) -> TextModel:
    """A model of running text with weights drawn at random; its time does not depend on them."""
    vocabulary = Vocabulary.of([string.printable.replace("\r", "").replace("\x0b\x0c", "")])
    architecture = Architecture(
        vocab_size=len(vocabulary), embedding_dim=64, rnn_units=units, num_layers=layers
    )
    rng = np.random.default_rng(0)
    tensors = {
        name: rng.normal(0, 0.05, shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    return TextModel(
        Bundle(
            architecture=architecture,
            vocabulary=vocabulary,
            tensors=join_networks([tensors]),
            longest_name=0,
            kind="text",
        )
    )
