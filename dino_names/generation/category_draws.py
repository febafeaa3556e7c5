"""Names from lists drawn by chance: for each a list, then a name of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Float64s, Int32s, Integers, UInt64s
from dino_names.engine import Uniforms
from dino_names.generation.draws import Drawn, Draws
from dino_names.generation.options import OneNameOptions
from dino_names.generation.planning import Plan, Planner
from dino_names.modelfile import Bundle

if TYPE_CHECKING:
    from dino_names.generation.category_model import CategoryModel

# The streams of numbers end long before, and acceptance has another step; see `guided_draws`.
CHOOSING_STEP = 1 << 21


class CategoryPlanner(Planner):
    """Plans for the calls of a model with categories that name none.

    Arguments:
        model: has the models of the categories.
        whole: the blend that stands for all of them.
        keyed: whether names are drawn for keys.
    """

    def __init__(self, model: CategoryModel, whole: Bundle, *, keyed: bool = False) -> None:
        super().__init__(whole, model.predictor)
        self._model, self._keyed = model, keyed

    def plan(self, prompt: str, fed: Int32s, options: OneNameOptions) -> Plan:
        """The plan for some names; see `Planner.plan`."""

        def of(tag: int) -> Plan:
            maker = self._model.of_tag(tag).maker(keyed=self._keyed)
            return maker.planner.plan(prompt, fed, options)

        shares, plans = self._model.shares, dict[int, Plan]()
        if prompt:
            shares = self._given(fed, shares)
        compiled = None
        if options.constrains or self._bundle.left_out:
            plans = {tag: of(tag) for tag in np.flatnonzero(shares).tolist()}
            compiled = next(iter(plans.values())).compiled
            # Of guided proposals a share like 1 / most is accepted: chosen so much less often,
            # each list has the share that it has among the names that are as they must be.
            most = np.array(
                [_most(plans[tag]) if tag in plans else 0 for tag in range(len(shares))]
            )
            shares = shares * most / (shares @ most)
        draws = CategoryDraws(
            shares, lambda tag: plans[tag].draws if tag in plans else of(tag).draws, options
        )
        return Plan(draws, compiled)

    def _given(self, fed: Int32s, shares: Float64s) -> Float64s:
        """How often each list comes among names that begin so, by Bayes' rule."""
        nats = np.array(
            [
                _nats(self._model.of_tag(tag).maker(keyed=self._keyed).predictor, fed)
                for tag in range(len(shares))
            ]
        )
        odds = shares * np.exp(nats.min() - nats)
        return np.asarray(odds / odds.sum(), np.float64)


def _nats(predictor: Any, fed: Int32s) -> float:
    """Nats of the ids of a prompt, the first of which is the boundary."""
    state, nats = predictor.initial_state(1), 0.0
    for before, after in zip(fed[:-1], fed[1:], strict=True):
        logits = predictor.step(np.array([before], np.int32), state)[0].astype(np.float64)
        peak = logits.max()
        nats += float(np.log(np.exp(logits - peak).sum()) + peak - logits[after])
    return nats


def _most(plan: Plan) -> float:
    """The bound of the weights of guided draws; 1 where all that fits is accepted."""
    most = getattr(plan.draws, "most", 1.0)
    return float(most) if most < 1e300 else 1.0


class CategoryDraws(Draws):
    """Names of one list or another, numbered: which list a number has follows from its stream.

    Arguments:
        shares: how often each comes, with a sum of 1, (categories,).
        of: gives the draws of one.
        options: of the call.
    """

    def __init__(
        self, shares: Float64s, of: Callable[[int], Draws], options: OneNameOptions
    ) -> None:
        self.uniforms = options.uniforms()
        self._of, self._parts = of, dict[int, tuple[Draws, Any]]()
        self._shares, self._ends = shares, np.cumsum(shares)
        # Those of the list that comes most often; the others are made when they come.
        most = self._part(int(shares.argmax()))[0]
        self.sampler, self.acceptance = most.sampler, most.acceptance

    def _part(self, tag: int) -> tuple[Draws, Any]:
        if tag not in self._parts:
            draws = self._of(tag)
            self._parts[tag] = draws, draws.warm_up()
        return self._parts[tag]

    def warm_up(self) -> tuple[Any, Any]:
        """Nothing: each list is warmed up when it comes first."""
        return None, None

    def draw(self, warm: tuple[Any, Any], first: int, count: int) -> Drawn:
        """Some names, see `Draws.draw`."""
        positions = np.arange(first, first + count, dtype=np.uint64)
        chosen = self.uniforms.block(positions, CHOOSING_STEP, 1)[:, 0] * self._ends[-1]
        tags = np.searchsorted(self._ends, chosen, "right")
        letters: Any = None
        probabilities, accepted = np.empty(count), np.ones(count, np.bool_)
        for tag in np.unique(tags):
            rows = np.flatnonzero(tags == tag)
            draws, state = self._part(int(tag))
            draws.uniforms = _Picked(self.uniforms, positions[rows])
            drawn = draws.draw(state, 0, len(rows))
            if letters is None:
                letters = np.zeros((count, drawn.letters.shape[1]), drawn.letters.dtype)
            letters[rows] = drawn.letters
            probabilities[rows] = drawn.probabilities * self._shares[tag]
            if drawn.accepted is not None:
                accepted[rows] = drawn.accepted
        return Drawn(letters, probabilities, accepted)


class _Picked(Uniforms):
    """The streams of some positions, which stand side by side here."""

    def __init__(self, uniforms: Uniforms, positions: UInt64s) -> None:
        self._uniforms, self._positions = uniforms, positions

    def block(self, positions: Integers, first: int, steps: int) -> Float64s:
        """As `Uniforms.block` of the positions that these stand for."""
        return self._uniforms.block(self._positions[positions.astype(np.intp)], first, steps)
