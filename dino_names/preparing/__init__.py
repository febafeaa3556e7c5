"""Lists that are too long for memory, made a folder to train on.

In: files of names, or names one after another.
Out: `corpus.PreparedNames`, with what an n-gram needs.
May use: ngram, modelfile and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.preparing.counting import Told, count_stretch, join_all, stretches
    from dino_names.preparing.pipeline import prepare
    from dino_names.preparing.reading import Names

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "counting": ["Told", "count_stretch", "join_all", "stretches"],
        "pipeline": ["prepare"],
        "reading": ["Names"],
    },
)
