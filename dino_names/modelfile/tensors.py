"""Which tensors a model file holds: the name, type and shape of each, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Array
from dino_names.config import Architecture
from dino_names.errors import ModelFileError

Tensors = Mapping[str, Array]
Expected = dict[str, tuple[str, tuple[int, ...]]]

TRAINING_NAMES = "training_names"
# Names that safetensors gives to the types, little-endian all of them.
CODES = {
    "float64": "F64",
    "uint64": "U64",
    "float32": "F32",
    "int32": "I32",
    "float16": "F16",
    "int8": "I8",
    "uint16": "U16",
    "uint8": "U8",
}


def expected_tensors(
    architecture: Architecture,
    *,
    training_names: int | None = None,
    partner: Mapping[str, Any] | None = None,
    categories: int = 0,
) -> Expected:
    """The type and shape of every tensor of a model file, by name.

    Arguments:
        architecture: sizes of the networks.
        training_names: how many hashes of names are kept; None for no such tensor.
        partner: the section of the n-gram beside the networks, if there is one.
        categories: how many ids stand for lists and not for characters.

    Raises:
        ModelFileError: a partner that is not one, or of another vocabulary.
    """
    expected: Expected = {
        name: ("float32", shape) for name, shape in architecture.all_shapes().items()
    }
    if training_names is not None:
        expected[TRAINING_NAMES] = ("uint64", (training_names,))
    if partner is not None:
        expected.update(_partner_tensors(partner, architecture.vocab_size - categories))
    return expected


def _partner_tensors(partner: Mapping[str, Any], vocab_size: int) -> Expected:
    # Only a model that has a partner pays for it.
    from dino_names.ngram import expected_tensors as ngram_tensors

    if set(partner) != {"mixing", "ngram"} or not isinstance(partner["mixing"], dict):
        raise ModelFileError(
            f"partner: expected the sections mixing and ngram, received {sorted(partner)}."
        )
    expected = ngram_tensors(partner["ngram"])
    if partner["ngram"]["vocab_size"] != vocab_size:
        raise ModelFileError(
            f"partner: expected an n-gram over the network's {vocab_size} characters, "
            f"received one over {partner['ngram']['vocab_size']}."
        )
    return expected


def total_bytes(expected: Expected) -> int:
    """How long the tensors are together; counted without making any of them."""
    return sum(tensor_bytes(kind, shape) for kind, shape in expected.values())


def tensor_bytes(kind: str, shape: tuple[int, ...]) -> int:
    """How long one tensor is."""
    size = np.dtype(kind).itemsize
    for extent in shape:
        size *= extent
    return size


def check_tensors(expected: Expected, tensors: Tensors) -> None:
    """Refuse tensors that are not exactly those expected.

    Raises:
        ModelFileError: names the first that is missing, unknown or of another type or shape.
    """
    for name in sorted(set(expected) | set(tensors)):
        wanted = describe(*expected[name]) if name in expected else "no such tensor"
        found = tensors.get(name)
        received = "none" if found is None else describe(found.dtype.name, found.shape)
        if wanted != received:
            raise ModelFileError(f"tensor {name}: expected {wanted}, received {received}.")


def describe(kind: str, shape: tuple[int, ...]) -> str:
    """A type and a shape in words."""
    return f"{kind} of shape {shape}"


def join_networks(networks: Sequence[Tensors]) -> dict[str, Array]:
    """The tensors of several networks, each under the names of `Architecture.shapes`, as one set.

    Returns:
        Them under the names of `Architecture.all_shapes`.
    """
    return {
        f"network{number}.{name}": tensor
        for number, tensors in enumerate(networks)
        for name, tensor in tensors.items()
    }
