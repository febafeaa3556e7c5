"""Patterns of names as shells have them of files: `?`, `*`, `[abc]`, `[a-z]`, `[!abc]`."""

from __future__ import annotations

from collections.abc import Callable

from dino_names.constraints.spelling import Spelling
from dino_names.errors import OptionError

Test = Callable[[str], bool]
State = frozenset[int]


class Pattern:
    """The whole name matches a pattern.

    The state is the set of places that may have been reached (Thompson 1968, "Regular
    expression search algorithm").

    Arguments:
        text: `?` is any character, `*` any number of them, a class in brackets one of some;
            anything else is itself. A character with a meaning stands in brackets: `[?]`.
        what: how messages call it.
        spell: what a character is.

    Raises:
        OptionError: a bracket is not closed, or a class is empty or runs backwards.
    """

    def __init__(self, text: str, what: str, spell: Spelling) -> None:
        self.what, self.spell = what, spell
        self._tests: list[Test | None] = []  # None for a star
        self.needs = ""
        place = 0
        while place < len(text):
            place = self._read(text, place)
        self.start = self._skip({0})

    def _read(self, text: str, place: int) -> int:
        """Take one piece of the pattern; gives where the next begins."""
        character = text[place]
        if character == "*":
            self._tests.append(None)
        elif character == "?":
            self._tests.append(lambda _: True)
        elif character == "[":
            # A closing bracket that comes first stands for itself.
            negated = text[place + 1 : place + 2] in ("!", "^")
            first = place + 1 + negated
            end = text.find("]", first + 1)
            if end < 0:
                raise OptionError(
                    f"{self.what}: expected ] after [, received none; for a bracket itself write "
                    "[[]."
                )
            self._tests.append(self._one_of(text[first:end], negated))
            place = end
        else:
            spelled = self.spell(character)
            self.needs += spelled
            self._tests.append(lambda received: received == spelled)
        return place + 1

    def _one_of(self, members: str, negated: bool) -> Test:
        spell, singles, ranges = self.spell, set[str](), list[tuple[str, str]]()
        while members:
            if members[1:2] == "-" and len(members) > 2:
                low, high, members = members[0], members[2], members[3:]
                if low > high:
                    raise OptionError(
                        f"{self.what}: expected a range from a lower to a higher character, "
                        f"received {low}-{high}; turn it round."
                    )
                # A range of capitals means the small ones too where case does not count.
                ranges += [(low, high), (spell(low), spell(high))]
            else:
                singles.add(spell(members[0]))
                members = members[1:]

        def test(received: str) -> bool:
            found = received in singles or any(low <= received <= high for low, high in ranges)
            return found is not negated

        return test

    def _skip(self, places: set[int]) -> State:
        """Those places, and what is behind the stars at which they stand."""
        for place in range(len(self._tests)):
            if place in places and self._tests[place] is None:
                places.add(place + 1)
        return frozenset(places)

    def step(self, state: State, character: str) -> State | None:
        """The places after one more character; None when there are none."""
        places = set()
        for place in state:
            if place < len(self._tests):
                test = self._tests[place]
                if test is None:
                    places.add(place)
                elif test(character):
                    places.add(place + 1)
        return self._skip(places) if places else None

    def accepts(self, state: State) -> bool:
        """Whether the end is among the places."""
        return len(self._tests) in state
