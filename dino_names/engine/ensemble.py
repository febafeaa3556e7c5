"""Several predictors as one, their probabilities averaged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dino_names.arrays import Float32s, Integers
from dino_names.engine.predictor import Predictor, States, log_softmax


class Ensemble:
    """Several predictors as one: the logits are the logarithm of their mean probability.

    Arguments:
        predictors: at least one, of one vocabulary.
    """

    def __init__(self, predictors: Sequence[Predictor]) -> None:
        self.predictors = tuple(predictors)
        self.vocab_size = self.predictors[0].vocab_size

    def initial_state(self, batch: int) -> States:
        """The states of all of them before the first character."""
        return States([predictor.initial_state(batch) for predictor in self.predictors])

    def step(self, ids: Integers, state: States) -> Float32s:
        """The logits after one more character of each name; see `Predictor.step`."""
        pairs = zip(self.predictors, state.states, strict=True)
        first, *others = (log_softmax(one.step(ids, its)) for one, its in pairs)
        for other in others:
            np.logaddexp(first, other, out=first)
        first -= np.float32(np.log(len(self.predictors)))
        return first
