from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.engine.assembly import build
from dino_names.engine.ensemble import Ensemble
from dino_names.engine.network import Network
from dino_names.engine.predictor import log_softmax
from dino_names.errors import OptionError
from dino_names.modelfile.tensors import join_networks

CELLS = ("gru", "lstm", "rnn")
ENCODERS = ("embedding", "tanh", "onehot")
EVERY = [
    Architecture(vocab_size=7, cell=c, encoder=e, embedding_dim=5, rnn_units=6, num_layers=n)
    for c, e, n in itertools.product(CELLS, ENCODERS, (1, 2))
]


def named(architecture: Architecture) -> str:
    return f"{architecture.cell}-{architecture.encoder}-{architecture.num_layers}"


every = pytest.mark.parametrize("architecture", EVERY, ids=named)


def random_tensors(architecture: Architecture, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(0, 0.7, shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }


def random_ids(batch: int, time: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 7, (batch, time)).astype(np.int32)


def all_steps(network: Any, ids: np.ndarray) -> np.ndarray:
    """(batch, time, vocab_size)"""
    state = network.initial_state(len(ids))
    return np.stack([network.step(column, state).copy() for column in ids.T], axis=1)


def keras_model(architecture: Architecture, tensors: dict[str, np.ndarray]) -> Any:
    import keras

    units, vocab_size = architecture.rnn_units, architecture.vocab_size
    kinds = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM, "rnn": keras.layers.SimpleRNN}
    inputs = keras.Input((None,), dtype="int32")
    if architecture.encoder == "embedding":
        values = keras.layers.Embedding(vocab_size, architecture.embedding_dim)(inputs)
    else:
        values = keras.ops.one_hot(inputs, vocab_size)
    if architecture.encoder == "tanh":
        values = keras.layers.Dense(units, "tanh")(values)
    for _ in range(architecture.num_layers):
        values = kinds[architecture.cell](units, return_sequences=True)(values)
    model = keras.Model(inputs, keras.layers.Dense(vocab_size)(values))
    model.set_weights(list(tensors.values()))
    return model


@pytest.mark.tensorflow
@every
def test_steps_equal_keras_on_the_whole_sequence(architecture: Architecture) -> None:
    tensors, ids = random_tensors(architecture), random_ids(3, 9)
    theirs = keras_model(architecture, tensors)(ids).numpy()
    ours = all_steps(Network(architecture, tensors), ids)
    np.testing.assert_allclose(ours, theirs, atol=1e-5, rtol=1e-5)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def plain_cell(cell: str, x: list[float], h: list[float], c: list[float], U: Any, b: Any) -> None:
    """One row, one number at a time, in place; x holds the input's part."""
    units = len(h)
    bias = b[1] if cell == "gru" else np.zeros(len(x))
    r = [bias[k] + sum(h[j] * U[j, k] for j in range(units)) for k in range(len(x))]
    for k in range(units):
        one, two, three, four = (k + gate * units for gate in range(4))
        if cell == "gru":
            z = sigmoid(x[one] + r[one])
            candidate = math.tanh(x[three] + sigmoid(x[two] + r[two]) * r[three])
            h[k] = z * h[k] + (1 - z) * candidate
        elif cell == "lstm":
            c[k] = sigmoid(x[two] + r[two]) * c[k] + sigmoid(x[one] + r[one]) * math.tanh(
                x[three] + r[three]
            )
            h[k] = sigmoid(x[four] + r[four]) * math.tanh(c[k])
        else:
            h[k] = math.tanh(x[one] + r[one])


def plain_steps(architecture: Architecture, t: dict[str, Any], ids: np.ndarray) -> np.ndarray:
    t = {name: tensor.astype(np.float64) for name, tensor in t.items()}
    layers, units = architecture.num_layers, architecture.rnn_units
    result = np.zeros((*ids.shape, architecture.vocab_size))
    for row, time in np.ndindex(ids.shape):
        if time == 0:
            hidden = [[0.0] * units for _ in range(layers)]
            cells = [[0.0] * units for _ in range(layers)]
        values = np.eye(architecture.vocab_size)[ids[row, time]]
        if architecture.encoder == "embedding":
            values = values @ t["encoder.embedding"]
        elif architecture.encoder == "tanh":
            values = np.tanh(values @ t["encoder.kernel"] + t["encoder.bias"])
        for layer in range(layers):
            b = t[f"layer{layer}.bias"]
            x = values @ t[f"layer{layer}.kernel"] + (b[0] if b.ndim == 2 else b)
            recurrent = t[f"layer{layer}.recurrent_kernel"]
            plain_cell(architecture.cell, list(x), hidden[layer], cells[layer], recurrent, b)
            values = np.array(hidden[layer])
        result[row, time] = values @ t["output.kernel"] + t["output.bias"]
    return result


@every
def test_steps_equal_a_plain_loop(architecture: Architecture) -> None:
    tensors, ids = random_tensors(architecture, 2), random_ids(2, 4)
    ours = all_steps(Network(architecture, tensors), ids)
    np.testing.assert_allclose(ours, plain_steps(architecture, tensors, ids), atol=2e-5)


@every
def test_the_state_matters_and_a_new_one_forgets(architecture: Architecture) -> None:
    network = Network(architecture, random_tensors(architecture))
    ids = random_ids(2, 5)
    once, again = all_steps(network, ids), all_steps(network, ids)
    np.testing.assert_array_equal(once, again)
    assert np.abs(once[:, -1] - all_steps(network, ids[:, -1:])[:, 0]).max() > 1e-3


@every
def test_rows_that_stay_go_on_as_before(architecture: Architecture) -> None:
    network = Network(architecture, random_tensors(architecture))
    ids, rows = random_ids(6, 8), np.array([4, 1, 5])
    expected = all_steps(network, ids)
    state = network.initial_state(6)
    for time in range(4):
        network.step(ids[:, time], state)
    state.keep(rows)
    for time in range(4, 8):
        logits = network.step(ids[rows, time], state)
        assert logits.shape == (3, 7)
        np.testing.assert_allclose(logits, expected[rows, time], atol=1e-6)


@every
def test_a_state_spread_over_a_batch_goes_on_in_each_row(architecture: Architecture) -> None:
    network = Network(architecture, random_tensors(architecture))
    ids = random_ids(1, 6)
    expected = all_steps(network, ids)
    warm = network.initial_state(1)
    for time in range(5):
        network.step(ids[:, time], warm)
    spread = warm.pick(np.zeros(4, int))
    logits = network.step(np.repeat(ids[:, 5], 4), spread)
    np.testing.assert_allclose(logits, np.repeat(expected[:, 5], 4, axis=0), atol=1e-6)
    # The state it came from is as it was.
    np.testing.assert_allclose(network.step(ids[:, 5], warm), expected[:, 5], atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_huge_weights_saturate_without_a_warning(cell: Any) -> None:
    architecture = Architecture(vocab_size=7, cell=cell, embedding_dim=5, rnn_units=6)
    tensors = {name: 1e4 * tensor for name, tensor in random_tensors(architecture).items()}
    assert np.isfinite(all_steps(Network(architecture, tensors), random_ids(2, 3))).all()


def test_tensors_are_left_as_they_were() -> None:
    for architecture in EVERY:
        tensors = random_tensors(architecture)
        all_steps(Network(architecture, tensors), random_ids(2, 3))
        for name, tensor in random_tensors(architecture).items():
            np.testing.assert_array_equal(tensors[name], tensor)


def test_tensors_of_other_shapes_are_refused() -> None:
    architecture = Architecture(vocab_size=7, embedding_dim=5, rnn_units=6)
    tensors = random_tensors(architecture)
    with pytest.raises(OptionError, match="tensors: expected .*received"):
        Network(architecture, {**tensors, "output.bias": np.zeros(8, np.float32)})
    with pytest.raises(OptionError, match="tensors: expected"):
        Network(architecture, {name: tensors[name] for name in list(tensors)[1:]})


def test_an_ensemble_averages_probabilities() -> None:
    architecture = Architecture(vocab_size=7, embedding_dim=5, rnn_units=6, networks=3)
    single = [random_tensors(architecture, seed) for seed in range(3)]
    ensemble = build(architecture, join_networks(single))
    assert isinstance(ensemble, Ensemble)
    ids = random_ids(4, 5)
    separate = [all_steps(Network(architecture, tensors), ids) for tensors in single]
    shares = [np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True) for logits in separate]
    ours = all_steps(ensemble, ids)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(np.exp(ours), np.mean(shares, axis=0), atol=1e-6)
    state = ensemble.initial_state(4)
    ensemble.step(ids[:, 0], state)
    state.keep(np.array([2]))
    spread = state.pick(np.zeros(2, int))
    logits = ensemble.step(ids[[2, 2], 1], spread)
    np.testing.assert_allclose(logits, ours[[2, 2], 1], atol=1e-6)


def test_one_network_is_no_ensemble() -> None:
    architecture = Architecture(vocab_size=7, embedding_dim=5, rnn_units=6)
    network = build(architecture, join_networks([random_tensors(architecture)]))
    assert isinstance(network, Network)


def test_log_softmax_of_far_apart_logits_is_finite() -> None:
    logits = np.array([[0, -300, 5], [1e4, 0, 0]], np.float32)
    result = log_softmax(logits.copy())
    assert np.isfinite(result).all()
    np.testing.assert_allclose(np.exp(result).sum(axis=1), 1, rtol=1e-6)
