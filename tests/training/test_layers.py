"""The fast GRU against `keras.layers.GRU`."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import dino_names.training  # noqa: F401 - imports TensorFlow quietly
from dino_names.training.layers import GRU

pytestmark = pytest.mark.tensorflow

BATCH, TIME, FEATURES, UNITS = 3, 7, 5, 4


def pair(**options: object) -> tuple[keras.layers.Layer, keras.layers.Layer]:
    fast = GRU(UNITS, return_sequences=True, **options)
    stock = keras.layers.GRU(UNITS, return_sequences=True, **options)
    for layer in (fast, stock):
        layer.build((BATCH, TIME, FEATURES))
    rng = np.random.default_rng(0)
    fast.set_weights([rng.normal(size=weight.shape) for weight in fast.get_weights()])
    stock.set_weights(fast.get_weights())
    return fast, stock


def sequences(seed: int = 1) -> tf.Tensor:
    rng = np.random.default_rng(seed)
    return tf.constant(rng.normal(size=(BATCH, TIME, FEATURES)), tf.float32)


def test_outputs_and_gradients_are_the_stock_layers() -> None:
    layers, results = pair(), []
    upstream = tf.constant(np.random.default_rng(2).normal(size=(BATCH, TIME, UNITS)), tf.float32)
    for layer in layers:
        inputs, state = sequences(), tf.ones((BATCH, UNITS)) * 0.3
        with tf.GradientTape() as tape:
            tape.watch([inputs, state])
            outputs = layer(inputs, initial_state=state)
            total = tf.reduce_sum(outputs * upstream)
        sources = [inputs, state, *layer.trainable_variables]
        results.append([outputs, *tape.gradient(total, sources)])
    for fast, stock in zip(*results, strict=True):
        np.testing.assert_allclose(fast, stock, rtol=1e-5, atol=1e-5)


def test_every_gradient_agrees_with_finite_differences() -> None:
    fast, _ = pair()
    inputs = sequences()

    def loss() -> tf.Tensor:
        return tf.reduce_sum(tf.square(fast(inputs)))

    with tf.GradientTape() as tape:
        value = loss()
    for variable, gradient in zip(
        fast.trainable_variables, tape.gradient(value, fast.trainable_variables), strict=True
    ):
        direction = np.random.default_rng(4).normal(size=variable.shape).astype("float32")
        kept, step = variable.numpy(), 1e-2
        variable.assign(kept + step * direction)
        above = float(loss())
        variable.assign(kept - step * direction)
        below = float(loss())
        variable.assign(kept)
        slope = float(tf.reduce_sum(gradient * direction))
        assert (above - below) / (2 * step) == pytest.approx(slope, rel=2e-2, abs=1e-2)


def test_last_output_alone() -> None:
    fast, stock = GRU(UNITS), keras.layers.GRU(UNITS)
    for layer in (fast, stock):
        layer.build((BATCH, TIME, FEATURES))
    stock.set_weights(fast.get_weights())
    np.testing.assert_allclose(fast(sequences()), stock(sequences()), atol=1e-5)


def test_state_is_kept_and_reset() -> None:
    fast = GRU(UNITS, return_sequences=True, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(BATCH, None, FEATURES)), fast])
    whole = model(sequences()).numpy()
    fast.reset_state()
    parts = [model(sequences()[:, :3]).numpy(), model(sequences()[:, 3:]).numpy()]
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-6)
    fast.reset_state()
    np.testing.assert_array_equal(model(sequences()).numpy(), whole)


def test_masks_are_the_stock_layers() -> None:
    fast, stock = pair()
    mask = tf.constant(np.arange(TIME)[None] < np.array([[7], [4], [2]]))
    np.testing.assert_allclose(
        fast(sequences(), mask=mask), stock(sequences(), mask=mask), atol=1e-5
    )


@pytest.mark.parametrize("options", [{"recurrent_dropout": 0.5}, {"reset_after": False}])
def test_what_it_does_not_do_itself_is_the_stock_layers(options: dict[str, object]) -> None:
    fast, stock = pair(**options)
    np.testing.assert_allclose(fast(sequences()), stock(sequences()), atol=1e-5)


def test_dropout_on_the_inputs_is_the_same_for_all_steps() -> None:
    fast, _ = pair(dropout=0.5)
    ones = tf.ones((BATCH, TIME, FEATURES))
    seen = []
    fast.cell.get_dropout_mask = lambda step: seen.append(step.shape) or tf.ones_like(step) * 2.0
    expected = fast(ones * 2.0, training=False)
    np.testing.assert_allclose(fast(ones, training=True), expected, atol=1e-5)
    assert {tuple(shape) for shape in seen} == {(BATCH, FEATURES)}  # one mask for all steps


def test_weight_dropout_changes_training_alone() -> None:
    fast, stock = pair()
    dropped = GRU(UNITS, return_sequences=True, weight_dropout=0.5, seed=1)
    dropped.build((BATCH, TIME, FEATURES))
    dropped.set_weights(fast.get_weights())
    np.testing.assert_allclose(dropped(sequences()), stock(sequences()), atol=1e-5)
    noisy = dropped(sequences(), training=True)
    assert np.abs(noisy - stock(sequences())).max() > 1e-2
    # The first step reads a zero state, so the recurrent kernel has no say in it.
    np.testing.assert_allclose(noisy[:, 0], stock(sequences())[:, 0], atol=1e-5)


def test_bfloat16_is_near_and_its_weights_and_gradients_float32() -> None:
    fast, stock = pair()
    half = GRU(UNITS, return_sequences=True, precision="bfloat16")
    half.build((BATCH, TIME, FEATURES))
    half.set_weights(fast.get_weights())
    with tf.GradientTape() as tape:
        outputs = half(sequences())
        total = tf.reduce_sum(outputs)
    np.testing.assert_allclose(outputs, stock(sequences()), atol=0.05)
    assert np.abs(outputs - stock(sequences())).max() > 0
    gradients = tape.gradient(total, half.trainable_variables)
    assert {gradient.dtype for gradient in gradients} == {tf.float32}


def test_weight_files_are_interchangeable(tmp_path: Path) -> None:
    def model(layer: keras.layers.Layer) -> keras.Sequential:
        return keras.Sequential([keras.Input((None, FEATURES)), layer])

    fast = model(GRU(UNITS, return_sequences=True, name="layer"))
    stock = model(keras.layers.GRU(UNITS, return_sequences=True, name="layer"))
    fast.save_weights(tmp_path / "fast.weights.h5")
    stock.load_weights(tmp_path / "fast.weights.h5")
    np.testing.assert_allclose(fast(sequences()), stock(sequences()), atol=1e-6)


def test_configuration_comes_back() -> None:
    layer = GRU(UNITS, precision="bfloat16", weight_dropout=0.2, name="mine")
    again = GRU.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
