"""What a GPU does to a training; there is seldom one."""

from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf

from dino_names.training import train
from dino_names.training.network import settle_precision
from dino_names.training.network.recurrent_layers import GRU
from tests.helpers.tiny_runs import NAMES

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.skipif(not tf.config.list_logical_devices("GPU"), reason="there is no GPU"),
]


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_the_default_network_learns_with_its_weight_dropout(tmp_path: Path, loop: str) -> None:
    run = train(NAMES, out=tmp_path / "run", base="none", epochs=3, loop=loop)
    losses = [row["loss"] for row in run.history]
    assert losses == sorted(losses, reverse=True) and run.config.model.weight_dropout > 0
    assert settle_precision("auto", 1024) == "float32"


def test_weight_dropout_changes_what_keras_has_for_a_gpu() -> None:
    layer = GRU(8, return_sequences=True, weight_dropout=0.5, seed=1)
    inputs = tf.random.stateless_normal((2, 5, 3), (1, 2))
    calm, noisy = layer(inputs), layer(inputs, training=True)
    assert float(tf.reduce_max(tf.abs(calm - noisy))) > 1e-3
