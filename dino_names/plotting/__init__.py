"""Pictures; every function takes ax=None, returns ax and never shows.

In: figures of an evaluation, of the lab or of a training.
Out: Matplotlib axes.
May use: evaluation, corpus, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.plotting.evaluation import (
        plot_calibration,
        plot_lengths,
        plot_nearest,
        plot_pairs,
        plot_positions,
    )
    from dino_names.plotting.lab import (
        plot_gradient_norms,
        plot_hidden_activations,
        plot_loss_curves,
        plot_responses,
        plot_text_activation,
    )
    from dino_names.plotting.lessons import (
        plot_choices,
        plot_forgetting,
        plot_gates,
        plot_lines,
        plot_model,
        plot_name_lengths,
        plot_next_character,
    )
    from dino_names.plotting.maps import plot_map
    from dino_names.plotting.report_pictures import import_figure, write_pictures
    from dino_names.plotting.training import plot_history

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "evaluation": [
            "plot_calibration",
            "plot_lengths",
            "plot_nearest",
            "plot_pairs",
            "plot_positions",
        ],
        "lab": [
            "plot_gradient_norms",
            "plot_hidden_activations",
            "plot_loss_curves",
            "plot_responses",
            "plot_text_activation",
        ],
        "lessons": [
            "plot_choices",
            "plot_forgetting",
            "plot_gates",
            "plot_lines",
            "plot_model",
            "plot_name_lengths",
            "plot_next_character",
        ],
        "maps": ["plot_map"],
        "report_pictures": ["import_figure", "write_pictures"],
        "training": ["plot_history"],
    },
)
