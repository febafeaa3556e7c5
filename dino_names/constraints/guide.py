"""How likely a beginning comes to a name that will do, as an n-gram foresees it.

For each context of the n-gram, each state of the automaton and each length, the probability that
the n-gram goes on from there to an end that the automaton accepts: a backward table, exact for
the n-gram. The network has no such table; where it follows this one, what it draws is corrected
(see `generation.guided_draws`).

A context of Kneser-Ney's differs from its suffix in the characters that were seen after it alone,
so a row of the table is that of the suffix times a number, and a term for each of those. All sums
are taken in an order that no processor changes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dino_names.arrays import Float64s, Integers
from dino_names.constraints.automaton import Automaton
from dino_names.ngram import Ngram

# Terms that the table may cost, about half a second; longer contexts than that allows are not kept.
MOST_TERMS = 6e7
# The same of the matrix of next contexts.
MOST_CELLS = 2**24
# The table goes no further back once more characters change nothing.
SETTLED = 1e-3
# The n-gram foresees well enough at temperatures between these.
COLDEST, HOTTEST = 0.3, 3.0
# Rounding takes no possibility away: what is foreseen is this share of the suffix's at least.
SMALLEST_SHARE = 1e-12
USUAL_STEPS = 40
Power = Callable[[Float64s, float], Float64s]
TINY = 1e-300


class Guide:
    """A backward table of an n-gram and an automaton.

    Arguments:
        ngram: stands in for the network.
        automaton: what the names must be.
        shortest, longest: characters that a name may have.
        temperature: at which names are drawn.
        power: raises numbers to a power; `exact_math.power` to the same bits everywhere.

    Attributes:
        following: the context after each character, (contexts, vocab_size).
    """

    def __init__(
        self,
        ngram: Ngram,
        automaton: Automaton,
        *,
        shortest: int,
        longest: int,
        temperature: float = 1.0,
        power: Power = np.power,
    ) -> None:
        self._automaton = automaton
        self._ends = automaton.accepts.astype(np.float64)
        self.shortest, self.longest = shortest, longest
        steps = 1 + min(longest, USUAL_STEPS) + shortest
        terms = MOST_TERMS / (steps * len(automaton))
        nodes = ngram.trie.few(entries=int(terms), nodes=MOST_CELLS // ngram.vocab_size)
        chances, self.following = ngram.tables(nodes)
        self._prepare(ngram, chances, 1 / min(max(temperature, COLDEST), HOTTEST), power)
        # By how many more characters there may be, as long as a name may end at once.
        self._late = self._look_back(longest - shortest)
        # By how many there are, as long as it may not.
        self._early: list[Float64s] = []
        table = self._late[-1]
        for _ in range(shortest):
            table = self._before(table, may_end=False)
            self._early.insert(0, table)

    def _prepare(self, ngram: Ngram, chances: Float64s, exponent: float, power: Power) -> None:
        """What each step back multiplies and looks up."""
        trie, moves, count = ngram.trie, self._automaton.moves, len(chances)
        self._levels = trie.levels[trie.levels <= count]
        self._suffixes = trie.suffixes[:count]
        first, last = trie.offsets[1 if count > 1 else 0], trie.offsets[count]
        owners, chars = np.divmod(trie.keys[:last], ngram.vocab_size)
        self._left = trie.gamma[:count]
        if exponent != 1:
            chances = power(np.maximum(chances, TINY), exponent)
            self._left = power(self._left, exponent)
        self._ending = chances[:, 0].copy()
        self._totals = self._ending.copy()
        for column in chances.T[1:]:
            self._totals += column
        # The root has no suffix: its row is the sum over all characters.
        size, every = len(self._automaton), np.arange(1, ngram.vocab_size)
        self._root = chances[0, 1:, None]
        self._root_cells = self.following[0, 1:, None] * size + moves[:, every].T
        below = slice(first if count > 1 else last, last)
        owners, chars = owners[below], chars[below]
        seen = chars > 0  # The boundary ends a name, whatever the context.
        owners, chars = owners[seen], chars[seen]
        suffixes = self._suffixes[owners]
        self._own = chances[owners, chars][:, None]
        self._lower = (self._left[owners] * chances[suffixes, chars])[:, None]
        column = moves[:, chars].T
        self._own_cells = self.following[owners, chars][:, None] * size + column
        self._lower_cells = self.following[suffixes, chars][:, None] * size + column
        self._sums = (owners[:, None] * size + np.arange(size)).ravel()

    def _look_back(self, most: int) -> list[Float64s]:
        tables = [self._ending[:, None] * self._ends / self._totals[:, None]]
        while len(tables) <= most:
            tables.append(self._before(tables[-1], may_end=True))
            change = np.abs(tables[-1] - tables[-2]) <= SETTLED * tables[-1]
            if len(tables) > len(self._automaton) and change.all():
                break
        return tables

    def _before(self, table: Float64s, *, may_end: bool) -> Float64s:
        """The table for names of one character less."""
        flat = table.ravel()
        terms = self._own * flat[self._own_cells] - self._lower * flat[self._lower_cells]
        sums: Float64s = np.bincount(self._sums, terms.ravel(), table.size).astype(np.float64)
        found = sums.reshape(table.shape)
        root = np.zeros(table.shape[1])
        for row in self._root * flat[self._root_cells]:
            root += row
        found[0] = root
        for low, high in zip(self._levels[1:-1], self._levels[2:], strict=True):
            inherited = self._left[low:high, None] * found[self._suffixes[low:high]]
            found[low:high] += inherited
            np.maximum(found[low:high], SMALLEST_SHARE * inherited, out=found[low:high])
        if may_end:
            found += self._ending[:, None] * self._ends
        found /= self._totals[:, None]
        return found

    def hopes(self, length: int) -> Float64s:
        """The table for names that have so many characters, (contexts, states)."""
        if length < self.shortest:
            return self._early[length]
        return self._late[min(self.longest - length, len(self._late) - 1)]

    def context(self, ids: Integers) -> int:
        """The context after some ids, the boundary before a name among them if there is one."""
        node = 0
        for character in ids:
            node = int(self.following[node, character])
        return node

    def after(self, contexts: Integers, states: Integers, length: int) -> Float64s:
        """How likely each next character leads to what is wanted, (batch, vocab_size).

        Arguments:
            contexts, states: of each name, (batch,).
            length: the characters that each has.
        """
        moves = self._automaton.moves
        hopes = np.zeros((len(contexts), moves.shape[1]))
        if length < self.longest:
            table = self.hopes(length + 1)
            hopes = np.asarray(table[self.following[contexts], moves[states]])
        hopes[:, 0] = self._ends[states] if length >= self.shortest else 0
        return hopes
