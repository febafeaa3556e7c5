"""One step of training, the same in both loops."""

from __future__ import annotations

from collections.abc import Callable

import keras
import tensorflow as tf

from dino_names.training.loss import token_loss

Step = Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]


def step_of(model: keras.Sequential, optimizer: keras.optimizers.Optimizer) -> Step:
    """What changes the weights of a model a little, by one batch.

    Arguments:
        model, optimizer: built.

    Returns:
        A function of inputs, targets and weights, (batch, time) each, that gives the loss: nats per
        character that counts, of this batch alone, without a penalty on the weights.
    """
    loss_of = token_loss()

    def step(inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            loss = loss_of(targets, logits, sample_weight=weights)
            objective = tf.add_n([loss, *model.losses])
        gradients = tape.gradient(objective, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step


def compile_with_step(model: keras.Sequential, optimizer: keras.optimizers.Optimizer) -> None:
    """Make a model ready for `fit` with this step in place of Keras's own.

    That adds up a running mean of the loss; here callbacks are told of each batch's, as `loss`.

    Arguments:
        model, optimizer: built.
    """
    model.compile(optimizer, token_loss(), jit_compile=False)
    step = step_of(model, optimizer)
    model.train_step = lambda batch: {"loss": step(*batch)}
