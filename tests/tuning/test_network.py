from __future__ import annotations

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.tuning.network import NAMES, Batch, Dropout, loss_and_gradients

SIZES = Architecture(vocab_size=6, embedding_dim=4, rnn_units=5)
NONE = Dropout()


def weights(kind: type = np.float64, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, 0.5, shape).astype(kind) for name, shape in SIZES.shapes().items()}


def batch(kind: type = np.float64) -> Batch:
    ids = np.array([[0, 0, 0], [2, 3, 1], [4, 1, 0], [5, 5, 0], [0, 3, 0], [0, 0, 0]], np.int32)
    counts = np.array([[1, 1, 1], [1, 1, 1], [1, 1, 0], [1, 1, 0], [0, 1, 0]])
    return Batch(ids[:-1], ids[1:], counts.astype(kind))


def test_the_names_are_those_of_the_architecture() -> None:
    assert tuple(SIZES.shapes()) == NAMES


def check_gradients(now: dict[str, np.ndarray], names: Batch, dropout: Dropout) -> None:
    """Hold every gradient against the slope of the loss, one number of the weights at a time."""

    def loss() -> float:
        return loss_and_gradients(now, names, dropout, np.random.default_rng(3))[0]

    _, gradients = loss_and_gradients(now, names, dropout, np.random.default_rng(3))
    assert set(gradients) == set(now)
    for name, weight in now.items():
        flat, slope = weight.reshape(-1), gradients[name].reshape(-1)
        for place in range(flat.size):
            kept = flat[place]
            flat[place] = kept + 1e-6
            above = loss()
            flat[place] = kept - 1e-6
            below = loss()
            flat[place] = kept
            assert slope[place] == pytest.approx((above - below) / 2e-6, abs=1e-8), name


DROPOUTS = [NONE, Dropout(embedding=0.3, recurrent=0.4, output=0.5)]


@pytest.mark.parametrize("dropout", DROPOUTS)
def test_gradients_are_the_slopes_of_the_loss(dropout: Dropout) -> None:
    check_gradients(weights(), batch(), dropout)


def test_names_that_end_earlier_count_as_if_they_were_alone() -> None:
    whole, now = batch(), weights()
    total, _ = loss_and_gradients(now, whole, NONE, np.random.default_rng(0))
    nats = 0.0
    for column in range(3):
        length = int(whole.counts[:, column].sum())
        alone = Batch(*(part[:length, column : column + 1] for part in whole))
        nats += loss_and_gradients(now, alone, NONE, np.random.default_rng(0))[0] * length
    assert total == pytest.approx(nats / whole.counts.sum())


def test_dropout_leaves_out_the_share_asked_for_and_keeps_the_mean() -> None:
    now, rng = weights(), np.random.default_rng(0)
    plain = loss_and_gradients(now, batch(), NONE, rng)[1]
    name = "layer0.recurrent_kernel"
    for rate in (0.2, 0.7):
        shares = Dropout(recurrent=rate)
        many = [loss_and_gradients(now, batch(), shares, rng)[1][name] for _ in range(500)]
        left_out = np.mean([gradient == 0 for gradient in many])
        assert plain[name].all() and left_out == pytest.approx(rate, abs=0.01)
    for shares in (Dropout(embedding=0.3), Dropout(output=0.3)):
        losses = [loss_and_gradients(now, batch(), shares, rng)[0] for _ in range(500)]
        assert np.std(losses) > 0.001
        assert np.mean(losses) == pytest.approx(
            loss_and_gradients(now, batch(), NONE, rng)[0], abs=0.05
        )


@pytest.mark.tensorflow
def test_loss_and_gradients_are_those_of_keras() -> None:
    import tensorflow as tf

    from dino_names.config import ModelConfig
    from dino_names.training import build_model, token_loss

    config = ModelConfig(embedding_dim=4, rnn_units=5)
    model = build_model(6, config=config)
    now = weights(np.float32)
    model.set_weights(list(now.values()))
    ids = batch(np.float32)
    with tf.GradientTape() as tape:
        logits = model(tf.constant(ids.inputs.T), training=False)
        loss = token_loss()(ids.targets.T, logits, sample_weight=ids.counts.T)
    theirs = tape.gradient(loss, model.trainable_variables)
    ours, gradients = loss_and_gradients(now, ids, NONE, np.random.default_rng(0))
    assert ours == pytest.approx(float(loss), abs=1e-6)
    for (name, gradient), other in zip(gradients.items(), theirs, strict=True):
        assert np.abs(gradient - tf.convert_to_tensor(other).numpy()).max() < 1e-5, name
