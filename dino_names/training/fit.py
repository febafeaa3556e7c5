"""The first of the two loops: Keras's own `model.fit`."""

from __future__ import annotations

from dino_names.training.callbacks import around
from dino_names.training.session import Session
from dino_names.training.step import compile_with_step


def train_fit(session: Session) -> None:
    """Train with `model.fit` from where the session stands to its last epoch.

    Raises:
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    model, train, place = session.model, session.train, session.bookmark
    compile_with_step(model, session.learner.optimizer)
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
        callbacks=around(session),
        shuffle=False,  # the pipeline has done it
        verbose=0,
    )
