"""The fast GRU and LSTM against `keras.layers.GRU` and `keras.layers.LSTM`."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import dino_names.training  # noqa: F401 - imports TensorFlow quietly
from dino_names.training.network.recurrent_layers import GRU, LSTM, Embedding, SimpleRNN

pytestmark = pytest.mark.tensorflow

BATCH, TIME, FEATURES, UNITS = 3, 7, 5, 4
COMPILED = 64  # units from which on the steps are compiled
FAST = {"gru": GRU, "lstm": LSTM}
STOCK = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}

both = pytest.mark.parametrize("kind", ["gru", "lstm"])


def pair(
    kind: str = "gru", units: int = UNITS, **options: object
) -> tuple[keras.layers.Layer, keras.layers.Layer]:
    fast = FAST[kind](units, return_sequences=True, **options)
    stock = STOCK[kind](units, return_sequences=True, **options)
    for layer in (fast, stock):
        layer.build((BATCH, TIME, FEATURES))
    rng = np.random.default_rng(0)
    scale = 2.0 / np.sqrt(units)
    fast.set_weights([scale * rng.normal(size=weight.shape) for weight in fast.get_weights()])
    stock.set_weights(fast.get_weights())
    return fast, stock


def sequences(seed: int = 1) -> tf.Tensor:
    rng = np.random.default_rng(seed)
    return tf.constant(rng.normal(size=(BATCH, TIME, FEATURES)), tf.float32)


@both
@pytest.mark.parametrize("units", [UNITS, COMPILED])
@pytest.mark.parametrize("graph", [False, True])
def test_outputs_and_gradients_are_the_stock_layers(kind: str, units: int, graph: bool) -> None:
    layers, results = pair(kind, units, return_state=True), []
    rng = np.random.default_rng(2)
    upstream = tf.constant(rng.normal(size=(BATCH, TIME, units)), tf.float32)
    states = [tf.ones((BATCH, units)) * 0.3, tf.ones((BATCH, units)) * -0.2]
    states = states[: 1 + (kind == "lstm")]
    for layer in layers:

        def run(layer: keras.layers.Layer = layer) -> list[tf.Tensor]:
            inputs = sequences()
            with tf.GradientTape() as tape:
                tape.watch([inputs, *states])
                outputs, *last = layer(inputs, initial_state=states)
                # The last states have a gradient of their own.
                total = tf.reduce_sum(outputs * upstream) + sum(
                    tf.reduce_sum(state * upstream[:, number]) for number, state in enumerate(last)
                )
            sources = [inputs, *states, *layer.trainable_variables]
            return [outputs, *last, *tape.gradient(total, sources)]

        results.append(tf.function(run)() if graph else run())
    for fast, stock in zip(*results, strict=True):
        np.testing.assert_allclose(fast, stock, rtol=1e-5, atol=2e-5)


@both
@pytest.mark.parametrize("units", [UNITS, COMPILED])
def test_above_an_embedding_it_learns_the_same_from_a_table(kind: str, units: int) -> None:
    ids = tf.constant(np.random.default_rng(1).integers(0, 6, (BATCH, TIME)), tf.int32)
    results = []
    for embedding, layer in zip(
        (Embedding, keras.layers.Embedding), pair(kind, units), strict=True
    ):
        below = embedding(6, FEATURES, embeddings_initializer="ones")
        model = keras.Sequential([keras.Input((None,), dtype="int32"), below, layer])
        below.set_weights([np.random.default_rng(2).normal(size=(6, FEATURES))])
        with tf.GradientTape() as tape:
            outputs = model(ids, training=True)
            total = tf.reduce_sum(tf.square(outputs))
        gradients = tape.gradient(total, model.trainable_variables)
        results.append([outputs, *map(tf.convert_to_tensor, gradients)])
    for fast, stock in zip(*results, strict=True):
        np.testing.assert_allclose(fast, stock, rtol=2e-4, atol=2e-4)


def test_what_an_embedding_gave_has_its_own_gradient_outside_training() -> None:
    embedding = Embedding(6, FEATURES)
    fast, _ = pair()
    with tf.GradientTape() as tape:
        looked_up = embedding(tf.constant([[1, 2, 3]]))
        tape.watch(looked_up)
        total = tf.reduce_sum(fast(looked_up))
    assert tape.gradient(total, looked_up).shape == (1, 3, FEATURES)


@both
def test_every_gradient_agrees_with_finite_differences(kind: str) -> None:
    fast, _ = pair(kind)
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


@both
def test_last_output_alone(kind: str) -> None:
    fast, stock = FAST[kind](UNITS), STOCK[kind](UNITS)
    for layer in (fast, stock):
        layer.build((BATCH, TIME, FEATURES))
    stock.set_weights(fast.get_weights())
    np.testing.assert_allclose(fast(sequences()), stock(sequences()), atol=1e-5)


@both
def test_state_is_kept_and_reset(kind: str) -> None:
    fast = FAST[kind](UNITS, return_sequences=True, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(BATCH, None, FEATURES)), fast])
    whole = model(sequences()).numpy()
    fast.reset_state()
    parts = [model(sequences()[:, :3]).numpy(), model(sequences()[:, 3:]).numpy()]
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-6)
    fast.reset_state()
    np.testing.assert_array_equal(model(sequences()).numpy(), whole)


@both
def test_masks_are_the_stock_layers(kind: str) -> None:
    fast, stock = pair(kind)
    mask = tf.constant(np.arange(TIME)[None] < np.array([[7], [4], [2]]))
    np.testing.assert_allclose(
        fast(sequences(), mask=mask), stock(sequences(), mask=mask), atol=1e-5
    )


@pytest.mark.parametrize(
    "options",
    [
        {"recurrent_dropout": 0.5},
        {"reset_after": False},
        {"activation": "relu"},
        {"recurrent_activation": "hard_sigmoid"},
        {"use_bias": False},
        {"go_backwards": True},
    ],
)
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


WAYS: list[dict[str, object]] = [
    {"call": {"mask": tf.ones((BATCH, TIME), tf.bool)}},
    {"dtype": "mixed_bfloat16"},
    {"dtype": "mixed_float16"},
    {"recurrent_dropout": 1e-6},
    {"activation": lambda values: tf.tanh(values)},
    {"gpu": True},
]


@both
@pytest.mark.parametrize("way", WAYS, ids=lambda way: next(iter(way)))
def test_weight_dropout_is_the_same_on_every_way_to_the_stock_layer(
    kind: str, way: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = dict(way)
    call, gpu = options.pop("call", {}), options.pop("gpu", False)
    outputs, gradients = [], []
    for more in ({}, options):
        layer = FAST[kind](UNITS, return_sequences=True, weight_dropout=0.5, seed=3, **more)
        layer.build((BATCH, TIME, FEATURES))
        rng = np.random.default_rng(0)
        layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
        if more is options and gpu:
            monkeypatch.setattr(layer, "_fast", lambda: False)
        with tf.GradientTape() as tape:
            made = layer(sequences(), training=True, **(call if more is options else {}))
            total = tf.reduce_sum(tf.square(tf.cast(made, tf.float32)))
        outputs.append(np.asarray(tf.cast(made, tf.float32)))
        gradients.append(tape.gradient(total, layer.trainable_variables)[1].numpy())
    halves = "dtype" in way
    np.testing.assert_allclose(*outputs, atol=0.05 if halves else 1e-4)
    np.testing.assert_allclose(*gradients, atol=1.0 if halves else 1e-2, rtol=0.1)
    assert (gradients[1] == 0).any() and (
        gradients[1] != 0
    ).any()  # what was dropped learns nothing
    assert layer.cell.recurrent_kernel is layer.trainable_variables[1]


def test_weight_dropout_of_a_simple_rnn_changes_training_alone() -> None:
    layer = SimpleRNN(UNITS, return_sequences=True, weight_dropout=0.5, seed=1)
    plain = keras.layers.SimpleRNN(UNITS, return_sequences=True)
    for each in (layer, plain):
        each.build((BATCH, TIME, FEATURES))
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(sequences()), plain(sequences()), atol=1e-6)
    assert np.abs(layer(sequences(), training=True) - plain(sequences())).max() > 1e-2


@both
@pytest.mark.parametrize("units", [UNITS, COMPILED])
def test_bfloat16_is_near_and_its_weights_and_gradients_float32(kind: str, units: int) -> None:
    fast, stock = pair(kind, units)
    half = FAST[kind](units, return_sequences=True, precision="bfloat16")
    half.build((BATCH, TIME, FEATURES))
    half.set_weights(fast.get_weights())
    with tf.GradientTape() as tape:
        outputs = half(sequences())
        total = tf.reduce_sum(outputs)
    np.testing.assert_allclose(outputs, stock(sequences()), atol=0.05)
    assert np.abs(outputs - stock(sequences())).max() > 0
    gradients = tape.gradient(total, half.trainable_variables)
    assert {gradient.dtype for gradient in gradients} == {tf.float32}


@both
def test_weight_files_are_interchangeable(kind: str, tmp_path: Path) -> None:
    def model(layer: keras.layers.Layer) -> keras.Sequential:
        return keras.Sequential([keras.Input((None, FEATURES)), layer])

    fast = model(FAST[kind](UNITS, return_sequences=True, name="layer"))
    stock = model(STOCK[kind](UNITS, return_sequences=True, name="layer"))
    fast.save_weights(tmp_path / "fast.weights.h5")
    stock.load_weights(tmp_path / "fast.weights.h5")
    np.testing.assert_allclose(fast(sequences()), stock(sequences()), atol=1e-6)


@both
def test_configuration_comes_back(kind: str) -> None:
    layer = FAST[kind](UNITS, precision="bfloat16", weight_dropout=0.2, name="mine")
    again = FAST[kind].from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
