"""Which precision the matrix products of the recurrent layers have."""

from __future__ import annotations

import contextlib
from pathlib import Path

import tensorflow as tf

# Below so many units, converting takes as long as the shorter products save.
BFLOAT16_PAYS = 128


def settle_precision(precision: str, units: int) -> str:
    """The precision of the recurrent layers' products; `auto` is the faster one here.

    On a GPU that is float32, for which Keras has a kernel of its own.

    Arguments:
        precision: `auto`, `float32` or `bfloat16`.
        units: of a recurrent layer.
    """
    if precision != "auto":
        return precision
    pays = units >= BFLOAT16_PAYS and has_bfloat16() and not tf.config.list_logical_devices("GPU")
    return "bfloat16" if pays else "float32"


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself, as far as the system tells."""
    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
        return "avx512_bf16" in flags or "amx_bf16" in flags
    return False
