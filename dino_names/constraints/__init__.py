"""What a name must be like: said, checked, made an automaton, and foreseen by an n-gram.

In: endings, letters, patterns, words to leave out, lengths.
Out: which names have what was asked, and a table of how likely a beginning comes to it.
May use: ngram and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.constraints.automaton import Automaton
    from dino_names.constraints.constraints import Compiled, Constraints
    from dino_names.constraints.guide import Guide
    from dino_names.constraints.words import Words, read_words

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "automaton": ["Automaton"],
        "constraints": ["Compiled", "Constraints"],
        "guide": ["Guide"],
        "words": ["Words", "read_words"],
    },
)
