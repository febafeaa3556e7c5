"""Whether a list has capitals inside its words, as the n-gram of its model remembers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dino_names.arrays import Booleans, Texts

if TYPE_CHECKING:
    from dino_names.engine import Predictor
    from dino_names.ngram import Ngram


def ngram_of(predictor: Predictor) -> Ngram | None:
    """The n-gram beside a network, if there is one."""
    return getattr(predictor, "ngram", None)


def small_and_capital(characters: Texts) -> tuple[Booleans, Booleans]:
    """Which characters are small letters, and which are capitals; (vocab_size,) each."""
    letters = characters.tolist()
    small = np.array([letter.islower() for letter in letters])
    return small, np.array([letter.isupper() for letter in letters])


def forbids_inner_capitals(predictor: Predictor, characters: Texts) -> bool:
    """Whether no name of the list has a capital directly after a small letter.

    Arguments:
        predictor: of a model of that list; without an n-gram nobody knows.
        characters: of each id, (vocab_size,).
    """
    ngram = ngram_of(predictor)
    if ngram is None or ngram.order < 2:
        return False
    small, capital = small_and_capital(characters)
    return not (ngram.trie.pairs() & small[:, None] & capital).any()
