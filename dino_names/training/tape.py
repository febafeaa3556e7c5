"""The second of the two loops: GradientTape, every step of it written out."""

from __future__ import annotations

import keras
import tensorflow as tf

from dino_names.training.callbacks import around
from dino_names.training.loss import token_loss
from dino_names.training.session import Session


def train_tape(session: Session) -> None:
    """Train step by step from where the session stands to its last epoch.

    Raises:
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    model, place, train = session.model, session.bookmark, session.train
    if place.finished:
        return
    # What `fit` does too: callbacks look for the optimizer at the model.
    model.compile(session.learner.optimizer, token_loss(), jit_compile=False)
    told = keras.callbacks.CallbackList(around(session), model=model)
    data = train.dataset(place.epoch, session.config.train.epochs, first_batch=place.batch)
    # One graph for batches of every shape: one made for the first batch's own shape may round
    # otherwise, and a run that goes on begins with another batch.
    step = make_step(model, session.learner.optimizer, data.element_spec)
    batches = iter(data)
    model.stop_training = False
    told.on_train_begin()
    while not model.stop_training:
        told.on_epoch_begin(place.epoch)
        for number in range(place.batch, train.batches):
            told.on_train_batch_begin(number)
            loss = float(step(*next(batches)))
            told.on_train_batch_end(number, {"batch_loss": loss, "loss": loss})
        told.on_epoch_end(place.epoch, {})
    told.on_train_end()


def make_step(
    model: keras.Sequential,
    optimizer: keras.optimizers.Optimizer,
    batch: tuple[tf.TensorSpec, ...] | None = None,
) -> tf.function:
    """One step of gradient descent on one batch, compiled to a graph.

    Arguments:
        model: built.
        optimizer: built for it.
        batch: types and shapes of a batch, None where they vary; by default one graph is made
            for the first batch's and another for all others.

    Returns:
        A function of (inputs, targets, weights), each (batch, time), that changes the weights
        and gives the loss before the change, in nats per character that counts.
    """
    loss_of = token_loss()

    @tf.function(input_signature=batch, reduce_retracing=batch is None)
    def step(inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            loss = loss_of(targets, logits, sample_weight=weights)
            objective = tf.add_n([loss, *model.losses])
        gradients = tape.gradient(objective, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step
