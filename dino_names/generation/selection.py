"""As many names as were asked for, out of those drawn, in a bounded number of draws."""

from __future__ import annotations

import math

from dino_names.errors import NotEnoughNamesError
from dino_names.generation.draws import Drawn, Draws
from dino_names.generation.rules import Rules

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
        rules: what each must be.
        unique: whether to leave out repeats.
    """

    def __init__(self, *, n: int, rules: Rules, unique: bool = True) -> None:
        self.names: list[str] = []
        self.drawn = 0
        self.rules = rules
        self._n = n
        self._unique = unique
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

    def _judge(self, texts: list[str], reasons: list[str]) -> list[str]:
        """Why each of some names will not do, the rules asked before; for subclasses."""
        return reasons

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
            spelled=None if self.rules.compiled is None else self.rules.compiled.count(),
        )
        return NotEnoughNamesError(message, names=self.names, asked=self._n)

    def _promising(self, acceptance: float) -> int:
        """How many draws should give what is missing, going by those so far."""
        missing = self._n - len(self.names)
        return math.ceil(missing * (self.drawn + 1 / acceptance) / (len(self.names) + 1))

    def _take(self, drawn: Drawn) -> None:
        letters, probabilities, accepted = drawn
        texts = self.rules.texts(letters)
        reasons = self._judge(texts, self.rules.judge(letters, texts, accepted))
        for row, text in enumerate(texts):
            if len(self.names) == self._n:
                break
            self.drawn += 1
            reason = reasons[row]
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
