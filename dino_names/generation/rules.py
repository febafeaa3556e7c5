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
        broken: dict[str, list[bool]] = {}
        if accepted is not None:
            broken["weight"] = (~accepted).tolist()
        broken["long"] = letters[:, -1].astype(np.bool_).tolist()
        broken["blank"] = [not _is_plain(text) for text in texts]
        if self.compiled is not None:
            broken["asked"] = (~self.compiled.allows(letters, texts)).tolist()
        broken["short"] = [len(text) < self.shortest for text in texts]
        if self.known is not None:
            broken["listed"] = contains(self.known, texts).tolist()
        if self.read is not None:
            broken["read"] = self.read.contains([text.casefold() for text in texts]).tolist()
        if self.case is not None:
            broken["case"] = self.case.breaks(letters, self.prompt).tolist()
        reasons = [""] * len(texts)
        for reason, rows in broken.items():
            for row, is_broken in enumerate(rows):
                if is_broken and not reasons[row]:
                    reasons[row] = reason
        return reasons


def _is_plain(text: str) -> bool:
    """Whether a text is a name as lists of names have them."""
    plain = text.isascii() or unicodedata.is_normalized("NFC", text)
    return plain and text.strip() == text
