"""How good a model is: on names it has not seen, beside an n-gram, and by the names it invents.

In: a model and lists of names.
Out: a report with intervals and its verdict in words.
May use: generation and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.evaluation.character_nats import CharacterNats
    from dino_names.evaluation.evaluation import evaluate, evaluate_names
    from dino_names.evaluation.held_out_names import EvaluationNames, choose_names
    from dino_names.evaluation.intervals import share_interval
    from dino_names.evaluation.likeness import name_pairs
    from dino_names.evaluation.near_copies import nearest
    from dino_names.evaluation.report import Report
    from dino_names.evaluation.report_table import lines
    from dino_names.evaluation.verdict import VALIDATION, course

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "character_nats": ["CharacterNats"],
        "evaluation": ["evaluate", "evaluate_names"],
        "held_out_names": ["EvaluationNames", "choose_names"],
        "intervals": ["share_interval"],
        "likeness": ["name_pairs"],
        "near_copies": ["nearest"],
        "report": ["Report"],
        "report_table": ["lines"],
        "verdict": ["VALIDATION", "course"],
    },
)
