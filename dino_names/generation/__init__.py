"""Models ready to use: names and texts drawn, and how likely a model finds them.

In: the contents of a model file, and a prompt.
Out: names, texts, scores.
May use: engine and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.generation.category_bundle import blended
    from dino_names.generation.category_model import CategoryModel
    from dino_names.generation.edits import PAIRS_AT_ONCE, edit_distances
    from dino_names.generation.first_names import first_names
    from dino_names.generation.loading import open_model, read_model
    from dino_names.generation.name_maker import BATCH
    from dino_names.generation.name_model import NameModel
    from dino_names.generation.name_scoring import Score
    from dino_names.generation.options import NameOptions, OneNameOptions
    from dino_names.generation.sampling_options import SamplingOptions, TextOptions
    from dino_names.generation.text_model import TextModel

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "category_bundle": ["blended"],
        "category_model": ["CategoryModel"],
        "edits": ["PAIRS_AT_ONCE", "edit_distances"],
        "first_names": ["first_names"],
        "loading": ["open_model", "read_model"],
        "name_maker": ["BATCH"],
        "name_model": ["NameModel"],
        "name_scoring": ["Score"],
        "options": ["NameOptions", "OneNameOptions"],
        "sampling_options": ["SamplingOptions", "TextOptions"],
        "text_model": ["TextModel"],
    },
)
