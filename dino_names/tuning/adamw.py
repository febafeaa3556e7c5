"""AdamW, a weight average, and directions in which the biases of a whole list move faster.

I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019, with the corrections of
Keras; the average is that of Polyak and Juditsky 1992, its decay rising from 0.1 as in TensorFlow's
ExponentialMovingAverage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from dino_names.arrays import Floats
from dino_names.record import Record
from dino_names.tuning.network import BIAS, OUTPUT_BIAS

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
NUMBERS = "numbers"


class Directions(Record):
    """What differs from list to list, as found over many lists: a few numbers that move biases.

    They are trained like weights, at a rate of their own, and what they come to is part of the
    biases at once, so that no network ever has more than its own weights.

    Arguments:
        input_bias: what one of each number adds to the input's bias, (numbers, 3 x units).
        output_bias: what it adds to the output's, (numbers, vocab_size).
        faster: times the learning rate.
    """

    input_bias: Floats
    output_bias: Floats
    faster: float = 1.0


class AdamW:
    """Weights, what the optimizer remembers of them, and their average.

    Arguments:
        weights: to begin with; they are copied.
        decay: of the weights, times the learning rate.
        clip: the norm to which all gradients together are shortened.
        average: share of the average that stays at each step.
        directions: or None.

    Attributes:
        variables: the weights under their names, the moments under `first.` and `second.` before
            them and the averages under `average.`: all that going on needs but for `steps`.
        steps: taken so far.
    """

    def __init__(
        self,
        weights: Mapping[str, Floats],
        *,
        decay: float = 0.0,
        clip: float = 1.0,
        average: float = 0.98,
        directions: Directions | None = None,
    ) -> None:
        self.decay, self.clip, self.average, self.directions = decay, clip, average, directions
        self.names, self.steps = tuple(weights), 0
        self.variables = {name: weight.copy() for name, weight in weights.items()}
        moved = dict(weights)
        if directions is not None:
            kind = weights[BIAS].dtype
            moved[NUMBERS] = np.zeros(len(directions.input_bias), kind)
        for name, weight in moved.items():
            self.variables[f"first.{name}"] = np.zeros_like(weight)
            self.variables[f"second.{name}"] = np.zeros_like(weight)
        for name, weight in weights.items():
            self.variables[f"average.{name}"] = weight.copy()

    @property
    def weights(self) -> dict[str, Floats]:
        """As they are now."""
        return {name: self.variables[name] for name in self.names}

    @property
    def averages(self) -> dict[str, Floats]:
        """Of the weights, over the steps so far."""
        return {name: self.variables[f"average.{name}"] for name in self.names}

    def restart(self, weights: Mapping[str, Floats]) -> None:
        """Begin again from some weights, and remember nothing."""
        self.steps = 0
        for name, variable in self.variables.items():
            begin = weights.get(name.removeprefix("average."))
            variable[...] = 0 if begin is None else begin

    def step(self, gradients: Mapping[str, Floats], rate: float) -> None:
        """Change the weights once.

        Arguments:
            gradients: by name.
            rate: the learning rate.
        """
        self.steps += 1
        norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients.values()))
        shorten = self.clip / max(norm, self.clip)
        for name, gradient in gradients.items():
            weight = self.variables[name]
            if self.decay:
                weight *= 1 - rate * self.decay
            weight -= self._move(name, gradient * shorten, rate)
        if self.directions is not None:
            self._follow(self.directions, gradients, shorten, rate)
        share = 1 - min(self.average, (1 + self.steps) / (10 + self.steps))
        for name in self.names:
            average = self.variables[f"average.{name}"]
            average += share * (self.variables[name] - average)

    def _move(self, name: str, gradient: Floats, rate: float) -> Floats:
        """How far Adam goes, which remembers the gradient."""
        first, second = self.variables[f"first.{name}"], self.variables[f"second.{name}"]
        first += (1 - BETA_1) * (gradient - first)
        second += (1 - BETA_2) * (gradient * gradient - second)
        corrected = rate * math.sqrt(1 - BETA_2**self.steps) / (1 - BETA_1**self.steps)
        return np.asarray(corrected * first / (np.sqrt(second) + EPSILON))

    def _follow(
        self, ways: Directions, gradients: Mapping[str, Floats], shorten: float, rate: float
    ) -> None:
        slopes = ways.input_bias @ gradients[BIAS][0] + ways.output_bias @ gradients[OUTPUT_BIAS]
        moved = self._move(NUMBERS, slopes * shorten, rate * ways.faster)
        self.variables[BIAS][0] -= moved @ ways.input_bias
        self.variables[OUTPUT_BIAS] -= moved @ ways.output_bias
