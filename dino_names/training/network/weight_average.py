"""A moving average of the weights, which generalises better than the last of them.

Polyak and Juditsky 1992; the decay rises from 0.1 as in TensorFlow's ExponentialMovingAverage,
so that the average forgets the start of a short training.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras
import tensorflow as tf


class WeightAverage:
    """Averages of a model's weights, to be swapped in where the model is judged or saved.

    Arguments:
        model: whose weights.
        decay: share of the average kept at each step.
    """

    def __init__(self, model: keras.Sequential, decay: float) -> None:
        self.weights = model.trainable_variables
        self.variables = [
            # From a copy: given a TensorFlow variable, Keras would use that very one.
            keras.Variable(weight.numpy().copy(), trainable=False, name=f"average{number}")
            for number, weight in enumerate(self.weights)
        ]
        self.decay = decay

    def update(self, steps: tf.Tensor | int) -> None:
        """Move the averages towards the weights, after this many steps of training."""
        steps = tf.cast(steps, tf.float32)
        share = 1.0 - tf.minimum(self.decay, (1.0 + steps) / (10.0 + steps))
        for average, weight in zip(self.variables, self.weights, strict=True):
            average.value.assign_add(share * (weight.value - average.value))

    @contextlib.contextmanager
    def swapped_in(self) -> Iterator[None]:
        """Give the model the averages while the block runs."""
        # Copies: `numpy()` may give the variable's own memory, which the next line changes.
        kept = [weight.numpy().copy() for weight in self.weights]
        for weight, average in zip(self.weights, self.variables, strict=True):
            weight.assign(average.value)
        try:
            yield
        finally:
            for weight, value in zip(self.weights, kept, strict=True):
                weight.assign(value)
