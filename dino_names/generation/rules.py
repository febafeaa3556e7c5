"""Which of the names that were drawn will do, whatever the others are."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from dino_names.arrays import Array, Booleans, Texts
from dino_names.modelfile import contains
from dino_names.record import Record

if TYPE_CHECKING:
    from dino_names.constraints import Compiled
    from dino_names.generation.letter_case import LetterCase
    from dino_names.modelfile import KnownNames, NameFilter


class Rules(Record):
    """What a name must be to be given to whoever asked.

    Arguments:
        prompt: what each begins with.
        characters: the character of each id, NUL for the boundary's, (vocab_size,).
        shortest: characters that each has at least.
        known: hashes of names to leave out, or None.
        read: the names that the base has read, case folded, to leave out; or None.
        case: where the list has capitals, or None for anywhere.
        compiled: the constraints, or None.
    """

    prompt: str
    characters: Texts
    shortest: int = 1
    known: KnownNames | None = None
    read: NameFilter | None = None
    case: LetterCase | None = None
    compiled: Compiled | None = None

    def texts(self, letters: Array) -> list[str]:
        """The names of ids after the prompt, the boundary's after each, (names, time)."""
        suffixes = self.characters[letters].view(f"<U{letters.shape[1]}").ravel().tolist()
        return [self.prompt + suffix for suffix in suffixes]

    def judge(
        self, letters: Array, texts: list[str], accepted: Booleans | None = None
    ) -> list[str]:
        """Why each will not do, see `shortfall.UNFIT`; empty for one that will.

        Arguments:
            letters: ids after the prompt, (names, time): one whose last is no boundary is too long.
            texts: the same as names.
            accepted: which count at all; None for all.
        """
        reasons = [""] * len(texts)
        left = np.arange(len(texts))

        def drop(reason: str, broken: Booleans) -> None:
            """Note who breaks a rule; only the others are held against the next."""
            nonlocal left
            for row in left[broken]:
                reasons[row] = reason
            left = left[~broken]

        def some() -> list[str]:
            return [texts[row] for row in left]

        if accepted is not None:
            drop("weight", ~accepted)
        drop("long", letters[left, -1] != 0)
        drop("blank", np.array([not _is_plain(text) for text in some()], np.bool_))
        if self.compiled is not None:
            drop("asked", ~self.compiled.allows(letters[left], some()))
        drop("short", np.array([len(text) < self.shortest for text in some()], np.bool_))
        if self.known is not None:
            drop("listed", contains(self.known, some()))
        if self.read is not None:
            drop("read", self.read.contains([text.casefold() for text in some()]))
        if self.case is not None:
            drop("case", self.case.breaks(letters[left], self.prompt))
        return reasons


def _is_plain(text: str) -> bool:
    """Whether a text is a name as lists of names have them."""
    if text.strip() != text or not text:
        return not text
    if text.isascii():
        return True
    from dino_names.corpus import is_whole  # plain letters do without

    return unicodedata.is_normalized("NFC", text) and is_whole(text)
