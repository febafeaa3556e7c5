"""Names drawn from a predictor, a batch at a time: what comes, whether it will do or not."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dino_names.arrays import Booleans, Float32s, Float64s, Int32s
from dino_names.corpus import BOUNDARY_ID
from dino_names.engine import Predictor, Sampler, Uniforms

# Steps for which a batch's uniform numbers are computed at once.
BLOCK_STEPS = 32


class Drawn(NamedTuple):
    """What was drawn.

    Arguments:
        letters: the ids after the prompt, (count, longest + 1), zeros after a name's end: one
            whose last column is not zero grew too long.
        probabilities: of drawing each, (count,).
        accepted: which of them count, (count,); None for all.
    """

    letters: Int32s
    probabilities: Float64s
    accepted: Booleans | None = None


class Draws:
    """The names that a predictor makes after a prompt, numbered: each from its own stream.

    Attributes:
        acceptance: the share of the drawn that should count.

    Arguments:
        predictor: says what may come next.
        prompt: ids that a name begins with, the boundary before it included where there is
            one, (time,), at least one.
        sampler: chooses.
        uniforms: streams of numbers.
        shortest: characters after the prompt before which a name does not end.
        longest: characters after the prompt that a name may have.
    """

    acceptance = 1.0

    def __init__(
        self,
        *,
        predictor: Predictor,
        prompt: Int32s,
        sampler: Sampler,
        uniforms: Uniforms,
        shortest: int,
        longest: int,
    ) -> None:
        self.predictor = predictor
        self.prompt = prompt
        self.sampler = sampler
        self.uniforms = uniforms
        self.shortest = shortest
        self.longest = longest

    def warm_up(self) -> tuple[Any, Float32s]:
        """The state after the prompt and the logits of what follows, for a batch of 1."""
        state = self.predictor.initial_state(1)
        for position in range(len(self.prompt)):
            logits = self.predictor.step(self.prompt[position : position + 1], state)
        return state, logits.copy()

    def draw(self, warm: tuple[Any, Any], first: int, count: int) -> Drawn:
        """Some names.

        Arguments:
            warm: from `warm_up`.
            first: the number of the first.
            count: how many.
        """
        letters = np.zeros((count, self.longest + 1), np.int32)
        probabilities = np.ones(count)
        positions = np.arange(first, first + count, dtype=np.uint64)
        live = np.arange(count)
        state, logits = warm[0].pick(np.zeros(count, np.intp)), np.repeat(warm[1], count, axis=0)
        for time in range(self.longest + 1):
            column = time % BLOCK_STEPS
            if column == 0:
                block = self.uniforms.block(positions, time, BLOCK_STEPS)
            if time < self.shortest:
                logits[:, BOUNDARY_ID] = -np.inf
            ids, chances = self.sampler.draw(logits, block[live, column])
            letters[live, time] = ids
            probabilities[live] *= chances
            # The boundary's id is 0.
            going = np.flatnonzero(ids)
            if not going.size or time == self.longest:
                break
            if going.size < ids.size:  # names leave the batch when they end
                live, ids = live[going], ids[going]
                state.keep(going)
            logits = self.predictor.step(ids, state)
        return Drawn(letters, probabilities)
