"""The loss since the last report, and a sample now and then, where they are asked for."""

from __future__ import annotations

from collections.abc import Callable

from dino_names.config import TrainConfig
from dino_names.progress import Progress


class LossReport:
    """Tells of batches as they go by.

    Arguments:
        config: `log_every` and `sample_every`, in batches.
        progress: what is told.
        sample: makes a sample with the model's present weights.
    """

    def __init__(self, config: TrainConfig, progress: Progress, sample: Callable[[], str]) -> None:
        self.config, self.progress, self.sample = config, progress, sample
        self._nats = self._tokens = 0.0

    def add(self, epoch: int, batch: int, step: int, nats: float, tokens: int) -> None:
        """Count a batch, and report where it is due.

        Arguments:
            epoch, batch: counted from 0 and from 1.
            step: batches so far, over all epochs, this one among them.
            nats: of its characters together.
            tokens: how many they are.
        """
        self._nats += nats
        self._tokens += tokens
        if self.config.log_every and step % self.config.log_every == 0:
            self.progress.log(epoch, batch, self._nats / self._tokens)
            self._nats = self._tokens = 0.0
        due = self.config.sample_every and step % self.config.sample_every == 0
        if due or self.progress.curious():
            self.progress.sample(step, self.sample())
