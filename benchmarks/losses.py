"""What bfloat16 products do to the loss."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from benchmarks.timing import table
from dino_names.config import Config
from dino_names.corpus import Vocabulary
from dino_names.training import tape_loop
from dino_names.training.batches import NameBatches
from dino_names.training.network import build_model, build_optimizer


def compare_losses(config: Config, names: list[str], *, epochs: int) -> str:
    """The mean loss of each epoch in both precisions.

    Both begin with the same weights and see the same batches.

    Arguments:
        config: the tutorial's, or one like it.
        names: to learn from.
        epochs: how many.
    """
    vocabulary = Vocabulary.of(names)
    pipeline = NameBatches.of(names, vocabulary, config.data)
    whole = _train(config, vocabulary, pipeline, "float32", epochs)
    half = _train(config, vocabulary, pipeline, "bfloat16", epochs)
    rows = [
        [f"epoch {epoch + 1}", f"{one:.4f}", f"{other:.4f}", f"{other / one - 1:+.2%}"]
        for epoch, (one, other) in enumerate(zip(whole, half, strict=True))
    ]
    largest = np.abs(half / whole - 1).max()
    rows.append(["largest difference", "-", "-", f"{largest:.2%}"])
    return table(["loss", "float32", "bfloat16", "difference"], rows)


def _train(
    config: Config, vocabulary: Vocabulary, pipeline: NameBatches, precision: str, epochs: int
) -> np.ndarray:
    """The mean loss of each epoch."""
    model = build_model(len(vocabulary), config=config.model, precision=precision)
    optimizer = build_optimizer(config.train, steps=1)
    optimizer.build(model.trainable_variables)
    losses = Losses()
    tape_loop(
        model,
        optimizer,
        lambda epoch: enumerate(pipeline.dataset(epoch, epoch + 1)),
        epochs=epochs,
        told=keras.callbacks.CallbackList([losses], model=model),
        report=None,
    )
    return np.array(losses.batches).reshape(epochs, -1).mean(axis=1)


class Losses(keras.callbacks.Callback):
    """Keeps the loss of every batch."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep it."""
        self.batches.append((logs or {})["loss"])
