"""Interpolated Kneser-Ney over characters: counts, the trie they are kept in, probabilities.

In: names as ids.
Out: an n-gram that steps like a network, and its tensors.
May use: config, corpus and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.ngram.categories import CategoryNgrams, choose_shrinks, fit_rows
    from dino_names.ngram.kneser_ney import DEFAULT_ORDER, Ngram
    from dino_names.ngram.trie import expected_tensors
    from dino_names.ngram.windows import Windows, longest_order

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "categories": ["CategoryNgrams", "choose_shrinks", "fit_rows"],
        "kneser_ney": ["DEFAULT_ORDER", "Ngram"],
        "trie": ["expected_tensors"],
        "windows": ["Windows", "longest_order"],
    },
)
