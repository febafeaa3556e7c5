"""A base tuned on a list of names in NumPy: a short list needs no TensorFlow.

In: a base, a list, choices.
Out: a run like any other.
May use: runs, progress and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.tuning.base_choice import Start, choose_start, has_few, is_done_in_numpy
    from dino_names.tuning.base_model import (
        bundle_of,
        first_network,
        origin_of,
        read_base,
        weights_for,
    )
    from dino_names.tuning.trainer import tune

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "base_choice": ["Start", "choose_start", "has_few", "is_done_in_numpy"],
        "base_model": ["bundle_of", "first_network", "origin_of", "read_base", "weights_for"],
        "trainer": ["tune"],
    },
)
