"""Arrays as variables that an exact state can be saved from and loaded into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names.arrays import Array


class ArrayVariable:
    """An array that takes other numbers in its place.

    Arguments:
        array: whose memory stays the same.
    """

    def __init__(self, array: Array) -> None:
        self.array = array

    @property
    def shape(self) -> tuple[int, ...]:
        """Its extents."""
        return self.array.shape

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self.array, dtype)

    def assign(self, value: Any) -> None:
        """Take other numbers of this shape."""
        self.array[...] = value


def as_variables(arrays: Mapping[str, Array]) -> list[ArrayVariable]:
    """Each array as a variable, in their order."""
    return [ArrayVariable(array) for array in arrays.values()]
