"""The moving average of the weights against a plain loop."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from dino_names.config.sections import ModelConfig
from dino_names.training.network.model import build_model
from dino_names.training.network.weight_average import WeightAverage

pytestmark = pytest.mark.tensorflow


def model() -> keras.Sequential:
    return build_model(5, config=ModelConfig(embedding_dim=2, rnn_units=3))


def test_it_is_what_a_plain_loop_gives() -> None:
    trained = model()
    average = WeightAverage(trained, 0.9)
    expected = [np.array(weight.numpy()) for weight in trained.trainable_variables]
    rng = np.random.default_rng(0)
    for step in range(1, 30):
        for place, weight in enumerate(trained.trainable_variables):
            weight.assign(rng.normal(size=weight.shape))
            decay = min(0.9, (1 + step) / (10 + step))
            expected[place] = decay * expected[place] + (1 - decay) * weight.numpy()
        average.update(step)
    for found, value in zip(average.variables, expected, strict=True):
        np.testing.assert_allclose(found.numpy(), value, atol=1e-5)


@pytest.mark.parametrize("compiled", [False, True])
def test_an_optimizer_moves_it_after_each_step(
    compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dino_names.config import TrainConfig
    from dino_names.training.network import optimizer as module

    monkeypatch.setattr(module, "WORTH_COMPILING", 0 if compiled else 1 << 30)
    trained, config = model(), TrainConfig(average=0.9)
    average = WeightAverage(trained, 0.9)
    optimizer = module.build_optimizer(config, steps=9, average=average)
    optimizer.build(trained.trainable_variables)
    expected = [np.array(weight.numpy()) for weight in trained.trainable_variables]
    for step in range(1, 6):
        gradients = [np.full(w.shape, float(step), np.float32) for w in trained.trainable_variables]
        optimizer.apply(gradients, trained.trainable_variables)
        decay = min(0.9, (1 + step) / (10 + step))
        for place, weight in enumerate(trained.trainable_variables):
            expected[place] = decay * expected[place] + (1 - decay) * weight.numpy()
    for found, value in zip(average.variables, expected, strict=True):
        np.testing.assert_allclose(found.numpy(), value, atol=1e-6)


def test_swapping_in_gives_the_weights_back_even_after_an_error() -> None:
    trained = model()
    average = WeightAverage(trained, 0.5)
    for weight in trained.trainable_variables:
        weight.assign(weight.value + 1.0)
    before = [np.array(weight.numpy()) for weight in trained.trainable_variables]
    with pytest.raises(RuntimeError), average.swapped_in():
        inside = [np.array(weight.numpy()) for weight in trained.trainable_variables]
        raise RuntimeError
    for weight, kept, shown in zip(trained.trainable_variables, before, inside, strict=True):
        np.testing.assert_array_equal(weight.numpy(), kept)
        assert np.abs(shown - kept).max() == pytest.approx(1.0)
