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
from dino_names.tuning.network import BIAS, INPUT_SHIFT, OUTPUT_BIAS, OUTPUT_SHIFT

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Directions(Record):
    """What differs from list to list, as found over many lists: a few numbers that move biases.

    They are trained like weights, at a rate of their own, and what they come to is part of the
    biases at once, so that no network ever has more than its own weights. Of several lists each
    has numbers of its own beside those of all.

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

    All of a kind lie in one row, so that a step passes over each once and not tensor by tensor.

    Arguments:
        weights: to begin with; they are copied.
        decay: of the weights, times the learning rate.
        clip: the norm to which all gradients together are shortened.
        average: share of the average that stays at each step.
        directions: or None.

    Attributes:
        rows: the weights, both moments and the average, and the moments of the directions'
            numbers: all that going on needs but for `steps`.
        weights, averages: as they are now, by name.
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
        self.steps = 0
        kind = weights[BIAS].dtype
        size = sum(weight.size for weight in weights.values())
        lists = len(weights[INPUT_SHIFT]) if INPUT_SHIFT in weights else 0
        numbers = 0 if directions is None else (1 + lists) * len(directions.input_bias)
        self.rows: dict[str, Floats] = {
            **{name: np.zeros(size, kind) for name in ("weights", "first", "second", "average")},
            **{name: np.zeros(numbers, kind) for name in ("first.numbers", "second.numbers")},
        }
        self._gradient, self._spare = np.zeros(size, kind), np.zeros(size, kind)
        self.weights = _views(self.rows["weights"], weights)
        self.averages = _views(self.rows["average"], weights)
        self._gradients = _views(self._gradient, weights)
        self.restart(weights)

    def restart(self, weights: Mapping[str, Floats]) -> None:
        """Begin again from some weights, and remember nothing."""
        self.steps = 0
        for row in self.rows.values():
            row[...] = 0
        for name, weight in weights.items():
            self.weights[name][...] = weight
            self.averages[name][...] = weight

    def step(self, gradients: Mapping[str, Floats], rate: float) -> None:
        """Change the weights once.

        Arguments:
            gradients: by name.
            rate: the learning rate.
        """
        self.steps += 1
        for name, gradient in gradients.items():
            self._gradients[name][...] = gradient
        norm = math.sqrt(float(np.vdot(self._gradient, self._gradient)))
        if norm > self.clip:
            self._gradient *= self.clip / norm
        weights, average, spare = self.rows["weights"], self.rows["average"], self._spare
        if self.directions is not None:
            slopes = self._slopes(self.directions)
        if self.decay:
            weights *= 1 - rate * self.decay
        weights -= self._move("", self._gradient, spare, rate)
        if self.directions is not None:
            self._follow(self.directions, slopes, rate)
        share = 1 - min(self.average, (1 + self.steps) / (10 + self.steps))
        np.subtract(weights, average, out=spare)
        spare *= share
        average += spare

    def _move(self, of: str, gradient: Floats, spare: Floats, rate: float) -> Floats:
        """How far Adam goes, which remembers the gradient; both arrays are written over."""
        first, second = self.rows[f"first{of}"], self.rows[f"second{of}"]
        np.multiply(gradient, gradient, out=spare)
        first *= BETA_1
        second *= BETA_2
        spare *= 1 - BETA_2
        gradient *= 1 - BETA_1
        second += spare
        first += gradient
        np.sqrt(second, out=spare)
        spare += EPSILON
        np.divide(first, spare, out=spare)
        spare *= rate * math.sqrt(1 - BETA_2**self.steps) / (1 - BETA_1**self.steps)
        return spare

    def _slopes(self, ways: Directions) -> Floats:
        """The gradient by the numbers of the directions."""
        by_input, by_output = self._biases(self._gradients)
        return np.asarray(by_input @ ways.input_bias.T + by_output @ ways.output_bias.T).ravel()

    def _follow(self, ways: Directions, slopes: Floats, rate: float) -> None:
        moved = self._move(".numbers", slopes, np.empty_like(slopes), rate * ways.faster)
        steps = moved.reshape(-1, len(ways.input_bias))
        self.weights[BIAS][0] -= steps[0] @ ways.input_bias
        self.weights[OUTPUT_BIAS] -= steps[0] @ ways.output_bias
        if len(steps) > 1:
            self.weights[INPUT_SHIFT] -= steps[1:] @ ways.input_bias
            self.weights[OUTPUT_SHIFT] -= steps[1:] @ ways.output_bias

    def _biases(self, of: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        """Those of all lists and what each list adds, a row each."""
        inputs, outputs = [of[BIAS][:1]], [of[OUTPUT_BIAS][None]]
        if INPUT_SHIFT in of:
            inputs.append(of[INPUT_SHIFT])
            outputs.append(of[OUTPUT_SHIFT])
        return np.concatenate(inputs), np.concatenate(outputs)


def _views(row: Floats, like: Mapping[str, Floats]) -> dict[str, Floats]:
    """Parts of a row in the shapes of some tensors, one after another."""
    views, start = {}, 0
    for name, tensor in like.items():
        views[name] = row[start : start + tensor.size].reshape(tensor.shape)
        start += tensor.size
    return views
