"""A whole tuning in NumPy against the same in Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.config import preset
from dino_names.corpus import Vocabulary
from dino_names.progress import Silent
from dino_names.runs import Run
from dino_names.signals import StopRequest
from dino_names.tuning import weights_for
from dino_names.tuning.batches import ListBatches
from dino_names.tuning.network import NAMES, Weights, logits_of
from dino_names.tuning.session import TuningSession
from tests.helpers.tiny_base import tiny_base

EPOCHS, BATCH = 6, 4


def nats(weights: Weights, names: list[str], vocabulary: Vocabulary) -> float:
    total, characters = 0.0, 0.0
    for batch in ListBatches(names, vocabulary, batch_size=1, seed=0).all():
        logits = logits_of(weights, batch)
        logits = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        found = np.take_along_axis(logits, batch.targets[..., None], axis=-1)[..., 0]
        total -= float((found * batch.counts).sum())
        characters += float(batch.counts.sum())
    return total / characters


@pytest.mark.tensorflow
def test_numpy_and_keras_come_to_the_same(twenty: list[str], tmp_path: Path) -> None:
    import tensorflow as tf

    from dino_names.training import build_model, build_optimizer, token_loss
    from dino_names.training.network.weight_average import WeightAverage

    vocabulary = Vocabulary.of(twenty)
    config = preset(
        "default",
        epochs=EPOCHS,
        batch_size=BATCH,
        embedding_dim=3,
        rnn_units=8,
        embedding_dropout=0.0,
        weight_dropout=0.0,
        dropout=0.0,
    )
    learned, held_out = twenty[:15], twenty[15:]
    start = weights_for(tiny_base(), vocabulary)
    found: list[Weights] = []

    def finish(weights: Any) -> dict[str, float]:
        found.extend(weights)
        return {}

    session = TuningSession(
        Run(tmp_path, config, vocabulary, ""),
        config,
        [learned],
        start,
        None,
        finish=finish,
        progress=Silent(),
        stop=StopRequest(lambda: None),
        digest="",
    )
    session.train(resume=False)

    batches = ListBatches(learned, vocabulary, batch_size=BATCH, seed=config.train.seed)
    model = build_model(len(vocabulary), config=config.model)
    model.set_weights([start[name] for name in NAMES])
    optimizer = build_optimizer(config.train, steps=EPOCHS * len(batches))
    optimizer.build(model.trainable_variables)
    average, steps = WeightAverage(model, config.train.average or 0.0), 0
    for epoch in range(EPOCHS):
        for rows in batches.order(epoch):
            batch = batches.batch(rows)
            with tf.GradientTape() as tape:
                logits = model(tf.constant(batch.inputs.T), training=True)
                loss = token_loss()(batch.targets.T, logits, sample_weight=batch.counts.T)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            average.update(steps := steps + 1)
    theirs = dict(zip(NAMES, [value.numpy() for value in average.variables], strict=True))
    for name in NAMES:
        assert np.abs(found[0][name] - theirs[name]).max() < 1e-4, name
    before, ours = nats(start, held_out, vocabulary), nats(found[0], held_out, vocabulary)
    assert ours < before - 0.1
    assert ours == pytest.approx(nats(theirs, held_out, vocabulary), abs=0.01)
