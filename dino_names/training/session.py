"""What both loops share: everything but the step itself.

A loop tells the session of each batch; the session counts, averages, evaluates, saves, stops.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dino_names.config.configuration import Config
from dino_names.errors import DivergedError, InterruptedRunError
from dino_names.runs.bookmark import Position
from dino_names.runs.exact_state import (
    Groups,
    check_finite,
    has_state,
    load_state,
    save_state,
)
from dino_names.runs.manifest import list_checkpoints
from dino_names.runs.run import write_history
from dino_names.storage.paths import show
from dino_names.training.batches.name_batches import Measured, Source
from dino_names.training.network.layer_states import get_state
from dino_names.training.network.model import build_optimizer
from dino_names.training.network.weight_average import WeightAverage
from dino_names.training.ngram_mixing import Partner
from dino_names.training.progress import Progress
from dino_names.training.saving.checkpoints import RunCheckpoint
from dino_names.training.saving.disk_space import check_room
from dino_names.training.signals import StopRequest
from dino_names.training.validation import Judge


class RoundEnded(Exception):  # noqa: N818 (nothing went wrong)
    """The part of an epoch that was to be trained now is done, and everything is saved."""


class Session:
    """One training: its model, its place in the data and its run folder.

    Arguments:
        folder: the run folder.
        config: every choice.
        model: built.
        train: what to learn from.
        valid: what is held out, or None.
        partner: the n-gram beside the network, or None.
        write_model: writes the model file from the model's present weights.
        sample: makes a sample with the model's present weights.
        digest: the run's, kept with all that is saved.
        progress: what is told of each batch and epoch.
        stop: whether a signal has asked to stop.
    """

    def __init__(
        self,
        folder: Path,
        config: Config,
        model: keras.Sequential,
        train: Source,
        valid: Measured | None,
        *,
        partner: Partner | None,
        write_model: Callable[[], None],
        sample: Callable[[], str],
        digest: str,
        progress: Progress,
        stop: StopRequest,
    ) -> None:
        self.folder, self.config, self.model, self.digest = folder, config, model, digest
        self.train, self.valid, self.partner = train, valid, partner
        self.write_model, self.sample = write_model, sample
        self.progress, self.stop = progress, stop
        steps = config.train.epochs * train.batches
        self.optimizer = build_optimizer(config.train, steps=steps)
        self.optimizer.build(model.trainable_variables)
        decay = config.train.average
        self.average = WeightAverage(model, decay) if decay else None
        every = config.train.checkpoint_every or (1 if config.train.loop == "fit" else 5)
        self.checkpoint = RunCheckpoint(folder, every=every, run=digest)
        # A Sequential of the same layers, not compiled: its checkpoints hold weights alone.
        ids = keras.Input(batch_shape=model.input_shape, dtype="int32")
        self.checkpoint.set_model(keras.Sequential([ids, *model.layers], name=model.name))
        self.position = Position()
        self.history: list[dict[str, Any]] = []
        self._tokens = train.tokens(0)
        self._recent_nats = self._recent_tokens = 0.0
        self._left = self.position.left_of_round(train.batches, config.train.rounds)
        self._saved = self._since = time.monotonic()
        self.judge = Judge(model)

    def groups(self) -> Groups:
        """Every variable that training changes."""
        return {
            "model": self.model.variables,
            "optimizer": self.optimizer.variables,
            "average": self.average.variables if self.average else [],
            "state": get_state(self.model),
        }

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to train, at all or now."""
        return self.position.finished or self._left == 0

    def begin(self) -> None:
        """Save what training begins with; for a text, its untrained loss and a checkpoint too."""
        self._check_room()
        if self.train.unit == "characters":
            row = {"epoch": 0, "seconds": 0.0, "loss": self.judge.first_loss(self.train)}
            row.update(self.evaluate())
            self.position.best = row.get("val_nats_per_char")
            self.history.append(row)
            self.checkpoint.save(-1)
            self.write_model()
            write_history(self.folder, self.history)
            self.progress.epoch(row)
        self.save()

    def _check_room(self) -> None:
        checkpoints = 2 + self.config.train.epochs // self.checkpoint.every
        check_room(self.folder, self.groups(), checkpoints=checkpoints)

    def resume(self) -> None:
        """Go back to where the run folder's state was saved; begin where nothing was."""
        if not has_state(self.folder) and not max(list_checkpoints(self.folder), default=0):
            self.begin()
            return
        self._check_room()
        state = load_state(self.folder, self.groups(), run=self.digest)
        self.position, self.history = state.position, state.history
        for sentence in state.passed_over:
            self.progress.note(sentence)
        rounds = self.config.train.rounds
        self._left = self.position.left_of_round(self.train.batches, rounds)
        self.progress.resumed(self.position.epoch, self.position.batch)

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
        place = self.position
        if not math.isfinite(loss):
            raise self._diverged(f"the loss became {loss}", place.batch + 1)
        tokens = int(self._tokens[place.batch])
        place.loss_sum += loss * tokens
        place.tokens += tokens
        place.batch += 1
        if self.average:
            self.average.update(int(self.optimizer.iterations.numpy()))
        self.progress.batch(place.epoch, place.batch, place.loss_sum / place.tokens)
        self._report(loss * tokens, tokens)
        if self._left is not None:
            self._left -= 1
        if place.batch < self.train.batches:
            self._save_if_due()
            if self._left == 0:
                self._end_round()

    def _diverged(self, what: str, batch: int) -> DivergedError:
        return DivergedError(
            f"training: {what} in epoch {self.position.epoch + 1}, batch {batch}; expected finite "
            "numbers. Lower --learning-rate or set --clip-norm; what "
            f"{show(self.folder)} holds is from before."
        )

    def _report(self, nats: float, tokens: int) -> None:
        """Tell the loss since the last time, and show a sample, where they are due."""
        config, place = self.config.train, self.position
        step = place.epoch * self.train.batches + place.batch
        self._recent_nats += nats
        self._recent_tokens += tokens
        if config.log_every and step % config.log_every == 0:
            self.progress.log(step, self._recent_nats / self._recent_tokens)
            self._recent_nats = self._recent_tokens = 0.0
        if config.sample_every and step % config.sample_every == 0:
            self.progress.sample(step, self.sample())

    def _end_round(self) -> None:
        """Save within an epoch, write the model where it is the best so far, and stop.

        The best figure is left alone, so that the rest of the epoch is as without a stop.
        """
        self.save()
        with self.average.swapped_in() if self.average else contextlib.nullcontext():
            figures = self.evaluate()
            best = self.position.best
            if best is None or min(figures.values(), default=best) <= best:
                self.write_model()
        self.progress.round(self.position.epoch, self.position.batch, figures)
        raise RoundEnded

    def after_epoch(self) -> bool:
        """Evaluate, save what is worth it, and say whether training goes on."""
        place, config = self.position, self.config.train
        check_finite(self.groups(), place)
        self._tick()
        row: dict[str, Any] = {
            "epoch": place.epoch + 1,
            "seconds": round(place.seconds, 3),
            "loss": place.loss_sum / place.tokens,
        }
        with self.average.swapped_in() if self.average else contextlib.nullcontext():
            figures = self.evaluate()
            if not all(map(math.isfinite, figures.values())):
                raise self._diverged(f"the held-out figures became {figures}", place.batch)
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
        row["learning_rate"] = float(np.asarray(self.optimizer.learning_rate))
        self.history.append(row)
        place.epoch, place.batch = place.epoch + 1, 0
        place.loss_sum, place.tokens, place.seconds = 0.0, 0, 0.0
        place.finished = last
        write_history(self.folder, self.history)
        self.train.end_epoch(self.model)
        self.save()
        self.progress.epoch(row)
        self._stop_if_asked()
        return not self.ended

    def evaluate(self) -> dict[str, float]:
        """Measure what is held out, see `Judge.figures`; nothing where nothing is."""
        return {} if self.valid is None else self.judge.figures(self.valid, self.partner)

    def save(self) -> None:
        """Write everything that going on from here needs."""
        self._tick()
        groups, digest = self.groups(), self.digest
        save_state(self.folder, groups, self.position, self.history, run=digest)
        self._saved = time.monotonic()

    def _tick(self) -> None:
        now = time.monotonic()
        self.position.seconds += now - self._since
        self._since = now

    def _save_if_due(self) -> None:
        config, batch = self.config.train, self.position.batch
        batches, seconds = config.save_batches, config.save_seconds
        if (
            (batches and batch % batches == 0)
            or (seconds and time.monotonic() - self._saved >= seconds)
            or self.stop.signal_number is not None
        ):
            self.save()
        self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        number = self.stop.signal_number
        if number is not None and not self.position.finished:
            place = self.position
            raise InterruptedRunError(
                f"training: stopped after epoch {place.epoch}, batch {place.batch}, everything "
                f"saved in {self.folder}; go on with the same command and --resume.",
                signal_number=number,
            )
