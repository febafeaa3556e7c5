"""Arrays by the type of their numbers, for annotations alone.

`numpy.typing` takes as long to import as a name takes to make, so only a type checker does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[Any]
    ArrayLike = npt.ArrayLike
    Booleans = npt.NDArray[np.bool_]
    DType = npt.DTypeLike
    Float32s = npt.NDArray[np.float32]
    Float64s = npt.NDArray[np.float64]
    Floats = npt.NDArray[np.floating[Any]]
    Indices = npt.NDArray[np.intp]
    Int32s = npt.NDArray[np.int32]
    Int64s = npt.NDArray[np.int64]
    Integers = npt.NDArray[np.integer[Any]]
    Texts = npt.NDArray[np.str_]
    UInt64s = npt.NDArray[np.uint64]
else:
    Array = ArrayLike = Booleans = DType = Float32s = Float64s = Floats = Indices = Any
    Int32s = Int64s = Integers = Texts = UInt64s = Any
