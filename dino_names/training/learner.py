"""What learns: a model, its optimizer and the average of its weights."""

from __future__ import annotations

import contextlib

import keras
import numpy as np

from dino_names.config import TrainConfig
from dino_names.runs import Groups
from dino_names.training.network import WeightAverage, build_optimizer, get_state


class Learner:
    """A model with all that training changes beside it.

    Arguments:
        model: built.
        config: optimizer, schedule and average.
        steps: batches in the whole training, for the schedule.
    """

    def __init__(self, model: keras.Sequential, config: TrainConfig, *, steps: int) -> None:
        self.model = model
        self.optimizer = build_optimizer(config, steps=steps)
        self.optimizer.build(model.trainable_variables)
        self.average = WeightAverage(model, config.average) if config.average else None

    def groups(self) -> Groups:
        """Every variable that training changes."""
        return {
            "model": self.model.variables,
            "optimizer": self.optimizer.variables,
            "average": self.average.variables if self.average else [],
            "state": get_state(self.model),
        }

    def after_step(self) -> None:
        """Move the average towards the weights."""
        if self.average:
            self.average.update(int(self.optimizer.iterations.numpy()))

    def averaged(self) -> contextlib.AbstractContextManager[None]:
        """Give the model its average weights while a block runs, if there is an average."""
        return self.average.swapped_in() if self.average else contextlib.nullcontext()

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        return float(np.asarray(self.optimizer.learning_rate))
