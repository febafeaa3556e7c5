"""One tuning: its weights, its place in the list and its run folder."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dino_names.config import Config
from dino_names.errors import DivergedError, InterruptedRunError
from dino_names.progress import Progress
from dino_names.runs import (
    Bookmark,
    Groups,
    Run,
    check_finite,
    check_unfinished,
    has_state,
    load_state,
    save_state,
    write_history,
)
from dino_names.signals import StopRequest
from dino_names.storage import show
from dino_names.tuning.adamw import AdamW, Directions
from dino_names.tuning.batches import ListBatches
from dino_names.tuning.network import Dropout, Weights, loss_and_gradients
from dino_names.tuning.variables import ArrayVariable, as_variables

# What is left out in a step follows from this, the seed, the epoch and the batch.
DROPOUT_STREAM = 1


class TuningSession:
    """Tunes weights on a list.

    Arguments:
        run: as its folder has it.
        config: every choice.
        names: to learn from.
        weights: where it starts, changed in place.
        directions: in which the list may differ from others, or None.
        write_model: writes the model file with these weights.
        progress: what is told of each batch and epoch.
        stop: whether a signal has asked to stop.
    """

    def __init__(
        self,
        run: Run,
        config: Config,
        names: Sequence[str],
        weights: Weights,
        directions: Directions | None,
        *,
        write_model: Callable[[Weights], None],
        progress: Progress,
        stop: StopRequest,
    ) -> None:
        self.run, self.config, self.write_model = run, config, write_model
        self.progress, self.stop = progress, stop
        train, model = config.train, config.model
        self.batches = ListBatches(
            names, run.vocabulary, batch_size=config.data.batch_size, seed=train.seed
        )
        self.optimizer = AdamW(
            weights,
            decay=train.weight_decay,
            clip=train.clip_norm or math.inf,
            average=train.average or 0.0,
            directions=directions,
        )
        self.dropout = Dropout(
            embedding=model.embedding_dropout,
            recurrent=model.weight_dropout,
            output=model.dropout,
        )
        self.steps = train.epochs * len(self.batches)
        self.bookmark = Bookmark()
        self.history: list[dict[str, Any]] = []
        self._taken = np.zeros(1, np.int64)
        self._saved = self._since = time.monotonic()

    def groups(self) -> Groups:
        """Every number that training changes."""
        self._taken[0] = self.optimizer.steps
        numbers = as_variables(self.optimizer.variables)
        return {"optimizer": numbers, "steps": [ArrayVariable(self._taken)]}

    def train(self, *, resume: bool) -> None:
        """Tune to the last epoch, from the start or from where the run was stopped.

        Raises:
            RunError: it is finished, or what was saved cannot be used.
            DivergedError, InterruptedRunError, StorageError: it failed or was stopped.
        """
        if resume and has_state(self.run.folder):
            self._resume()
        while not self.bookmark.finished:
            self._epoch()

    def _resume(self) -> None:
        state = load_state(self.run.folder, self.groups(), run=self.run.digest)
        self.bookmark, self.history = state.bookmark, state.history
        self.optimizer.steps = int(self._taken[0])
        for sentence in state.passed_over:
            self.progress.note(sentence)
        check_unfinished(self.run.folder, self.bookmark)
        self.progress.resumed(self.bookmark.epoch, self.bookmark.batch)

    def _epoch(self) -> None:
        place = self.bookmark
        self._since = time.monotonic()
        order = self.batches.order(place.epoch)
        while place.batch < len(order):
            batch = self.batches.batch(order[place.batch])
            seed = (self.config.train.seed, place.epoch, place.batch, DROPOUT_STREAM)
            rng = np.random.default_rng(seed)
            loss, gradients = loss_and_gradients(self.optimizer.weights, batch, self.dropout, rng)
            if not math.isfinite(loss):
                raise self._diverged(loss)
            self.optimizer.step(gradients, self._rate())
            tokens = int(batch.counts.sum())
            place.loss_sum += loss * tokens
            place.tokens += tokens
            place.batch += 1
            self.progress.batch(place.epoch, place.batch, place.loss_sum / place.tokens)
            if place.batch < len(order):
                self._save_if_due()
        self._end_epoch()

    def _rate(self) -> float:
        """The learning rate of the next step: as Keras's CosineDecay has it, or constant."""
        train, step = self.config.train, self.optimizer.steps
        warmup = round(train.warmup * self.steps)
        if train.schedule == "constant":
            return train.learning_rate
        if step < warmup:
            return train.learning_rate * step / warmup
        done = min(1.0, (step - warmup) / max(1, self.steps - warmup))
        return train.learning_rate * (1 + math.cos(math.pi * done)) / 2

    def _end_epoch(self) -> None:
        place = self.bookmark
        check_finite(self.groups(), place)
        self._tick()
        names = len(self.batches.lengths)
        row = {
            "epoch": place.epoch + 1,
            "seconds": round(place.seconds, 3),
            "loss": place.loss_sum / place.tokens,
            "names_per_second": round(names / max(place.seconds, 1e-9), 1),
            "learning_rate": self._rate(),
        }
        self.history.append(row)
        place.epoch, place.batch = place.epoch + 1, 0
        place.loss_sum, place.tokens, place.seconds = 0.0, 0, 0.0
        place.finished = place.epoch >= self.config.train.epochs
        if place.finished:
            self.write_model(self.optimizer.averages)
            write_history(self.run.folder, self.history)
            self._save()
        self.progress.epoch(row)
        if not place.finished:
            self._save_if_due()

    def _save_if_due(self) -> None:
        seconds = self.config.train.save_seconds
        number = self.stop.signal_number
        if number is not None or (seconds and time.monotonic() - self._saved >= seconds):
            self._save()
        if number is not None:
            place, folder = self.bookmark, self.run.folder
            raise InterruptedRunError(
                f"training: stopped after epoch {place.epoch}, batch {place.batch}, everything "
                f"saved in {folder}; go on with the same command and --resume.",
                signal_number=number,
            )

    def _save(self) -> None:
        self._tick()
        groups, digest = self.groups(), self.run.digest
        save_state(self.run.folder, groups, self.bookmark, self.history, run=digest)
        self._saved = time.monotonic()

    def _tick(self) -> None:
        now = time.monotonic()
        self.bookmark.seconds += now - self._since
        self._since = now

    def _diverged(self, loss: float) -> DivergedError:
        place = self.bookmark
        return DivergedError(
            f"training: the loss became {loss} in epoch {place.epoch + 1}, batch "
            f"{place.batch + 1}; expected finite numbers. Lower --learning-rate; what "
            f"{show(self.run.folder)} holds is from before."
        )
