"""The first of the two loops: Keras's own `model.fit`."""

from __future__ import annotations

from typing import Any

import keras

from dino_names.training.loss import BatchLoss, token_loss
from dino_names.training.session import Session


class SessionCallback(keras.callbacks.Callback):
    """Tells the session what `fit` does."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Pass on that an epoch begins."""
        self.session.begin_epoch(epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Pass on the loss of a batch."""
        self.session.after_batch(float((logs or {})["batch_loss"]))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Pass on that an epoch ends, and end `fit` where the session says so."""
        if not self.session.after_epoch():
            self.model.stop_training = True


def train_fit(session: Session) -> None:
    """Train with `model.fit` from where the session stands to its last epoch.

    Raises:
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    model, train, place = session.model, session.train, session.bookmark
    model.compile(
        session.learner.optimizer, token_loss(), weighted_metrics=[BatchLoss()], jit_compile=False
    )
    epochs = session.config.train.epochs
    if place.batch:
        # The rest of an epoch has fewer steps than the others, so it is a call of its own.
        _fit(session, place.epoch + 1, train.batches - place.batch)
    if not session.ended:
        _fit(session, epochs, train.batches)


def _fit(session: Session, epochs: int, steps: int) -> None:
    place = session.bookmark
    session.model.fit(
        session.train.dataset(place.epoch, epochs, first_batch=place.batch),
        initial_epoch=place.epoch,
        epochs=epochs,
        steps_per_epoch=steps,
        callbacks=[SessionCallback(session)],
        shuffle=False,  # the pipeline has done it
        verbose=0,
    )
