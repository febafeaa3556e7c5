"""Everything that a name is asked to be like, and whether anything can be so."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from dino_names.arrays import Booleans
from dino_names.checks import brief
from dino_names.constraints.automaton import Automaton
from dino_names.constraints.parts import Containing, Ending, Letters, Part
from dino_names.constraints.pattern import Pattern
from dino_names.constraints.spelling import any_case, bare, exact
from dino_names.constraints.words import Words
from dino_names.corpus import Vocabulary
from dino_names.errors import OptionError
from dino_names.record import Record

# Words in more states than these are looked for in what was drawn, and not foreseen.
MOST_FORESEEN = 200


class Constraints(Record):
    """What a name must be like, the prompt counted.

    Arguments:
        ends: how it ends.
        contains: what it has somewhere, each.
        without: words that it has nowhere: case, accents, blanks and hyphens do not count.
        pattern: what it is as a whole; see `Pattern`.
        letters, not_letters: the only characters that it may have, and those that it may not.
        exact_case: whether small and capital letters differ, and accents in `without`.

    Raises:
        OptionError: one of them is not what it must be.
    """

    ends: str | None = None
    contains: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    pattern: str | None = None
    letters: str | None = None
    not_letters: str | None = None
    exact_case: bool = False

    def check(self) -> None:
        """Refuse what is no text; NFC as names are."""
        for name in ("ends", "pattern", "letters", "not_letters"):
            text = getattr(self, name)
            if text is not None:
                setattr(self, name, _text(name, text))
        for name in ("contains", "without"):
            texts = getattr(self, name)
            if isinstance(texts, str) or not isinstance(texts, (list, tuple, set, frozenset)):
                texts = [texts]
            setattr(self, name, tuple(_text(name, text) for text in texts))
        self.parts()

    def parts(self) -> list[Part]:
        """Each constraint as what reads a name."""
        spell = exact if self.exact_case else any_case
        parts: list[Part] = []
        if self.ends is not None:
            parts.append(Ending(self.ends, f"ends {self.ends!r}", spell))
        parts += [Containing(text, f"contains {text!r}", spell) for text in self.contains]
        if self.pattern is not None:
            parts.append(Pattern(self.pattern, f"pattern {self.pattern!r}", spell))
        if self.letters is not None:
            parts.append(Letters(self.letters, f"letters {self.letters!r}", spell, only=True))
        if self.not_letters is not None:
            what = f"not_letters {self.not_letters!r}"
            parts.append(Letters(self.not_letters, what, spell, only=False))
        if self.without:
            shown = ", ".join(map(repr, self.without[:3])) + "..." * (len(self.without) > 3)
            words = Words(self.without, f"without {shown}", exact if self.exact_case else bare)
            parts.append(words)
        return parts


class Compiled:
    """Constraints made ready for names that begin with a prompt.

    Arguments:
        parts: what they must have.
        vocabulary: of the model.
        prompt: how they begin.
        shortest, longest: characters that they may have, the prompt counted.

    Attributes:
        automaton: of all but long lists of words.
        start: its state after the prompt.

    Raises:
        OptionError: no name can be so; says what contradicts what.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        vocabulary: Vocabulary,
        *,
        prompt: str,
        shortest: int,
        longest: int,
    ) -> None:
        self._vocabulary, self._prompt = vocabulary, vocabulary.encode(prompt)
        self._lengths = shortest - len(prompt), longest - len(prompt)
        _check_known(parts, vocabulary)
        foreseen = [p for p in parts if not isinstance(p, Words) or p.states <= MOST_FORESEEN]
        self._words = [part for part in parts if isinstance(part, Words)]
        self.automaton = Automaton(foreseen, vocabulary.characters)
        self.start = self.automaton.read(self._prompt)
        if not self._possible(self.automaton, self._lengths):
            raise OptionError(self._contradiction(foreseen, prompt, (shortest, longest)))

    def allows(self, letters: Any, texts: Sequence[str]) -> Booleans:
        """Which names will do, whatever their lengths.

        Arguments:
            letters: ids after the prompt, the boundary's after the end, (names, time).
            texts: the same, the prompt before them.
        """
        allowed = self.automaton.allows(letters, self.start)
        for words in self._words:
            allowed &= np.array([words.allows(text) for text in texts], np.bool_)
        return allowed

    def count(self) -> float:
        """How many names can be spelled so, words in long lists not considered."""
        low, high = self._lengths
        return self.automaton.count(self.start, max(0, low), high)

    def _possible(self, automaton: Automaton, lengths: tuple[int, int]) -> bool:
        low, high = max(0, lengths[0]), lengths[1]
        if high < low:
            return False
        return bool(automaton.lengths(automaton.read(self._prompt), high)[low:].any())

    def _contradiction(self, parts: list[Part], prompt: str, lengths: tuple[int, int]) -> str:
        """Which of the parts and lengths cannot go together, as few of them as will explain it."""
        anything = 0, len(self.automaton)
        begun = f" in names that begin with {prompt!r}" if prompt else ""
        for size in range(1, len(parts) + 1):
            for some in combinations(parts, size):
                what = " and ".join(part.what for part in some)
                automaton = Automaton(some, self._vocabulary.characters)
                if not self._possible(automaton, anything):
                    return f"{what}: expected what a name can have, but none can{begun}; change it."
                if not self._possible(automaton, self._lengths):
                    return (
                        f"{what}: expected what fits {lengths[0]} to {lengths[1]} characters, "
                        f"but nothing does{begun}; change min_length, max_length or it."
                    )
        raise AssertionError("all parts together are impossible")


def _check_known(parts: Sequence[Part], vocabulary: Vocabulary) -> None:
    """Refuse a part with characters that the model cannot write."""
    for part in parts:
        known = {part.spell(character) for character in vocabulary.characters[1:]}
        if isinstance(part, Letters) and part.only and not part.letters & known:
            raise OptionError(
                f"{part.what}: expected some that the model knows ({vocabulary.known()}), received "
                "none; name others."
            )
        unknown = "".join(dict.fromkeys(c for c in part.needs if c not in known))
        if unknown:
            raise OptionError(
                f"{part.what}: expected characters that the model knows ({vocabulary.known()}), "
                f"received {unknown[:20]!r}; leave them out or name another model."
            )


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value or "\n" in value:
        raise OptionError(
            f"{name}: expected at least one character on one line, received {brief(value)}."
        )
    return unicodedata.normalize("NFC", value)
