"""The second of the two loops: GradientTape, every step of it written out."""

from __future__ import annotations

from itertools import islice

import keras
import tensorflow as tf

from dino_names.training.loss import token_loss
from dino_names.training.session import Session


def train_tape(session: Session) -> None:
    """Train step by step from where the session stands to its last epoch.

    Raises:
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    place, train = session.bookmark, session.train
    going_on = not place.finished
    epochs = session.config.train.epochs
    data = train.dataset(place.epoch, epochs, first_batch=place.batch)
    # One graph for batches of every shape: one made for the first batch's own shape may round
    # otherwise, and a run that goes on begins with another batch.
    step = make_step(session.model, session.learner.optimizer, data.element_spec)
    batches = iter(data)
    while going_on:
        session.begin_epoch(place.epoch)
        for batch in islice(batches, train.batches - place.batch):
            session.after_batch(float(step(*batch)))
        going_on = session.after_epoch()


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
