"""What learns: a model, its optimizer and the average of its weights."""

from __future__ import annotations

import contextlib

import keras
import numpy as np

from dino_names.config import TrainConfig
from dino_names.runs import Groups
from dino_names.training.network import Cosine, WeightAverage, build_optimizer, get_state


class Learner:
    """A model with all that training changes beside it.

    Arguments:
        model: built.
        config: optimizer, schedule and average.
        steps: batches in the whole training, for the schedule.
    """

    def __init__(self, model: keras.Sequential, config: TrainConfig, *, steps: int) -> None:
        self.model, self.config = model, config
        self.average = WeightAverage(model, config.average) if config.average else None
        self.optimizer = build_optimizer(config, steps=steps, average=self.average)
        self.optimizer.build(model.trainable_variables)

    def groups(self) -> Groups:
        """Every variable that training changes."""
        return {
            "model": self.model.variables,
            "optimizer": self.optimizer.variables,
            "average": self.average.variables if self.average else [],
            "state": get_state(self.model),
        }

    def averaged(self) -> contextlib.AbstractContextManager[None]:
        """Give the model its average weights while a block runs, if there is an average."""
        return self.average.swapped_in() if self.average else contextlib.nullcontext()

    @property
    def steps_taken(self) -> int:
        """By the optimizer."""
        return int(self.optimizer.iterations.numpy())

    def forget(self) -> None:
        """Begin anew with the weights as they are."""
        for variable in self.optimizer.variables:
            if variable is not self.optimizer._learning_rate:
                variable.assign(np.zeros(variable.shape, variable.dtype))
        for average, weight in zip(
            self.average.variables if self.average else [],
            self.model.trainable_variables,
            strict=False,
        ):
            average.assign(weight.value)

    def begin_rate(self, first: int, steps: int, *, constant: bool) -> None:
        """Let a falling rate begin anew; set one that does not fall.

        Arguments:
            first: the step at which it begins.
            steps: from there to the end.
            constant: whether the rate is another than before.
        """
        rate = self.optimizer._learning_rate
        if isinstance(rate, Cosine):
            rate.begin(self.config.learning_rate, first, steps)
        elif constant:
            self.optimizer.learning_rate = self.config.learning_rate

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        return float(np.asarray(self.optimizer.learning_rate))
