"""Weights in fewer bits: as 16-bit floats, or as 8-bit integers with a scale for each output.

What a matrix is multiplied with has one scale a column, a table in which rows are looked up one a
row (B. Jacob et al., "Quantization and training of neural networks for efficient
integer-arithmetic-only inference", 2018, symmetric); biases stay 16-bit floats. In memory weights
are 32-bit floats that these stand for exactly, so a file that was read is written as it was.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from dino_names.arrays import Array, Float32s
from dino_names.config import Architecture
from dino_names.errors import OptionError
from dino_names.modelfile.tensors import Expected, Tensors

Precision = Literal["float32", "float16", "int8"]
PRECISIONS = ("float32", "float16", "int8")
SCALE = ".scale"
LARGEST = 127
# The smallest a scale can be, for columns of zeros.
SMALLEST = np.float16(2.0**-14)


def _axis(name: str) -> int | None:
    """Along which axis the weights of one scale lie; None where there is none."""
    if name.endswith(("kernel", "recurrent_kernel")):
        return 0
    return 1 if name.endswith(("embedding", "positions")) else None


def expected_weights(architecture: Architecture, precision: str) -> Expected:
    """The type and shape of every tensor that the weights of a network are stored as."""
    expected: Expected = {}
    for name, shape in architecture.all_shapes().items():
        axis = _axis(name)
        if precision == "int8" and axis is not None:
            expected[name] = ("int8", shape)
            expected[name + SCALE] = ("float16", shape[1:] if axis == 0 else shape[:1])
        else:
            expected[name] = ("float32" if precision == "float32" else "float16", shape)
    return expected


def encode(weights: Tensors, precision: str) -> dict[str, Array]:
    """Weights as they are stored.

    Arguments:
        weights: 32-bit floats, under the names of `Architecture.all_shapes`.
        precision: `float16` or `int8`.

    Raises:
        OptionError: a weight is too large for it.
    """
    stored: dict[str, Array] = {}
    for name, weight in weights.items():
        axis = _axis(name)
        if precision == "int8" and axis is not None:
            scale = np.abs(weight).max(axis=axis, keepdims=True) / np.float32(LARGEST)
            rounded = np.maximum(_halve(name, scale), SMALLEST)
            ratio = weight / rounded.astype(np.float32)
            stored[name] = np.clip(np.rint(ratio), -LARGEST, LARGEST).astype(np.int8)
            stored[name + SCALE] = rounded.squeeze(axis)
        else:
            stored[name] = _halve(name, weight)
    return stored


def decode(stored: Tensors) -> dict[str, Float32s]:
    """The weights that are stored so, as 32-bit floats."""
    weights: dict[str, Float32s] = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE):
            continue
        weight = tensor.astype(np.float32)
        if tensor.dtype == np.int8:
            scale = stored[name + SCALE].astype(np.float32)
            weight *= scale if _axis(name) == 0 else scale[:, None]
        weights[name] = weight
    return weights


def _halve(name: str, values: Array) -> Array:
    with np.errstate(over="ignore"):
        halved = values.astype(np.float16)
    if not np.isfinite(halved).all():
        raise OptionError(
            f"precision: expected weights that 16 bits can hold, received larger ones in {name}; "
            "keep float32."
        )
    return halved
