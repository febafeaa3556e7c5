"""The Keras model: layers, their loop over time, the optimizer and its rate, precision, average.

In: the sizes and choices of a configuration.
Out: a built model, an optimizer, tensors under their names.
May use: config, errors, checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.training.network.layer_states import reset_state
    from dino_names.training.network.model import build_model
    from dino_names.training.network.optimizer import build_optimizer

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "layer_states": ["reset_state"],
        "model": ["build_model"],
        "optimizer": ["build_optimizer"],
    },
)
