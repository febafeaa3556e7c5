"""How good a model is: on names it has not seen, beside an n-gram, and by the names it invents.

In: a model and lists of names.
Out: a report with intervals and its verdict in words.
May use: generation and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.evaluation.held_out_names import choose_names

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "held_out_names": ["choose_names"],
    },
)
