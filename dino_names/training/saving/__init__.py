"""Keras's checkpoints of a run, whole or not there, and epochs as model files.

In: a model and the run it belongs to.
Out: files of weights, and weights read back with suspicion.
May use: training.network, runs and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.training.saving.checkpoints import RunCheckpoint, restore
    from dino_names.training.saving.export import export_epoch

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "checkpoints": ["RunCheckpoint", "restore"],
        "export": ["export_epoch"],
    },
)
