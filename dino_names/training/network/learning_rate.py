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
    return keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else highest,
        max(1, steps - warmup),
        warmup_target=highest if warmup else None,
        warmup_steps=warmup,
    )
