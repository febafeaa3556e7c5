"""What both loops share: everything but the step itself.

A loop tells the session of each batch; the session counts, averages, evaluates, saves, stops.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras

from dino_names.config import Config
from dino_names.errors import RunError, StorageError
from dino_names.progress import Progress
from dino_names.runs import (
    Bookmark,
    Run,
    best_epoch,
    check_finite,
    check_room,
    save_state,
    thin_checkpoints,
    write_history,
)
from dino_names.signals import StopRequest
from dino_names.training.data import Parts
from dino_names.training.learner import Learner
from dino_names.training.loss_report import LossReport
from dino_names.training.saving import RunCheckpoint
from dino_names.training.session_errors import diverged, interrupted
from dino_names.training.validation import Validator


class RoundEnded(Exception):  # noqa: N818 (nothing went wrong)
    """The part of an epoch that was to be trained now is done, and everything is saved."""


class Session:
    """One training: its model, its place in the data and its run folder.

    Arguments:
        run: as its folder has it.
        config: every choice, those that may change when a run goes on as they are now.
        model: built.
        parts: what to learn from, what is held out, and the n-gram beside the network.
        write_model: writes the model file from the model's present weights.
        sample: makes a sample with the model's present weights.
        progress: what is told of each batch and epoch.
        stop: whether a signal has asked to stop.
        callbacks: Keras's, of whoever trains.
    """

    def __init__(
        self,
        run: Run,
        config: Config,
        model: keras.Sequential,
        parts: Parts,
        *,
        write_model: Callable[[], None],
        sample: Callable[[], str],
        progress: Progress,
        stop: StopRequest,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> None:
        self.folder, self.config, self.digest, self.model = run.folder, config, run.digest, model
        self.train, self.valid, self.partner = parts
        self.write_model, self.progress, self.stop = write_model, progress, stop
        steps = config.train.epochs * self.train.batches
        self.learner = Learner(model, config.train, steps=steps)
        every = config.train.between_checkpoints()
        self.checkpoint = RunCheckpoint(run.folder, model, every=every, run=run.digest)
        self.bookmark, self.history = Bookmark(), list[dict[str, Any]]()
        self._tokens = self.train.tokens(0)
        self.report = LossReport(config.train, progress, sample)
        self._left = self.bookmark.left_of_round(self.train.batches, config.train.rounds)
        self._saved = self._since = time.monotonic()
        self.validator = Validator(model, carried=config.data.layout == "streams")
        self.callbacks = list(callbacks)
        self.agree: Callable[[dict[str, float]], dict[str, float]] = dict  # with other workers

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to train, at all or now."""
        return self.bookmark.finished or self._left == 0

    def begin(self) -> None:
        """Save what training begins with.

        For a text, and where no epoch is to follow, its untrained loss and a checkpoint too.
        """
        self.check_room()
        self.bookmark.finished = not self.config.train.epochs
        if self.train.unit == "characters" or self.bookmark.finished:
            loss = self.validator.first_loss(self.train)
            row = {"epoch": 0, "seconds": 0.0, "loss": loss, **self.evaluate()}
            self.bookmark.best = row.get("val_nats_per_char")
            self.history.append(row)
            self.checkpoint.save(-1)
            self.write_model()
            write_history(self.folder, self.history)
            self.progress.epoch(row)
        self.save()

    def check_room(self) -> None:
        """Refuse to begin where the disk has no room for what will be kept."""
        every = max(self.checkpoint.every, self.config.train.keep_every or 1)
        kept = 3 + self.config.train.epochs // every
        check_room(self.folder, self.learner.groups(), model="model", checkpoints=kept)

    def resumed(self) -> None:
        """Go on from where the bookmark is, which was put there."""
        place = self.bookmark
        self._left = place.left_of_round(self.train.batches, self.config.train.rounds)
        self.progress.resumed(place.epoch, place.batch)

    def begin_epoch(self, epoch: int) -> None:
        """Prepare for the batches of an epoch."""
        self._tokens = self.train.tokens(epoch)
        self._since = time.monotonic()

    def after_batch(self, loss: float) -> None:
        """Count a batch; save where due or asked to stop.

        Arguments:
            loss: nats per character that counts, of this batch alone.

        Raises:
            DivergedError: the loss is NaN or infinite; nothing was saved after it.
            InterruptedRunError: a signal asked to stop; everything was saved.
        """
        place = self.bookmark
        if not math.isfinite(loss):
            raise diverged(f"the loss became {loss}", place, place.batch + 1, self.folder)
        tokens = int(self._tokens[place.batch])
        place.loss_sum += loss * tokens
        place.tokens += tokens
        place.batch += 1
        self.progress.batch(place.epoch, place.batch, place.loss_sum / place.tokens)
        step = place.epoch * self.train.batches + place.batch
        self.report.add(place.epoch, place.batch, step, loss * tokens, tokens)
        if self._left is not None:
            self._left -= 1
        if place.batch < self.train.batches:
            self._save_if_due()
            if self._left == 0:
                self._end_round()

    def _end_round(self) -> None:
        """Save within an epoch, write the model where it is the best so far, and stop.

        The best figure is left alone, so that the rest of the epoch is as without a stop.
        """
        self.save()
        with self.learner.averaged():
            figures, best = self.evaluate(), self.bookmark.best
            if best is None or min(figures.values(), default=best) <= best:
                self.write_model()
        self.progress.round(self.bookmark.epoch, self.bookmark.batch, figures)
        raise RoundEnded

    def after_epoch(self) -> bool:
        """Evaluate, save what is worth it, and say whether training goes on."""
        place, config = self.bookmark, self.config.train
        check_finite(self.learner.groups(), place)
        self._tick()
        row: dict[str, Any] = {
            "epoch": place.epoch + 1,
            "seconds": round(place.seconds, 3),
            "loss": place.loss_sum / place.tokens,
        }
        with self.learner.averaged():
            figures = self.evaluate()
            if not all(map(math.isfinite, figures.values())):
                what = f"the held-out figures became {figures}"
                raise diverged(what, place, place.batch, self.folder)
            row.update(figures)
            impatient = place.count_epoch(min(figures.values(), default=None), config.patience)
            last = impatient or place.epoch + 1 >= config.epochs
            if last:
                self.checkpoint.save(place.epoch)
            else:
                self.checkpoint.on_epoch_end(place.epoch)
            if not place.waited:
                self.write_model()
        speed = self.train.amount / max(place.seconds, 1e-9)
        row[f"{self.train.unit}_per_second"] = round(speed, 1)
        row["learning_rate"] = self.learner.learning_rate
        self.history.append(row)
        place.epoch, place.batch = place.epoch + 1, 0
        place.loss_sum, place.tokens, place.seconds = 0.0, 0, 0.0
        place.finished = last
        write_history(self.folder, self.history)
        self.train.end_epoch(self.model)
        self.save()
        if config.keep_every:
            with contextlib.suppress(RunError, StorageError):  # no reason to stop
                thin_checkpoints(self.folder, config.keep_every, best=best_epoch(self.history))
        self.progress.epoch(row)
        self._stop_if_asked()
        return not self.ended

    def after_callbacks(self, *, stopped: bool) -> None:
        """Keep what callbacks changed after an epoch.

        Arguments:
            stopped: whether training is to end here.
        """
        place = self.bookmark
        if stopped and not place.finished:
            place.finished = True
            self.checkpoint.save(place.epoch - 1)
        self.save()

    def evaluate(self) -> dict[str, float]:
        """Measure what is held out, see `Validator.figures`; nothing where nothing is."""
        if self.valid is None:
            return {}
        return self.agree(self.validator.figures(self.valid, self.partner))

    def save(self) -> None:
        """Write everything that going on from here needs."""
        self._tick()
        groups = self.learner.groups()
        save_state(self.folder, groups, self.bookmark, self.history, run=self.digest)
        self._saved = time.monotonic()

    def _tick(self) -> None:
        now = time.monotonic()
        self.bookmark.seconds += now - self._since
        self._since = now

    def _save_if_due(self) -> None:
        config, batch = self.config.train, self.bookmark.batch
        batches, seconds = config.save_batches, config.save_seconds
        if (
            (batches and batch % batches == 0)
            or (seconds and time.monotonic() - self._saved >= seconds)
            or self.stop.signal_number is not None
        ):
            self.save()
        self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        if (number := self.stop.signal_number) is not None and not self.bookmark.finished:
            raise interrupted(self.bookmark, self.folder, number)
