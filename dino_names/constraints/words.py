"""Words that no name may contain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dino_names.constraints.spelling import bare
from dino_names.errors import CorpusError, OptionError

if TYPE_CHECKING:
    from dino_names.storage import FilePath

MOST_WORDS = 100_000
MOST_BYTES = 4_000_000


class Words:
    """The name has none of some words, not even inside another.

    The state is the longest end of the name that one of them begins with, as in the search of
    Aho and Corasick (1975).

    Arguments:
        words: any number.
        what: how messages call them.
        spell: what a character is; may drop some and make several of one.

    Raises:
        OptionError: nothing is left of a word.
    """

    start, needs = "", ""

    def __init__(self, words: Iterable[str], what: str, spell: Callable[[str], str] = bare) -> None:
        self.what, self.spell = what, spell
        self.words: set[str] = set()
        for word in words:
            spelled = "".join(map(spell, word))
            if not spelled:
                raise OptionError(
                    f"{what}: expected letters or digits in it, received {word!r}; for single "
                    "characters use not_letters."
                )
            self.words.add(spelled)
        self._longest = max(map(len, self.words), default=0)
        self._beginnings = {word[:end] for word in self.words for end in range(len(word))}

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self._beginnings)

    def step(self, state: str, character: str) -> str | None:
        """None when a word is complete."""
        for letter in character:
            state += letter
            if any(state[first:] in self.words for first in range(len(state))):
                return None
            while state not in self._beginnings:
                state = state[1:]
        return state

    def accepts(self, state: str) -> bool:
        """Always: no word was complete."""
        return True

    def allows(self, name: str) -> bool:
        """Whether none of the words is in a name."""
        text = "".join(map(self.spell, name))
        return not any(
            text[first:end] in self.words
            for first in range(len(text))
            for end in range(first + 1, min(first + self._longest, len(text)) + 1)
        )


def read_words(path: FilePath) -> tuple[str, ...]:
    """The words of a file, one a line; empty lines and those that begin with # do not count.

    Raises:
        CorpusError: it cannot be read, or is no list of words.
    """
    from dino_names.corpus import read_lines
    from dino_names.storage import show

    lines = "".join(read_lines(path, limit=MOST_BYTES)).splitlines()
    stripped = (line.strip() for line in lines)
    words = dict.fromkeys(line for line in stripped if line and not line.startswith("#"))
    if not 1 <= len(words) <= MOST_WORDS:
        raise CorpusError(
            f"{show(path)}: expected 1 to {MOST_WORDS:,} words, one a line, "
            f"received {len(words):,}."
        )
    return tuple(words)
