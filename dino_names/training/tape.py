"""The second of the two loops: GradientTape, every step of it written out."""

from __future__ import annotations

from itertools import islice

import keras
import tensorflow as tf

from dino_names.training.session import Session, token_loss


def train_tape(session: Session) -> None:
    """Train step by step from where the session stands to its last epoch.

    Raises:
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    step = make_step(session.model, session.optimizer)
    place, train = session.position, session.train
    going_on = not place.finished
    epochs = session.config.train.epochs
    batches = iter(train.dataset(place.epoch, epochs, first_batch=place.batch))
    while going_on:
        session.begin_epoch(place.epoch)
        for batch in islice(batches, train.batches - place.batch):
            session.after_batch(float(step(*batch)))
        going_on = session.after_epoch()


def make_step(model: keras.Sequential, optimizer: keras.optimizers.Optimizer) -> tf.function:
    """One step of gradient descent on one batch, compiled to a graph.

    Returns:
        A function of (inputs, targets, weights), each (batch, time), that changes the weights
        and gives the loss before the change, in nats per character that counts.
    """
    loss_of = token_loss()

    @tf.function(reduce_retracing=True)
    def step(inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            loss = loss_of(targets, logits, sample_weight=weights)
            objective = tf.add_n([loss, *model.losses])
        gradients = tape.gradient(objective, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step
