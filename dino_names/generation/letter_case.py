"""Where a list has capitals and small letters, as the n-gram of its model remembers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Array, Booleans, Texts

if TYPE_CHECKING:
    from dino_names.engine import Predictor
    from dino_names.ngram import Ngram

BEGINNING, OTHER, SMALL, CAPITAL = range(4)
LETTERS = SMALL, CAPITAL


def ngram_of(predictor: Predictor) -> Ngram | None:
    """The n-gram beside a network, if there is one."""
    return getattr(predictor, "ngram", None)


class LetterCase:
    """Which of small letters and capitals a list has first, and which after which.

    Arguments:
        predictor: of a model of that list; without an n-gram nobody knows, and anything may be.
        characters: of each id, NUL for the boundary's, (vocab_size,).
    """

    def __init__(self, predictor: Predictor, characters: Texts) -> None:
        self._known = characters.tolist()
        self._kinds = np.array([_kind(character) for character in self._known])
        self._kinds[0] = BEGINNING
        self._forbidden = np.zeros((4, 4), np.bool_)
        ngram = ngram_of(predictor)
        if ngram is None or ngram.order < 2:
            return
        pairs = ngram.trie.pairs()
        for before in (BEGINNING, *LETTERS):
            follow = pairs[self._kinds == before].any(axis=0)
            if follow.any():
                for after in LETTERS:
                    self._forbidden[before, after] = not follow[self._kinds == after].any()

    def follow(self, prompt: str) -> str:
        """A prompt as the list would have it: other letters nowhere, but small or capital ones."""
        written, before = "", BEGINNING
        for character in prompt:
            if not self._fits(before, character):
                other = character.swapcase()
                if len(other) == 1 and self._fits(before, other):
                    character = other
            before = _kind(character)
            written += character
        return written

    def _fits(self, before: int, character: str) -> bool:
        return character in self._known and not self._forbidden[before, _kind(character)]

    def breaks(self, letters: Array, prompt: str) -> Booleans:
        """Which names have a letter in a case that the list has nowhere there.

        Arguments:
            letters: ids after the prompt, (names, time).
            prompt: what stands before them.
        """
        if not self._forbidden.any():
            return np.zeros(len(letters), np.bool_)
        kinds = self._kinds[letters]
        first = _kind(prompt[-1]) if prompt else BEGINNING
        before = np.insert(kinds[:, :-1], 0, first, axis=1)
        found: Any = self._forbidden[before, kinds].any(axis=1)
        return np.asarray(found)


def _kind(character: str) -> int:
    return SMALL if character.islower() else CAPITAL if character.isupper() else OTHER
