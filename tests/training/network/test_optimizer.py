"""The compiled update against the optimizer's own."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import dino_names.training  # noqa: F401 - imports TensorFlow quietly
from dino_names.training.network.optimizer import WORTH_COMPILING, fuse

pytestmark = pytest.mark.tensorflow

ROWS = WORTH_COMPILING // 100


def trained(
    optimizer: keras.optimizers.Optimizer, *, rows: int, dense: bool = False
) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    weights = [keras.Variable(rng.normal(size=(rows, 100))), keras.Variable(np.zeros(3))]
    optimizer.build(weights)

    @tf.function
    def step(noise: tf.Tensor) -> None:
        # A row that was looked up twice.
        rare = tf.IndexedSlices(noise[:3], tf.constant([1, 0, 1]), tf.constant([rows, 100]))
        optimizer.apply([tf.convert_to_tensor(rare) if dense else rare, tf.ones(3)], weights)

    for _ in range(3):
        step(tf.constant(rng.normal(size=(rows, 100)), tf.float32))
    assert int(optimizer.iterations) == 3
    return [weight.numpy() for weight in (*weights, *optimizer.variables)]


@pytest.mark.parametrize("rows", [3, ROWS])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (keras.optimizers.Adam, {"global_clipnorm": 1.0}),
        (keras.optimizers.AdamW, {"weight_decay": 0.1}),
        (keras.optimizers.RMSprop, {"rho": 0.9, "clipvalue": 0.5}),
        (keras.optimizers.Adagrad, {}),
        (keras.optimizers.SGD, {}),
    ],
)
def test_it_updates_as_the_optimizer_does(kind: type, options: dict, rows: int) -> None:
    def make() -> keras.optimizers.Optimizer:
        return kind(keras.optimizers.schedules.CosineDecay(0.1, 10), **options)

    for fused, plain in zip(
        trained(fuse(make()), rows=rows), trained(make(), rows=rows, dense=True), strict=True
    ):
        np.testing.assert_allclose(fused, plain, rtol=1e-5, atol=1e-6)
