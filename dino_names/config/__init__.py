"""Every choice once: the options with their bounds and help, the presets, the shapes they imply.

In: a preset's name and what its user changes.
Out: a `Config`, and the `Architecture` of its network.
May use: errors, checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.config.architecture import GATES, MAX_VOCAB_SIZE, Architecture, Cell
    from dino_names.config.configuration import Config
    from dino_names.config.name_presets import LONG_LIST_OPTIONS, MOST_FOR_BASE, for_list
    from dino_names.config.presets import all_presets, choose, preset
    from dino_names.config.sections import DataConfig, Kind, ModelConfig, SampleConfig, TrainConfig

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "architecture": ["Architecture", "Cell", "GATES", "MAX_VOCAB_SIZE"],
        "configuration": ["Config"],
        "name_presets": ["LONG_LIST_OPTIONS", "MOST_FOR_BASE", "for_list"],
        "presets": ["all_presets", "choose", "preset"],
        "sections": ["DataConfig", "Kind", "ModelConfig", "SampleConfig", "TrainConfig"],
    },
)
