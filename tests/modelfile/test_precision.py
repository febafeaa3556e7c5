from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.config.architecture import Architecture
from dino_names.errors import OptionError
from dino_names.modelfile.precision import decode, encode, expected_weights
from tests.helpers.tiny_bundle import weights

ARCHITECTURES = [
    Architecture(vocab_size=5, embedding_dim=3, rnn_units=4),
    Architecture(vocab_size=5, cell="lstm", encoder="onehot", rnn_units=2, num_layers=2),
    Architecture(vocab_size=4, cell="rnn", encoder="tanh", rnn_units=3, networks=2),
    Architecture(vocab_size=4, cell="gpt", rnn_units=64, num_layers=1, context=8),
]


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda a: a.cell)
@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_what_is_stored_has_the_types_and_shapes_expected(
    architecture: Architecture, precision: str
) -> None:
    stored = encode(weights(architecture), precision)
    assert expected_weights(architecture, precision) == {
        name: (tensor.dtype.name, tensor.shape) for name, tensor in stored.items()
    }
    back = decode(stored)
    assert {name: tensor.shape for name, tensor in back.items()} == architecture.all_shapes()
    assert all(tensor.dtype == np.float32 for tensor in back.values())


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda a: a.cell)
@given(seed=st.integers(0, 10**6), spread=st.sampled_from([1e-6, 1.0, 300.0]))
def test_rounding_is_near_and_rounding_again_changes_nothing(
    architecture: Architecture, seed: int, spread: float
) -> None:
    before = {
        name: tensor * np.float32(spread) for name, tensor in weights(architecture, seed).items()
    }
    for precision, share in (("float16", 2.0**-11), ("int8", 0.5 / 127 + 2.0**-10)):
        after = decode(encode(before, precision))
        for name, tensor in before.items():
            room = share * np.abs(tensor).max() + 2.0**-14
            assert np.abs(after[name] - tensor).max() <= room, name
        again = decode(encode(after, precision))
        assert all(np.array_equal(again[name], after[name]) for name in after)


def test_each_output_of_a_matrix_has_a_scale_of_its_own() -> None:
    architecture = Architecture(vocab_size=3, encoder="embedding", embedding_dim=2, rnn_units=1)
    made = weights(architecture)
    made["network0.output.kernel"] = np.array([[0.05, 1.0, 50.0]], np.float32)
    made["network0.encoder.embedding"] = np.array([[0.05, 0.1], [1, 2], [50, 100]], np.float32)
    after = decode(encode(made, "int8"))
    for name in ("network0.output.kernel", "network0.encoder.embedding"):
        assert np.allclose(after[name], made[name], rtol=0.01)


def test_weights_too_large_for_16_bits_are_refused() -> None:
    architecture = Architecture(vocab_size=3, encoder="onehot", cell="rnn", rnn_units=1)
    made = weights(architecture)
    made["network0.output.bias"] = made["network0.output.bias"] + np.float32(1e6)
    for precision in ("float16", "int8"):
        with pytest.raises(OptionError, match="16 bits can hold"):
            encode(made, precision)
