"""What notebooks show: pictures with descriptions, tables, sliders, interrupted trainings.

In: models, texts and figures.
Out: what a cell displays.
May use: all but the commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.teaching.lab import (
        english,
        island_file,
        island_losses,
        label_characters,
        mean_gates,
        nats_per_char,
        norms_back_in_time,
    )
    from dino_names.teaching.live import Steps, live_curve, ticking
    from dino_names.teaching.names import share_repeated, to_name_model
    from dino_names.teaching.notebook_output import Picture, Table, parameter_table, shorten, show
    from dino_names.teaching.press_ctrl_c import Interrupt
    from dino_names.teaching.sliders import NameSliders
    from dino_names.teaching.tasks import check
    from dino_names.teaching.text import (
        bits_after_reset,
        bits_with_resets,
        logits_along,
        next_logits,
        packed_bits,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "lab": [
            "english",
            "island_file",
            "island_losses",
            "label_characters",
            "mean_gates",
            "nats_per_char",
            "norms_back_in_time",
        ],
        "live": ["Steps", "live_curve", "ticking"],
        "names": ["share_repeated", "to_name_model"],
        "notebook_output": ["Picture", "Table", "parameter_table", "shorten", "show"],
        "press_ctrl_c": ["Interrupt"],
        "sliders": ["NameSliders"],
        "tasks": ["check"],
        "text": [
            "bits_after_reset",
            "bits_with_resets",
            "logits_along",
            "next_logits",
            "packed_bits",
        ],
    },
)
