"""Several parts as one finite automaton over the ids of a vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dino_names.arrays import Array, Booleans, Int32s, Integers
from dino_names.constraints.parts import Part
from dino_names.errors import OptionError

DEAD = 0
MOST_STATES = 5_000
MOST_COUNTED = 1e15


class Automaton:
    """Which names have all of some parts.

    Arguments:
        parts: any number.
        characters: of each id, the boundary's first.

    Attributes:
        moves: the state after each character in each state, (states, vocab_size); 0 is the state
            from which no name will do, and what is after the boundary.
        accepts: the states in which a name may end, (states,).
        start: the state before the first character.

    Raises:
        OptionError: together they are too much.
    """

    def __init__(self, parts: Sequence[Part], characters: str) -> None:
        # Characters that no part tells apart, such as small and capital ones, move alike.
        spelled = [tuple(part.spell(character) for part in parts) for character in characters[1:]]
        alike = {symbol: column for column, symbol in enumerate(dict.fromkeys(spelled))}
        start = tuple(part.start for part in parts)
        numbers, found, rows = {start: 1}, [start], []
        for state in found:  # which grows
            row = []
            for symbol in alike:
                steps = zip(parts, state, symbol, strict=True)
                after = tuple(part.step(its, letter) for part, its, letter in steps)
                if None in after:
                    row.append(DEAD)
                    continue
                if after not in numbers:
                    numbers[after] = len(numbers) + 1
                    found.append(after)
                row.append(numbers[after])
            rows.append(row)
            if len(found) > MOST_STATES:
                raise OptionError(
                    f"constraints: expected at most {MOST_STATES:,} states of an automaton for "
                    f"{' and '.join(part.what for part in parts)}, received more; ask for less at "
                    "once."
                )
        self.start = 1
        columns = [alike[symbol] for symbol in spelled]
        self.moves: Int32s = np.zeros((len(found) + 1, len(characters)), np.int32)
        self.moves[1:, 1:] = np.array(rows, np.int32).reshape(len(found), len(alike))[:, columns]
        accepted = [
            all(part.accepts(its) for part, its in zip(parts, state, strict=True))
            for state in found
        ]
        self.accepts: Booleans = np.array([False, *accepted])

    def __len__(self) -> int:
        return len(self.accepts)

    def read(self, ids: Integers) -> int:
        """The state after some characters from the beginning."""
        state = self.start
        for character in ids:
            state = int(self.moves[state, character])
        return state

    def allows(self, letters: Array, state: int) -> Booleans:
        """Which names will do.

        Arguments:
            letters: ids, the boundary's after the end of each, (names, time).
            state: before the first of them.
        """
        states = np.full(len(letters), state)
        for column in letters.T:
            states = np.where(column > 0, self.moves[states, column], states)
        return np.asarray(self.accepts[states])

    def lengths(self, state: int, longest: int) -> Booleans:
        """Whether there are names of 0, 1, ... `longest` more characters, (longest + 1,)."""
        possible = np.zeros(longest + 1, np.bool_)
        reached = np.zeros(len(self), np.bool_)
        reached[state] = True
        for length in range(longest + 1):
            possible[length] = (reached & self.accepts).any()
            after = np.zeros(len(self), np.bool_)
            after[np.unique(self.moves[reached, 1:])] = True
            after[DEAD] = False
            reached = after
        return possible

    def within(self, longest: int) -> Booleans:
        """From which states a name will do with at most so many more characters.

        Returns:
            Shape (longest + 1, states), for 0, 1, ... `longest`.
        """
        rows = [self.accepts]
        while len(rows) <= longest:
            after = rows[-1][self.moves[:, 1:]].any(axis=1)
            rows.append(self.accepts | after)
            if (rows[-1] == rows[-2]).all():
                rows += [rows[-1]] * (longest + 1 - len(rows))
        return np.array(rows)

    def count(self, state: int, shortest: int, longest: int) -> float:
        """How many names there are of so many more characters, as near as a float comes."""
        ways = np.zeros(len(self))
        ways[state] = 1
        total = 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for length in range(longest + 1):
                total += ways[self.accepts].sum() if length >= shortest else 0
                after = np.zeros(len(self))
                for column in self.moves.T[1:]:
                    np.add.at(after, column, ways)
                after[DEAD] = 0
                ways = after
                if not ways.any() or total > MOST_COUNTED:
                    break
        return float(total)
