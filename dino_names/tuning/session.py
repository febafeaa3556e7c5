"""One tuning: weights that learn a list, and parts of it, and the run folder that they go to."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.config import Config
from dino_names.corpus import Rows
from dino_names.errors import DivergedError, InterruptedRunError
from dino_names.progress import Progress
from dino_names.runs import (
    Bookmark,
    Groups,
    Run,
    check_finite,
    check_room,
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
    """Tunes weights on one list after another, each from the same start.

    Arguments:
        run: as its folder has it.
        config: every choice.
        lists: of names to learn from: parts of a list, or it alone.
        start: weights to begin with.
        directions: in which the list may differ from others, or None.
        finish: told of the weights that each list came to, gives what the last row of the history
            says beside the loss.
        progress: what is told of each batch and epoch.
        stop: whether a signal has asked to stop.
        digest: of the run and the base, which a state belongs to.

    Attributes:
        found: the average weights that each list came to, (lists, ...) by name.
    """

    def __init__(
        self,
        run: Run,
        config: Config,
        lists: Sequence[Sequence[str] | Rows],
        start: Weights,
        directions: Directions | None,
        *,
        finish: Callable[[Sequence[Weights]], Mapping[str, float]],
        progress: Progress,
        stop: StopRequest,
        digest: str,
    ) -> None:
        self.digest = digest
        self.run, self.config, self.finish = run, config, finish
        self.progress, self.stop = progress, stop
        train, model = config.train, config.model
        self.lists = [
            ListBatches(names, run.vocabulary, batch_size=config.data.batch_size, seed=train.seed)
            for names in lists
        ]
        self.start = start
        self.optimizer = AdamW(
            start,
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
        self.found = {n: np.zeros((len(lists), *w.shape), w.dtype) for n, w in start.items()}
        self.epochs = len(lists) * train.epochs
        self.bookmark = Bookmark()
        self.history: list[dict[str, Any]] = []
        self._taken = np.zeros(1, np.int64)
        self._saved = self._since = time.monotonic()

    def groups(self) -> Groups:
        """Every number that training changes."""
        self._taken[0] = self.optimizer.steps
        return {
            "optimizer": as_variables(self.optimizer.rows),
            "found": as_variables(self.found),
            "steps": [ArrayVariable(self._taken)],
        }

    def train(self, *, resume: bool) -> None:
        """Tune to the last epoch, from the start or from where the run was stopped.

        Raises:
            RunError: it is finished, or what was saved cannot be used.
            DivergedError, InterruptedRunError, StorageError: it failed or was stopped.
        """
        if resume and has_state(self.run.folder):
            self._resume()
        check_room(self.run.folder, self.groups(), model="found")
        while not self.bookmark.finished:
            part, epoch = divmod(self.bookmark.epoch, self.config.train.epochs)
            if epoch == 0 and self.bookmark.batch == 0:
                self.optimizer.restart(self.start)
            self._epoch(self.lists[part], epoch)
            self._end_epoch(part)

    def _resume(self) -> None:
        state = load_state(self.run.folder, self.groups(), run=self.digest)
        self.bookmark, self.history = state.bookmark, state.history
        self.optimizer.steps = int(self._taken[0])
        for sentence in state.passed_over:
            self.progress.note(sentence)
        check_unfinished(self.run.folder, self.bookmark)
        self.progress.resumed(self.bookmark.epoch, self.bookmark.batch)

    def _epoch(self, names: ListBatches, epoch: int) -> None:
        place = self.bookmark
        self._since = time.monotonic()
        order, steps = names.order(epoch), self.config.train.epochs * len(names)
        while place.batch < len(order):
            batch = names.batch(order[place.batch])
            rng = np.random.default_rng(
                (self.config.train.seed, place.epoch, place.batch, DROPOUT_STREAM)
            )
            loss, gradients = loss_and_gradients(self.optimizer.weights, batch, self.dropout, rng)
            if not math.isfinite(loss):
                raise self._diverged(loss)
            self.optimizer.step(gradients, learning_rate(self.config, self.optimizer.steps, steps))
            tokens = int(batch.counts.sum())
            place.loss_sum += loss * tokens
            place.tokens += tokens
            place.batch += 1
            self.progress.batch(place.epoch, place.batch, place.loss_sum / place.tokens)
            if place.batch < len(order):
                self._save_if_due()

    def _end_epoch(self, part: int) -> None:
        place, batches = self.bookmark, self.lists[part]
        names, steps = len(batches.lengths), self.config.train.epochs * len(batches)
        check_finite(self.groups(), place)
        self._tick()
        row = {
            "epoch": place.epoch + 1,
            "seconds": round(place.seconds, 3),
            "loss": place.loss_sum / place.tokens,
            "names_per_second": round(names / max(place.seconds, 1e-9), 1),
            "learning_rate": learning_rate(self.config, self.optimizer.steps, steps),
        }
        self.history.append(row)
        place.epoch, place.batch = place.epoch + 1, 0
        place.loss_sum, place.tokens, place.seconds = 0.0, 0, 0.0
        if place.epoch % self.config.train.epochs == 0:
            for name, average in self.optimizer.averages.items():
                self.found[name][part] = average
        place.finished = place.epoch >= self.epochs
        if place.finished:
            row.update(self.finish([self._of_part(part) for part in range(len(self.lists))]))
            write_history(self.run.folder, self.history)
            self._save()
        if place.epoch % self.config.train.epochs == 0:
            self.progress.epoch(row)
        if not place.finished:
            self._save_if_due()

    def _of_part(self, part: int) -> Weights:
        return {name: found[part] for name, found in self.found.items()}

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
        groups, digest = self.groups(), self.digest
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


def learning_rate(config: Config, step: int, steps: int) -> float:
    """The learning rate of a step: constant, or as Keras's CosineDecay has it.

    Arguments:
        config: the highest, the share of the steps spent rising to it, the schedule.
        step: counted from 0.
        steps: in all.
    """
    train = config.train
    warmup = round(train.warmup * steps)
    if train.schedule == "constant":
        return train.learning_rate
    if step < warmup:
        return train.learning_rate * step / warmup
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return train.learning_rate * (1 + math.cos(math.pi * done)) / 2
