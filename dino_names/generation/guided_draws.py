"""Names drawn with a guide towards what they must be like, in the shares that they have without it.

What is wanted are names with the probability that the model gives them, given the constraints:
what would be left of plain draws after all others were thrown away. The guide `h` foresees how
likely each next character leads there; the network's probabilities `p` times `h` propose. A
proposal `x` is made with a probability q(x) that differs from p(x), so it is accepted with

    min(1, weight / most),    weight = p(x) / q(x),

which is rejection sampling (von Neumann 1951), and exact but for the names whose weight is above
`most`. That bound is found in a pilot, so that these lose a hundredth of all probability; and
what can hardly be accepted any more is given up before its end, which loses a third of another.
The weight is the product, over the steps, of sum(p h) / h before the step: twisted proposals as in
Lew, Zhi-Xuan, Grand and Mansinghka 2023, arXiv 2306.03081.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from dino_names.arrays import Float32s, Float64s, Int32s
from dino_names.constraints import Compiled, Guide
from dino_names.engine import Uniforms
from dino_names.generation.draws import BLOCK_STEPS, Drawn, Draws

# The streams of numbers end long before: names have a thousand characters at most.
ACCEPTING_STEP = 1 << 20
PILOT = 2_048
PILOT_SEED = 0
MOST_LOST = 0.01
MOST_GIVEN_UP = 0.003
# A guide that misleads gets no more proposals for each name, and more is lost.
FEWEST_ACCEPTED = 0.02
# Below it nothing but the likeliest is left of the probabilities, whether it leads there or not.
COLDEST = 0.02


class GuidedDraws(Draws):
    """The proposals that a predictor and a guide make after a prompt; see `Draws`.

    Arguments:
        guide: foresees.
        compiled: the constraints.
        begun: characters of the prompt.
        pilot: how many proposals are made to find the bound of the weights.

    Attributes:
        most: that bound: the weight above which a proposal is accepted for certain.
        rise: a proposal is given up on its way when its weight would have to become so many times
            as large to be accepted.
    """

    def __init__(
        self,
        *,
        guide: Guide,
        compiled: Compiled,
        begun: int,
        pilot: int = PILOT,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.guide, self.compiled, self.begun = guide, compiled, begun
        self.context = guide.context(self.prompt)
        self._greedy = self.sampler.temperature < COLDEST
        # The likeliest character of all that lead there, where chance has no part.
        self._chooser = self.sampler.changed(temperature=1.0) if self._greedy else self.sampler
        # Where no proposal of the pilot leads there, none is accepted.
        self.most, self.acceptance, self.rise = sys.float_info.max, 1.0, np.inf
        if not self._greedy:
            self._fly_pilot(pilot)

    def _fly_pilot(self, proposals: int) -> None:
        """Find the bound of the weights, and the share of the proposals that are accepted."""
        uniforms, self.uniforms = self.uniforms, Uniforms(PILOT_SEED)
        nothing = np.zeros(proposals)
        _, _, weights, lowest = self._propose(self.warm_up(), 0, nothing)
        self.uniforms = uniforms
        if weights.any():
            self.most, self.acceptance = choose_bound(weights)
            self.rise = choose_rise(weights, lowest, self.most)
        else:
            self.acceptance = 1 / proposals

    def draw(self, warm: tuple[Any, Any], first: int, count: int) -> Drawn:
        """Some proposals, and which of them are accepted; see `Draws.draw`."""
        positions = np.arange(first, first + count, dtype=np.uint64)
        needed = np.zeros(count)  # where chance has no part, what leads there is accepted
        if not self._greedy:
            needed = self.uniforms.block(positions, ACCEPTING_STEP, 1)[:, 0] * self.most
        letters, probabilities, weights, _ = self._propose(warm, first, needed)
        return Drawn(letters, probabilities, weights > needed)

    def _propose(
        self, warm: tuple[Any, Any], first: int, needed: Float64s
    ) -> tuple[Int32s, Float64s, Float64s, Float64s]:
        """Letters, probabilities of being proposed, weights, and the lowest of these on the way.

        The weight of what leads nowhere is 0; `needed` is what each must come to, (count,).
        """
        count, hopeless = len(needed), needed / self.rise
        guide, moves = self.guide, self.compiled.automaton.moves
        letters = np.zeros((count, self.longest + 1), np.int32)
        probabilities, live = np.ones(count), np.arange(count)
        positions = np.arange(first, first + count, dtype=np.uint64)
        contexts, states = np.full(count, self.context), np.full(count, self.compiled.start)
        hope = guide.hopes(self.begun)[contexts, states]
        weights, lowest = hope.copy(), hope.copy()
        state, logits = warm[0].pick(np.zeros(count, np.intp)), np.repeat(warm[1], count, axis=0)
        for time in range(self.longest + 1):
            column = time % BLOCK_STEPS
            if column == 0:
                block = self.uniforms.block(positions, time, BLOCK_STEPS)
            after = guide.after(contexts, states, self.begun + time)
            chances = self._chooser.weights(logits)
            ids, share, total = self._choose(chances, after, block[live, column])
            letters[live, time] = ids
            probabilities[live] *= share
            weights[live] *= total / hope
            lowest[live] = np.minimum(lowest[live], weights[live])
            promising = weights[live] > hopeless[live]
            probabilities[live[~promising]] = 0  # Others may yet come through the same letters.
            going = np.flatnonzero((ids > 0) & promising)
            if not going.size:
                break
            live, ids = live[going], ids[going]
            hope = after[going, ids]
            contexts, states = guide.following[contexts[going], ids], moves[states[going], ids]
            state.keep(going)
            logits = self.predictor.step(ids, state)
        return letters, probabilities, weights, lowest

    def _choose(
        self, chances: Float32s, after: Float64s, uniforms: Float64s
    ) -> tuple[Any, Float64s, Float64s]:
        """An id for each row, the probability of choosing it, and the sum of p h."""
        cumulative = np.cumsum(chances * after, axis=1)
        total = cumulative[:, -1]
        rows = np.arange(len(total))
        if self._greedy:
            ids = (chances * after).argmax(axis=1)
            share = np.ones(len(total))
        else:
            ids = (cumulative > (uniforms * total)[:, None]).argmax(axis=1)
            share = (chances[rows, ids] * after[rows, ids]) / np.where(total > 0, total, 1)
        return ids, share, total / self._chooser.total(chances)


def choose_bound(weights: Float64s) -> tuple[float, float]:
    """The weight above which a proposal is accepted for certain, and the share that is accepted.

    Arguments:
        weights: of some proposals, not all 0.
    """
    weights = np.sort(weights[weights > 0])[::-1]
    sums, counts = np.cumsum(weights), np.arange(1, len(weights) + 1)
    # For each of them as the bound, from the greatest down.
    lost = (sums - weights * counts) / sums[-1]
    accepted = (weights * counts + sums[-1] - sums) / (len(weights) * weights)
    fits = (lost <= MOST_LOST) & (accepted >= FEWEST_ACCEPTED)
    place = np.flatnonzero(fits)[-1] if fits.any() else np.argmax(accepted >= FEWEST_ACCEPTED)
    return float(weights[place]), float(accepted[place])


def choose_rise(weights: Float64s, lowest: Float64s, most: float) -> float:
    """How many times its lowest weight a proposal may need before it is given up.

    Arguments:
        weights: of some proposals.
        lowest: of each on its way, at most its weight.
        most: the bound.
    """
    chances = np.minimum(weights / most, 1)
    factors = 2.0 ** np.arange(0, 10, 0.25)
    for factor in factors:
        kept = np.minimum(chances, factor * lowest / most)
        if kept.sum() >= (1 - MOST_GIVEN_UP) * chances.sum():
            return float(factor)
    return float(factors[-1])
