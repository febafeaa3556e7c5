"""As many names as were asked for, out of those drawn, in a bounded number of draws."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dino_names.arrays import Texts
from dino_names.errors import NotEnoughNamesError
from dino_names.generation.draws import Drawn, Draws
from dino_names.modelfile import contains

if TYPE_CHECKING:
    from dino_names.constraints import Compiled
    from dino_names.generation.letter_case import LetterCase
    from dino_names.modelfile import KnownNames, NameFilter

# Draws until it gives up: some in any case, and more for each name that was asked for.
DRAWS = 2_000
DRAWS_PER_NAME = 50
# When all that was never drawn has less than this probability, there is nothing left to draw;
# rounding in the probabilities of all that was comes to less.
NOTHING_LEFT = 1e-5
# And below this it draws on only while that may still give enough.
LITTLE_LEFT = 1e-2


class Selection:
    """Takes drawn names in the order of their numbers and keeps those that will do.

    Whether one will do depends on those before it alone, so a larger `n` only adds names.

    Arguments:
        n: how many names are wanted.
        prompt: what each begins with.
        characters: the character of each id, NUL for the boundary's, (vocab_size,).
        unique: whether to leave out repeats.
        known: hashes of names to leave out, or None.
        read: the names that the base has read, case folded, to leave out; or None.
        case: where the list has capitals, or None for anywhere.
        compiled: the constraints, or None.
        shortest: characters that each has at least.
    """

    def __init__(
        self,
        *,
        n: int,
        prompt: str,
        characters: Texts,
        unique: bool = True,
        known: KnownNames | None = None,
        read: NameFilter | None = None,
        case: LetterCase | None = None,
        compiled: Compiled | None = None,
        shortest: int = 1,
    ) -> None:
        self.names: list[str] = []
        self.drawn = 0
        self._n = n
        self._prompt = prompt
        self._characters = characters
        self._unique = unique
        self._known, self._read = known, read
        self._case = case
        self._compiled, self._shortest = compiled, shortest
        self._seen: set[str] = set()
        self._chosen: set[str] = set()
        self._left = 1.0
        self._unfit: dict[str, int] = {}

    def fill(self, draws: Draws, *, batch: int) -> list[str]:
        """Draw until there are enough.

        Arguments:
            draws: what to draw from.
            batch: how many at once at most.

        Raises:
            NotEnoughNamesError: there are no more, or not in DRAWS + n * DRAWS_PER_NAME draws.
        """
        warm = draws.warm_up()
        budget = DRAWS + self._n * DRAWS_PER_NAME
        while len(self.names) < self._n:
            if self._hopeless(budget - self.drawn):
                raise self._shortfall(draws)
            count = min(batch, self._promising(draws.acceptance), budget - self.drawn)
            self._take(draws.draw(warm, self.drawn, count))
        return self.names

    def _excluded(self, texts: Sequence[str]) -> Sequence[str]:
        """Why each of some names will not do, whatever the others are; for subclasses."""
        return [""] * len(texts)

    def _admit(self, text: str) -> str:
        """Why a name does not go with those that were taken; for subclasses."""
        return ""

    def _hopeless(self, draws: int) -> bool:
        """Whether nearly all was drawn, and that many more draws will hardly give what is missing.

        Each gives a name never drawn before with at most the probability that is left, so the
        new names are at most as many as a Poisson variable of this mean, which exceeds it by
        five deviations hardly ever.
        """
        if draws <= 0:
            return True
        if self.names and not self._unique:  # an old one will do
            return False
        if self._left < NOTHING_LEFT:
            return True
        mean = self._left * draws
        missing = self._n - len(self.names)
        return self._left < LITTLE_LEFT and missing > mean + 5 * math.sqrt(mean)

    def _shortfall(self, draws: Draws) -> NotEnoughNamesError:
        from dino_names.generation.shortfall import explain  # most calls find what they want

        message = explain(
            names=self.names,
            asked=self._n,
            drawn=self.drawn,
            unfit=self._unfit,
            left=self._left,
            sampler=draws.sampler,
            spelled=None if self._compiled is None else self._compiled.count(),
        )
        return NotEnoughNamesError(message, names=self.names, asked=self._n)

    def _promising(self, acceptance: float) -> int:
        """How many draws should give what is missing, going by those so far."""
        missing = self._n - len(self.names)
        return math.ceil(missing * (self.drawn + 1 / acceptance) / (len(self.names) + 1))

    def _take(self, drawn: Drawn) -> None:
        letters, probabilities, accepted = drawn
        suffixes = self._characters[letters].view(f"<U{letters.shape[1]}").ravel().tolist()
        texts = [self._prompt + suffix for suffix in suffixes]
        no = [False] * len(texts)
        listed = no if self._known is None else contains(self._known, texts).tolist()
        read = no
        if self._read is not None:
            read = self._read.contains([text.casefold() for text in texts]).tolist()
        cases = no if self._case is None else self._case.breaks(letters, self._prompt).tolist()
        refused = no if accepted is None else (~accepted).tolist()
        asked = no
        if self._compiled is not None:
            asked = (~self._compiled.allows(letters, texts)).tolist()
        excluded = self._excluded(texts)
        too_long = letters[:, -1].astype(bool).tolist()
        for row, text in enumerate(texts):
            if len(self.names) == self._n:
                break
            self.drawn += 1
            reason = "weight" if refused[row] else "long" if too_long[row] else _form(text)
            reason = reason or ("asked" if asked[row] else "")
            reason = reason or ("short" if len(text) < self._shortest else "")
            reason = reason or ("listed" if listed[row] else "read" if read[row] else "")
            reason = reason or ("case" if cases[row] else "") or excluded[row]
            if text not in self._seen:
                self._seen.add(text)
                self._left -= probabilities[row]
            if self._unique and text in self._chosen:
                reason = reason or "repeat"
            reason = reason or self._admit(text)
            if reason:
                self._unfit[reason] = self._unfit.get(reason, 0) + 1
            else:
                self.names.append(text)
                self._chosen.add(text)


def _form(text: str) -> str:
    """Why a text is no name as lists of names have them, if it is not."""
    plain = text.isascii() or unicodedata.is_normalized("NFC", text)
    return "" if plain and text.strip() == text else "blank"
