"""The likeliest names, best first, by search.

A beginning is at least as likely as all that goes on from it, so when every beginning above some
probability was followed, every name above it was found. That bound is lowered until there are
enough names. Where they are so unlikely that there are too many beginnings to follow, a guide
chooses among them: what it finds then is likely, and may not be the likeliest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Float64s, Int32s, Integers
from dino_names.constraints import Compiled, Guide
from dino_names.engine import Predictor
from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation.name_maker import NameMaker
from dino_names.generation.name_scoring import Score, score_names
from dino_names.generation.options import NameOptions
from dino_names.generation.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable

# Beginnings that one search may follow, about a second's.
MOST_FOLLOWED = 200_000
# What only names that are drawn have.
IDLE = (
    *("temperature", "top_k", "top_p", "seed", "key"),
    *("unique", "distinct", "distinct_starts", "apart"),
)
FIRST_BOUND, STEP, LAST_BOUND = 4.0, 1.0, 200.0
ROWS = 512


class Likeliest(list[Score]):
    """Names, best first.

    Attributes:
        certain: how many of them no other name can come before.
    """

    certain: int


def likeliest(maker: NameMaker, prompt: str, options: NameOptions) -> Likeliest:
    """The likeliest names; see `NameModel.likeliest`.

    Raises:
        OptionError: an option that chance alone heeds.
    """
    for name in IDLE:
        if getattr(options, name) != getattr(NameOptions, name):
            raise OptionError(
                f"{name}: expected none with likeliest, where nothing is left to chance, received "
                f"{getattr(options, name)!r}; leave it out."
            )
    prompt = maker.understand(prompt, options)
    fed = maker.encode(prompt)
    compiled = maker.planner.compile(prompt, options)
    search = Search(
        predictor=maker.predictor,
        fed=fed,
        compiled=compiled,
        rules=maker.rules(prompt, options, compiled),
        longest=options.longest(maker.bundle) - len(prompt),
        guide=lambda: maker.planner.guide(compiled, prompt, fed, options),
    )
    with np.errstate(over="ignore", invalid="ignore"):
        best, complete = search.run(options.n)
    if len(best) < options.n:
        shown = (
            f" ({', '.join(name for name, _ in best[:5])}{'...' * (len(best) > 5)})" if best else ""
        )
        why = "there are no more" if complete >= LAST_BOUND else "the search ended there"
        raise NotEnoughNamesError(
            f"expected the {options.n:,} likeliest names, found {len(best):,}{shown}, since {why}; "
            "ask for fewer or for less of them.",
            names=[name for name, _ in best],
            asked=options.n,
        )
    scored = score_names(maker, [name for name, _ in best])
    found = Likeliest(scored)
    found.certain = sum(nats <= complete for _, nats in best)
    return found


class Search:
    """Follows beginnings in the order of their probabilities.

    Arguments:
        predictor: says what may come next.
        fed: ids of the prompt, the boundary before it included where there is one.
        compiled: the constraints.
        rules: what each name must be.
        longest: characters after the prompt.
        guide: foresees which beginnings lead to what is wanted; makes it when it is needed.
    """

    def __init__(
        self,
        *,
        predictor: Predictor,
        fed: Int32s,
        compiled: Compiled,
        rules: Rules,
        longest: int,
        guide: Callable[[], Guide],
    ) -> None:
        self._predictor, self._fed, self._compiled = predictor, fed, compiled
        self._rules, self._longest, self._make_guide = rules, longest, guide
        self._within = compiled.automaton.within(longest)
        self._found: dict[str, float] = {}
        self._guide: Guide | None = None

    def run(self, n: int) -> tuple[list[tuple[str, float]], float]:
        """The names, at most `n`, with their nats; and up to how many nats nothing is missing."""
        complete = self._deepen(n)
        if len(self._found) < n and complete < LAST_BOUND:
            self._guide = self._make_guide()
            self._deepen(n)
        best = sorted(self._found.items(), key=lambda item: (item[1], item[0]))[:n]
        return best, complete

    def _deepen(self, n: int) -> float:
        """Lower the bound until there are enough names; gives the last one that was completed."""
        complete, bound = 0.0, FIRST_BOUND
        while complete < LAST_BOUND:
            if not self._follow(bound):
                break
            complete = bound
            if sum(nats <= bound for nats in self._found.values()) >= n:
                break
            bound += STEP
        return complete

    def _follow(self, bound: float) -> bool:
        """Follow all beginnings within a bound of nats; whether there were few enough."""
        state: Any = self._predictor.initial_state(1)
        for given in self._fed:
            logits = self._predictor.step(np.array([given]), state)
        nothing = np.zeros((1, 0), np.int32)
        start = np.array([self._compiled.start])
        context = np.array([self._guide.context(self._fed) if self._guide else 0])
        waiting = self._expand(state, logits, nothing, np.zeros(1), start, context, bound)
        followed = 0
        while waiting:
            state, rows, letters, nats, states, contexts = waiting.pop()
            state = state.pick(rows)
            logits = self._predictor.step(letters[:, -1], state)
            waiting += self._expand(state, logits, letters, nats, states, contexts, bound)
            followed += len(rows)
            if followed > MOST_FOLLOWED:
                return False
        return True

    def _expand(
        self,
        state: Any,
        logits: Any,
        letters: Int32s,
        nats: Float64s,
        states: Integers,
        contexts: Integers,
        bound: float,
    ) -> list[tuple[Any, ...]]:
        """Take the names that end here, and list what to follow from here on."""
        after = nats[:, None] + _nats(logits)
        self._take(letters, states, after[:, 0], bound)
        left = self._longest - letters.shape[1] - 1
        if left < 0:
            return []
        moved = self._compiled.automaton.moves[states]
        worth = after
        if self._guide is not None:
            hopes = self._guide.after(contexts, states, len(self._rules.prompt) + letters.shape[1])
            with np.errstate(divide="ignore"):
                worth = after - np.log(hopes)
        # The boundary's column leads to the dead state.
        rows, chars = np.nonzero((worth <= bound) & self._within[left][moved])
        order = np.argsort(-worth[rows, chars], kind="stable")  # the likeliest are popped first
        rows, chars = rows[order], chars[order]
        longer = np.concatenate([letters[rows], chars[:, None].astype(np.int32)], axis=1)
        found = after[rows, chars], moved[rows, chars]
        contexts = self._guide.following[contexts[rows], chars] if self._guide else rows
        pieces = [slice(first, first + ROWS) for first in range(0, len(rows), ROWS)]
        return [(state, rows[p], longer[p], found[0][p], found[1][p], contexts[p]) for p in pieces]

    def _take(self, letters: Int32s, states: Integers, nats: Float64s, bound: float) -> None:
        if self._guide is not None:
            bound = np.inf
        ends = np.flatnonzero((nats <= bound) & self._compiled.automaton.accepts[states])
        if not ends.size:
            return
        # A column for the boundary behind the name.
        whole = np.pad(letters[ends], ((0, 0), (0, 1)))
        texts = self._rules.texts(whole)
        judged = zip(texts, self._rules.judge(whole, texts), nats[ends].tolist(), strict=True)
        self._found |= {text: each for text, why, each in judged if not why}


def _nats(logits: Any) -> Float64s:
    """Minus the logarithms of the probabilities."""
    values = logits.astype(np.float64)
    values -= values.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(values).sum(axis=1, keepdims=True)) - values)
