"""What bfloat16 products do to the loss, and whether anything is traced again on the way."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.timing import table
from dino_names.config import Config
from dino_names.corpus import Vocabulary
from dino_names.training import make_step
from dino_names.training.batches import NameBatches
from dino_names.training.network import build_model, build_optimizer


def compare_losses(config: Config, names: list[str], *, epochs: int) -> str:
    """The mean loss of each epoch in both precisions, and whether the step was traced again.

    Both begin with the same weights and see the same batches.

    Arguments:
        config: the tutorial's, or one like it.
        names: to learn from.
        epochs: how many; at least two show whether the second traces anything.
    """
    vocabulary = Vocabulary.of(names)
    pipeline = NameBatches.of(names, vocabulary, config.data)
    whole, traces = _train(config, vocabulary, pipeline, "float32", epochs)
    half, more_traces = _train(config, vocabulary, pipeline, "bfloat16", epochs)
    rows = [
        [f"epoch {epoch + 1}", f"{one:.4f}", f"{other:.4f}", f"{other / one - 1:+.2%}"]
        for epoch, (one, other) in enumerate(zip(whole, half, strict=True))
    ]
    largest = np.abs(half / whole - 1).max()
    rows.append(["largest difference", "-", "-", f"{largest:.2%}"])
    late = [str(made[-1] - made[0]) for made in (traces, more_traces)]
    rows.append(["functions traced after the first epoch", *late, "-"])
    return table(["loss", "float32", "bfloat16", "difference"], rows)


def _train(
    config: Config, vocabulary: Vocabulary, pipeline: NameBatches, precision: str, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    """The mean loss of each epoch, and how often the step had been traced after it."""
    model = build_model(len(vocabulary), config=config.model, precision=precision)
    optimizer = build_optimizer(config.train, steps=1)
    optimizer.build(model.trainable_variables)
    losses, traces = list[float](), list[int]()
    step: Any = None
    for epoch in range(epochs):
        data = pipeline.dataset(epoch, epoch + 1)
        step = step or make_step(model, optimizer, data.element_spec)
        losses.append(float(np.mean([float(step(*batch)) for batch in data])))
        traces.append(step.experimental_get_tracing_count())
    return np.array(losses), np.array(traces)
