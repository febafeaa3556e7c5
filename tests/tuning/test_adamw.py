from __future__ import annotations

import numpy as np
import pytest

from dino_names.tuning.adamw import AdamW, Directions
from tests.tuning.test_network import weights

RATES = [1e-3, 5e-3, 2e-3, 0.0, 1e-2]


def gradients(step: int, scale: float = 0.05) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(step)
    return {name: rng.normal(0, scale, w.shape).astype(w.dtype) for name, w in weights().items()}


def test_without_directions_weights_move_as_defined() -> None:
    start, ours = weights(), AdamW({n: w.copy() for n, w in weights().items()}, decay=0.1)
    plain = {
        name: [w.copy(), np.zeros_like(w), np.zeros_like(w), w.copy()] for name, w in start.items()
    }
    for step, rate in enumerate(RATES, 1):
        found = gradients(step)
        norm = np.sqrt(sum((g**2).sum() for g in found.values()))
        for name, (w, m, v, a) in plain.items():
            g = found[name] / max(1.0, norm)
            w -= rate * 0.1 * w
            m[...] = 0.9 * m + 0.1 * g
            v[...] = 0.999 * v + 0.001 * g * g
            w -= (
                rate
                * (m / (1 - 0.9**step))
                / (np.sqrt(v / (1 - 0.999**step)) + 1e-7 / np.sqrt(1 - 0.999**step))
            )
            decay = min(0.98, (1 + step) / (10 + step))
            a[...] = decay * a + (1 - decay) * w
        ours.step(found, rate)
    for name, (w, _, _, a) in plain.items():
        assert np.allclose(ours.weights[name], w, atol=1e-12)
        assert np.allclose(ours.averages[name], a, atol=1e-12)


def test_directions_are_what_numbers_beside_the_biases_would_be() -> None:
    rng = np.random.default_rng(1)
    ways = Directions(
        input_bias=rng.normal(size=(2, 15)), output_bias=rng.normal(size=(2, 6)), faster=7
    )
    start = weights()
    ours = AdamW({n: w.copy() for n, w in start.items()}, directions=ways)
    # The same with the numbers kept apart, biases and numbers each with an Adam of its own.
    apart, numbers = AdamW({n: w.copy() for n, w in start.items()}), np.zeros(2)
    first, second = np.zeros(2), np.zeros(2)
    for step, rate in enumerate(RATES, 1):
        found = gradients(step)
        norm = np.sqrt(sum((g**2).sum() for g in found.values()))
        slopes = ways.input_bias @ found["layer0.bias"][0] + ways.output_bias @ found["output.bias"]
        slopes /= max(1.0, norm)
        first = 0.9 * first + 0.1 * slopes
        second = 0.999 * second + 0.001 * slopes**2
        root = np.sqrt(second / (1 - 0.999**step)) + 1e-7 / np.sqrt(1 - 0.999**step)
        numbers -= 7 * rate * first / (1 - 0.9**step) / root
        apart.step(found, rate)
        ours.step(found, rate)
    assert np.abs(numbers).max() > 0.01
    bias, output = ours.weights["layer0.bias"], ours.weights["output.bias"]
    assert np.allclose(bias[0], apart.weights["layer0.bias"][0] + numbers @ ways.input_bias)
    assert np.allclose(output, apart.weights["output.bias"] + numbers @ ways.output_bias)
    for name in ("layer0.kernel", "output.kernel"):
        assert np.array_equal(ours.weights[name], apart.weights[name])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_variables_keep_their_type_and_place(kind: type) -> None:
    ways = Directions(input_bias=np.ones((1, 15), kind), output_bias=np.ones((1, 6), kind))
    ours = AdamW(weights(kind), directions=ways)
    places = {name: variable.ctypes.data for name, variable in ours.rows.items()}
    ours.step({name: g.astype(kind) for name, g in gradients(1).items()}, 1e-3)
    assert {name: variable.ctypes.data for name, variable in ours.rows.items()} == places
    assert all(variable.dtype == kind for variable in [*ours.rows.values(), *ours.weights.values()])


def test_what_begins_again_remembers_nothing() -> None:
    ways = Directions(input_bias=np.ones((2, 15)), output_bias=np.ones((2, 6)))
    once, twice = (AdamW(weights(), directions=ways) for _ in range(2))
    for step in (1, 2):
        twice.step(gradients(step), 0.1)
    twice.restart(weights())
    for made in (once, twice):
        made.step(gradients(3), 0.1)
    assert all(np.array_equal(once.rows[name], row) for name, row in twice.rows.items())
    assert once.steps == twice.steps == 1


@pytest.mark.tensorflow
def test_steps_are_those_of_keras() -> None:
    from dino_names.config import ModelConfig, TrainConfig
    from dino_names.training import build_model, build_optimizer
    from dino_names.training.network.weight_average import WeightAverage

    options = TrainConfig(schedule="constant", warmup=0.0, weight_decay=0.02, learning_rate=3e-3)
    model = build_model(6, config=ModelConfig(embedding_dim=4, rnn_units=5))
    model.set_weights([w.astype(np.float32) for w in weights().values()])
    theirs = build_optimizer(options, steps=5)
    theirs.build(model.trainable_variables)
    average = WeightAverage(model, 0.98)
    ours = AdamW(weights(np.float32), decay=0.02)
    for step in range(1, 6):
        found = {name: g.astype(np.float32) for name, g in gradients(step, scale=1.0).items()}
        theirs.apply(list(found.values()), model.trainable_variables)
        average.update(step)
        ours.step(found, 3e-3)
    for weight, other in zip(ours.weights.values(), model.get_weights(), strict=True):
        assert np.allclose(weight, other, atol=1e-6)
    for weight, variable in zip(ours.averages.values(), average.variables, strict=True):
        assert np.allclose(weight, variable.numpy(), atol=1e-6)
