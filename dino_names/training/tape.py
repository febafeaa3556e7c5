"""The second of the two loops: GradientTape, every step of it written out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import keras
import tensorflow as tf

from dino_names.training.callbacks import around
from dino_names.training.loss import token_loss
from dino_names.training.network import reset_state
from dino_names.training.session import Session
from dino_names.training.step import Step, step_of

Spec = tuple[tf.TensorSpec, ...]


def train_tape(session: Session, *, make: Callable[[Spec], Step] | None = None) -> None:
    """Train step by step from where the session stands to its last epoch.

    Arguments:
        session: where it stands.
        make: gives a step for batches of a spec, in place of the one of this process alone.

    Raises:
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    model, place, train = session.model, session.bookmark, session.train
    if place.finished:
        return
    # What `fit` does too: callbacks look for the optimizer at the model.
    model.compile(session.learner.optimizer, token_loss(), jit_compile=False)
    data = iter(train.dataset(place.epoch, session.config.train.epochs, first_batch=place.batch))

    def batches_of(epoch: int) -> Iterable[tuple[int, Any]]:
        if session.config.data.stateful and not place.batch:
            reset_state(model)
        return ((number, next(data)) for number in range(place.batch, train.batches))

    tape_loop(
        model,
        session.learner.optimizer,
        batches_of,
        epochs=session.config.train.epochs,
        first_epoch=place.epoch,
        told=keras.callbacks.CallbackList(around(session), model=model),
        report=None,  # the session reports and saves
        spec=data.element_spec,
        step=make and make(data.element_spec),
    )


def tape_loop(
    model: keras.Sequential,
    optimizer: keras.optimizers.Optimizer,
    batches_of: Callable[[int], Iterable[tuple[int, Any]]],
    *,
    epochs: int,
    first_epoch: int = 0,
    told: keras.callbacks.CallbackList | None = None,
    report: Callable[[str], None] | None = print,
    save: Callable[[int], None] | None = None,
    spec: Spec | None = None,
    step: Step | None = None,
) -> None:
    """Epochs, batches, tape, gradients; a report every 100 batches, a checkpoint every 5 epochs.

    Arguments:
        model, optimizer: built.
        batches_of: the batches of an epoch, numbered from 0: `lambda epoch: enumerate(dataset)`,
            each of them (inputs, targets, weights) of shape (batch, time).
        epochs, first_epoch: as `fit` has them.
        told: Keras's callbacks, which may end the loop by `model.stop_training`.
        report: shows a line; None for no reports.
        save: writes a checkpoint after so many epochs; None for no checkpoints.
        spec: types and shapes of a batch, for one graph for batches of every shape: one made for
            the first batch's own may round otherwise, and a run that goes on begins with another.
        step: what changes the weights by a batch; None for `step_of`, compiled.
    """
    told = told or keras.callbacks.CallbackList(model=model)
    step = step or tf.function(
        step_of(model, optimizer), input_signature=spec, reduce_retracing=spec is None
    )
    model.stop_training = False
    told.on_train_begin()
    for epoch in range(first_epoch, epochs):
        told.on_epoch_begin(epoch)
        for number, batch in batches_of(epoch):
            told.on_train_batch_begin(number)
            loss = float(step(*batch))
            told.on_train_batch_end(number, {"loss": loss})
            if report and number % 100 == 0:
                report(f"Epoch {epoch + 1} Batch {number} Loss {loss:.4f}")
            if model.stop_training:
                break
        told.on_epoch_end(epoch, {})
        if save and (epoch + 1) % 5 == 0:
            save(epoch + 1)
        if model.stop_training:
            break
    told.on_train_end()
