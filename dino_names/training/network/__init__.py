"""The Keras model: layers, their loop over time, the optimizer and its rate, precision, average.

In: the sizes and choices of a configuration.
Out: a built model, an optimizer, tensors under their names.
May use: config, errors, checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.training.network.layer_states import (
        get_state,
        read_state,
        reset_state,
        stateless,
        write_state,
    )
    from dino_names.training.network.learning_rate import Cosine
    from dino_names.training.network.model import build_model, get_tensors, set_tensors
    from dino_names.training.network.optimizer import build_optimizer
    from dino_names.training.network.precision import settle_precision
    from dino_names.training.network.recurrent_layers import GRU
    from dino_names.training.network.weight_average import WeightAverage

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "layer_states": ["get_state", "read_state", "reset_state", "stateless", "write_state"],
        "learning_rate": ["Cosine"],
        "model": ["build_model", "get_tensors", "set_tensors"],
        "optimizer": ["build_optimizer"],
        "precision": ["settle_precision"],
        "recurrent_layers": ["GRU"],
        "weight_average": ["WeightAverage"],
    },
)
