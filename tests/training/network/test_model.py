"""What `build_model` builds."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from dino_names.config.presets import preset
from dino_names.config.sections import ModelConfig, TrainConfig
from dino_names.errors import OptionError, RunError
from dino_names.training.network import precision as precision_module
from dino_names.training.network.model import build_model, get_tensors
from dino_names.training.network.optimizer import build_optimizer

pytestmark = pytest.mark.tensorflow


def small(**options: object) -> ModelConfig:
    return ModelConfig(**{"embedding_dim": 3, "rnn_units": 4, **options})


def test_the_tutorials_model_has_its_published_parameters() -> None:
    model = build_model(53, config=preset("tutorial").model)
    assert model.count_params() == 4_006_197
    assert [type(layer).__name__ for layer in model.layers] == ["Embedding", "GRU", "Dense"]


def test_arguments_as_the_tutorial_gives_them() -> None:
    model = build_model(53, 256, 1024, 64)
    assert model.input_shape == (64, None)
    assert model.output_shape == (64, None, 53)
    assert model.count_params() == 4_006_197


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
@pytest.mark.parametrize("encoder", ["embedding", "tanh", "onehot"])
def test_tensors_are_those_of_the_architecture(cell: str, encoder: str) -> None:
    config = small(cell=cell, encoder=encoder, num_layers=2, dropout=0.2, embedding_dropout=0.1)
    model = build_model(6, config=config)
    architecture = config.architecture(6)
    tensors = get_tensors(model, architecture)
    assert {name: tensor.shape for name, tensor in tensors.items()} == architecture.shapes()
    assert sum(tensor.size for tensor in tensors.values()) == architecture.parameters()
    assert model(np.zeros((2, 3), "int32")).shape == (2, 3, 6)


def test_another_architectures_tensors_are_refused() -> None:
    model = build_model(6, config=small())
    with pytest.raises(RunError, match="expected tensors"):
        get_tensors(model, small().architecture(7))


def test_seed_decides_the_weights() -> None:
    def weights(seed: int) -> list[np.ndarray]:
        return build_model(6, config=small(), seed=seed).get_weights()

    same = [np.array_equal(a, b) for a, b in zip(weights(1), weights(1), strict=True)]
    assert all(same)
    assert not np.array_equal(weights(1)[0], weights(2)[0])


def test_embedding_starts_as_asked() -> None:
    wide = build_model(500, config=small(embedding_stddev=1.0)).get_weights()[0]
    keras_like = build_model(500, config=small(embedding_stddev=None)).get_weights()[0]
    assert wide.std() == pytest.approx(1.0, rel=0.1)
    assert np.abs(keras_like).max() <= 0.05
    assert keras_like.std() == pytest.approx(0.1 / np.sqrt(12), rel=0.1)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "adagrad", "sgd"])
def test_optimizer_moves_weights_against_the_gradient(name: str) -> None:
    config = TrainConfig(optimizer=name, schedule="constant", warmup=0.0, learning_rate=0.1)
    optimizer = build_optimizer(config, steps=10)
    weight = keras.Variable([1.0, -1.0])
    optimizer.build([weight])
    optimizer.apply([keras.ops.array([1.0, -1.0])], [weight])
    assert weight.numpy()[0] < 1.0 and weight.numpy()[1] > -1.0
    assert type(optimizer).__name__.lower() == name


def test_schedule_rises_then_falls_to_nothing() -> None:
    config = TrainConfig(learning_rate=0.5, schedule="cosine", warmup=0.2)
    rate = build_optimizer(config, steps=100)._learning_rate
    rates = [float(rate(step)) for step in range(101)]
    assert rates[0] == 0.0 and rates[100] == pytest.approx(0.0, abs=1e-6)
    assert max(rates) == pytest.approx(0.5) == rates[20]
    assert rates[60] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"clip_norm": 1.0}, [0.6, 0.8]), ({"clip_norm": None, "clip_value": 0.5}, [0.5, 0.5])],
)
def test_clipping_by_global_norm_and_by_value(
    options: dict[str, float | None], expected: list[float]
) -> None:
    config = TrainConfig(
        optimizer="sgd", schedule="constant", warmup=0.0, learning_rate=1.0, **options
    )
    optimizer = build_optimizer(config, steps=1)
    first, second = keras.Variable([0.0]), keras.Variable([0.0])
    optimizer.build([first, second])
    optimizer.apply([keras.ops.array([-3.0]), keras.ops.array([-4.0])], [first, second])
    np.testing.assert_allclose([first.numpy()[0], second.numpy()[0]], expected, rtol=1e-5)


def test_both_clippings_at_once_are_refused() -> None:
    with pytest.raises(OptionError, match="clip_norm and clip_value"):
        TrainConfig(clip_norm=1.0, clip_value=1.0)


@pytest.mark.parametrize(
    ("asked", "has", "units", "precision"),
    [
        ("auto", True, 128, "bfloat16"),
        ("auto", True, 64, "float32"),  # too small to pay
        ("auto", False, 1024, "float32"),
        ("bfloat16", False, 8, "bfloat16"),
        ("float32", True, 1024, "float32"),
    ],
)
def test_auto_is_the_faster_precision_here(
    asked: str, has: bool, units: int, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision_module, "has_bfloat16", lambda: has)
    config = ModelConfig(embedding_dim=3, rnn_units=units)
    model = build_model(5, config=config, precision=asked)
    assert model.get_layer("layer0").precision == precision
