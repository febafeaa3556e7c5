"""As many names as were asked for, out of those drawn, in a bounded number of draws."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Array, Texts
from dino_names.errors import NotEnoughNamesError
from dino_names.generation.draws import Draws
from dino_names.generation.letter_case import small_and_capital
from dino_names.modelfile import contains

if TYPE_CHECKING:
    from dino_names.modelfile import KnownNames, NameFilter

# Draws until it gives up: some in any case, and more for each name that was asked for.
DRAWS = 2_000
DRAWS_PER_NAME = 50
# When all that was never drawn has less than this probability, there is nothing left to draw;
# rounding in the probabilities of all that was comes to less.
NOTHING_LEFT = 1e-5
# And below this it draws on only while that may still give enough.
LITTLE_LEFT = 1e-2

UNFIT = {
    "repeat": "repeats",
    "listed": "in the training list",
    "read": "among the names that the base has read",
    "case": "with a capital after a small letter, which the list has nowhere",
    "long": "longer than max_length",
    "blank": "with a blank at an end or not in NFC",
}


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
        inner_capitals: whether a capital may stand directly after a small letter.
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
        inner_capitals: bool = True,
    ) -> None:
        self.names: list[str] = []
        self.drawn = 0
        self._n = n
        self._prompt = prompt
        self._characters = characters
        self._unique = unique
        self._known, self._read = known, read
        self._cases = None if inner_capitals else small_and_capital(characters)
        self._seen: set[str] = set()
        self._left = 1.0
        self._unfit = dict.fromkeys(UNFIT, 0)

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
                raise NotEnoughNamesError(self._explain(), names=self.names, asked=self._n)
            count = min(batch, self._promising(), budget - self.drawn)
            self._take(*draws.draw(warm, self.drawn, count))
        return self.names

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

    def _promising(self) -> int:
        """How many draws should give what is missing, going by those so far."""
        missing = self._n - len(self.names)
        return -(-missing * (self.drawn + 1) // (len(self.names) + 1))

    def _take(self, letters: Array, probabilities: Array) -> None:
        suffixes = self._characters[letters].view(f"<U{letters.shape[1]}").ravel().tolist()
        texts = [self._prompt + suffix for suffix in suffixes]
        no = [False] * len(texts)
        listed = no if self._known is None else contains(self._known, texts).tolist()
        read = no
        if self._read is not None:
            read = self._read.contains([text.casefold() for text in texts]).tolist()
        capitals = self._with_inner_capitals(letters)
        too_long = letters[:, -1].astype(bool).tolist()
        for row, text in enumerate(texts):
            if len(self.names) == self._n:
                break
            self.drawn += 1
            reason = "long" if too_long[row] else _form(text)
            reason = reason or ("listed" if listed[row] else "read" if read[row] else "")
            reason = reason or ("case" if capitals[row] else "")
            if text not in self._seen:
                self._seen.add(text)
                self._left -= probabilities[row]
            elif self._unique:
                reason = reason or "repeat"
            if reason:
                self._unfit[reason] += 1
            else:
                self.names.append(text)

    def _with_inner_capitals(self, letters: Array) -> Any:
        """Which of the drawn have a capital after a small letter and must not."""
        if self._cases is None:
            return [False] * len(letters)
        small, capital = self._cases
        found = (small[letters[:, :-1]] & capital[letters[:, 1:]]).any(axis=1)
        if self._prompt[-1:].islower():
            found |= capital[letters[:, 0]]
        return np.asarray(found).tolist()

    def _explain(self) -> str:
        shown = ", ".join(self.names[:5]) + ("..." if len(self.names) > 5 else "")
        unfit = ", ".join(f"{count} {UNFIT[why]}" for why, count in self._unfit.items() if count)
        return (
            f"expected {self._n} names, found {len(self.names)}{f' ({shown})' if shown else ''}, "
            f"since of {self.drawn} drawn {unfit or 'none'} had to go and all that were not drawn "
            f"are too unlikely; {self._advice()}."
        )

    def _advice(self) -> str:
        most = max(self._unfit, key=self._unfit.__getitem__)
        return {
            "repeat": "ask for fewer, raise the temperature or shorten the prompt",
            "listed": "raise the temperature, shorten the prompt or allow training names",
            "read": "raise the temperature, shorten the prompt or allow what the base has read",
            "case": "lower the temperature",
            "long": "raise max_length, lower the temperature or shorten the prompt",
            "blank": "lower the temperature",
        }[most]


def _form(text: str) -> str:
    """Why a text is no name as lists of names have them, if it is not."""
    plain = text.isascii() or unicodedata.is_normalized("NFC", text)
    return "" if plain and text.strip() == text else "blank"
