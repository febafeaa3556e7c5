"""Names for one story: so far apart that nobody takes one for another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation.draws import Draws
from dino_names.generation.edits import PAIRS_AT_ONCE, edit_distances
from dino_names.generation.selection import Selection

# Names that were too near another are kept for exchanging, so many for each that is wanted.
KEPT_PER_NAME = 20


class Cast(Selection):
    """A selection whose names are apart from each other, and perhaps from the list.

    Names are taken in the order of their numbers, each that is far enough from those before. Where
    no more are found, one that was taken gives way to two that only it kept out, as often as that
    goes: a set that no such exchange makes larger.

    Arguments:
        distinct: edits between any two at least.
        distinct_starts: whether no two begin with the same letter.
        apart: edits from each name of `listed` at least.
        listed: the names of the list.
        options: those of `Selection`.
    """

    def __init__(
        self,
        *,
        distinct: int,
        distinct_starts: bool,
        apart: int,
        listed: Sequence[str],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._distinct, self._starts = distinct, distinct_starts
        self._apart, self._listed = apart, listed
        self._waiting: dict[str, None] = {}
        edit_distances([], [], what="casts")  # refuses before anything is drawn
        if distinct_starts:
            letters = {letter.casefold() for letter in self.rules.characters.tolist()[1:]}
            prompt = self.rules.prompt
            most = 1 if prompt else len(letters)
            if self._n > most:
                raise OptionError(
                    f"distinct_starts: expected at most {most} names, since there are no more "
                    f"first letters{' after a prompt' * bool(prompt)}, received {self._n}; "
                    "ask for fewer or leave it out."
                )

    def _judge(self, texts: list[str], reasons: list[str]) -> list[str]:
        """Those too near to a name of the list will not do either."""
        if not self._apart:
            return reasons
        nearest = np.full(len(texts), self._apart)
        at_once = max(1, PAIRS_AT_ONCE // len(texts))
        for first in range(0, len(self._listed), at_once):
            some = self._listed[first : first + at_once]
            np.minimum(nearest, edit_distances(texts, some, what="apart").min(1), out=nearest)
        near = (nearest < self._apart).tolist()
        return [why or "near" * is_near for why, is_near in zip(reasons, near, strict=True)]

    def _admit(self, text: str) -> str:
        if not self._rivals(text, self.names):
            return ""
        if len(self._waiting) < KEPT_PER_NAME * self._n:
            self._waiting[text] = None
        return "close"

    def _rivals(self, text: str, names: Sequence[str]) -> list[str]:
        """Which names are too near to another."""
        if not names:
            return []
        near = edit_distances([text], names, what="distinct")[0] < self._distinct
        return [
            name
            for name, is_near in zip(names, near.tolist(), strict=True)
            if is_near or (self._starts and name[0].casefold() == text[0].casefold())
        ]

    def fill(self, draws: Draws, *, batch: int) -> list[str]:
        """Draw until there are enough, then exchange; see `Selection.fill`."""
        try:
            return super().fill(draws, batch=batch)
        except NotEnoughNamesError as error:
            while len(self.names) < self._n and self._exchange():
                pass
            if len(self.names) < self._n:
                raise NotEnoughNamesError(
                    str(self._shortfall(draws)), names=self.names, asked=self._n
                ) from error
            return self.names

    def _exchange(self) -> bool:
        """Put two names in the place of one, if there are such."""
        by_rival: dict[str, list[str]] = {}
        for text in self._waiting:
            rivals = self._rivals(text, self.names)
            if len(rivals) == 1:
                by_rival.setdefault(rivals[0], []).append(text)
        for rival, texts in by_rival.items():
            for place, text in enumerate(texts):
                for other in texts[:place]:
                    if not self._rivals(text, [other]):
                        self.names[self.names.index(rival)] = other
                        self.names.append(text)
                        for moved in (text, other):
                            del self._waiting[moved]
                        self._waiting[rival] = None
                        return True
        return False
