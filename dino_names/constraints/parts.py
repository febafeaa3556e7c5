"""The single things that a name may be asked for, each read a character at a time."""

from __future__ import annotations

from typing import Any, Protocol

from dino_names.constraints.spelling import Spelling


class Part(Protocol):
    """Something that a name has or has not, as a machine with finitely many states.

    Attributes:
        what: how messages call it.
        spell: what a character is for it.
        start: the state before the first character.
        needs: characters that every name which has it must hold, as `spell` gives them.
    """

    what: str
    spell: Spelling
    start: Any
    needs: str

    def step(self, state: Any, character: str) -> Any | None:
        """The state after a character as spelled, or None when nothing can help any more."""

    def accepts(self, state: Any) -> bool:
        """Whether a name that ends in this state has it."""


class Ending:
    """The name ends with a text.

    The state is how much of the text the name ends with so far, as in the search of Knuth,
    Morris and Pratt (1977).

    Arguments:
        text: at least one character.
        what: how messages call it.
        spell: what a character is.
    """

    start = 0

    def __init__(self, text: str, what: str, spell: Spelling) -> None:
        self.what, self.spell = what, spell
        self.needs = self.text = "".join(map(spell, text))

    def step(self, state: int, character: str) -> int:
        """The longest beginning of the text with which the name ends now."""
        read = self.text[:state] + character
        while not self.text.startswith(read):
            read = read[1:]
        return len(read)

    def accepts(self, state: int) -> bool:
        """Whether all of the text stands at the end."""
        return state == len(self.text)


class Containing(Ending):
    """The name has a text somewhere."""

    def step(self, state: int, character: str) -> int:
        """As for an ending, until the text was found."""
        return state if state == len(self.text) else super().step(state, character)


class Letters:
    """The name has these letters only, or none of them.

    Arguments:
        letters: at least one.
        what: how messages call it.
        spell: what a character is.
        only: whether others are forbidden, or these.
    """

    start, needs = 0, ""

    def __init__(self, letters: str, what: str, spell: Spelling, *, only: bool) -> None:
        self.what, self.spell = what, spell
        self.letters, self.only = frozenset(map(spell, letters)), only

    def step(self, state: int, character: str) -> int | None:
        """None for a letter that is forbidden."""
        return state if (character in self.letters) is self.only else None

    def accepts(self, state: int) -> bool:
        """Always: no letter was forbidden."""
        return True
