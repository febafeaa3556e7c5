"""The learning rate: constant, or rising at first and then falling as half a cosine."""

from __future__ import annotations

from typing import Any, TypeAlias

import keras

from dino_names.config import TrainConfig

Rate: TypeAlias = Any  # a float or one of Keras's schedules


def learning_rate(config: TrainConfig, *, steps: int) -> Rate:
    """The learning rate of each step.

    Arguments:
        config: the highest rate, the share of the steps spent rising to it, the schedule.
        steps: batches in the whole training.
    """
    highest, warmup = config.learning_rate, round(config.warmup * steps)
    if config.schedule == "constant":
        return highest
    return Cosine(
        0.0 if warmup else highest,
        max(1, steps - warmup),
        warmup_target=highest if warmup else None,
        warmup_steps=warmup,
    )


class Cosine(keras.optimizers.schedules.CosineDecay):
    """Keras's CosineDecay, which can begin anew at a later step."""

    first = 0

    def begin(self, highest: float, first: int, steps: int) -> None:
        """Fall from the highest rate, without rising to it, before any step is traced.

        Arguments:
            highest: the rate at the first step.
            first: the step.
            steps: from there to the end.
        """
        self.first, self.initial_learning_rate, self.decay_steps = first, highest, max(1, steps)
        self.warmup_target, self.warmup_steps = None, 0

    def __call__(self, step: Any) -> Any:
        """The rate of a step."""
        return super().__call__(step - self.first if self.first else step)
