from __future__ import annotations

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.errors import ModelFileError
from dino_names.modelfile.tensors import (
    CODES,
    check_tensors,
    expected_tensors,
    join_networks,
    total_bytes,
)

ARCHITECTURE = Architecture(vocab_size=5, embedding_dim=3, rnn_units=4, networks=2)


def made(**options: int) -> dict[str, np.ndarray]:
    expected = expected_tensors(ARCHITECTURE, **options)
    return {name: np.zeros(shape, kind) for name, (kind, shape) in expected.items()}


def test_a_file_holds_the_tensors_of_the_architecture_and_the_hashes() -> None:
    tensors = made(training_names=7)
    assert {name: tensors[name].shape for name in ARCHITECTURE.all_shapes()} == (
        ARCHITECTURE.all_shapes()
    )
    assert set(tensors) - set(ARCHITECTURE.all_shapes()) == {"training_names"}
    assert tensors["training_names"].dtype == np.uint64
    assert set(made()) == set(ARCHITECTURE.all_shapes())


def test_bytes_are_counted_without_making_tensors() -> None:
    expected = expected_tensors(ARCHITECTURE, training_names=7)
    tensors = made(training_names=7)
    assert total_bytes(expected) == sum(tensor.nbytes for tensor in tensors.values())
    huge = Architecture(vocab_size=4_096, rnn_units=1_024, num_layers=2, networks=3)
    assert total_bytes(expected_tensors(huge)) == 4 * huge.parameters() > 2**27


def test_tensors_that_differ_are_named() -> None:
    expected, tensors = expected_tensors(ARCHITECTURE), made()
    check_tensors(expected, tensors)
    name = "network1.output.bias"
    for changed, message in (
        ({**tensors, name: np.zeros(6, np.float32)}, r"float32 of shape \(6,\)"),
        ({**tensors, name: np.zeros(5, np.float64)}, r"received float64 of shape \(5,\)"),
        ({**tensors, "more": np.zeros(1)}, "tensor more: expected no such tensor"),
        ({key: tensors[key] for key in tensors if key != name}, f"tensor {name}: .* none"),
    ):
        with pytest.raises(ModelFileError, match=message):
            check_tensors(expected, changed)


def test_types_have_the_names_that_safetensors_gives_them() -> None:
    from safetensors.numpy import save

    for kind, code in CODES.items():
        assert f'"dtype":"{code}"'.encode() in save({"a": np.zeros(2, kind)})


def test_networks_are_joined_under_their_numbers() -> None:
    single = {name: np.ones(shape) for name, shape in ARCHITECTURE.shapes().items()}
    joined = join_networks([single, single])
    assert {name: tensor.shape for name, tensor in joined.items()} == ARCHITECTURE.all_shapes()
