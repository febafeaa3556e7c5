"""The tape loop of several workers: each takes its rows of every batch, all make the same step."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from dino_names.training.fit import train_fit
from dino_names.training.peers import PeerLostError, Peers
from dino_names.training.session import Session
from dino_names.training.session_errors import where
from dino_names.training.step import Step
from dino_names.training.tape import train_tape


def run_loop(session: Session, peers: Peers | None) -> None:
    """Train in the loop that the configuration names, or with other workers in that of the tape."""
    if peers is not None:  # Keras's `fit` does not work with this strategy
        train_together(session, peers)
    elif session.config.train.loop == "fit":
        train_fit(session)
    else:
        train_tape(session)


def train_together(session: Session, peers: Peers) -> None:
    """Train from where the session of the first worker stands to its last epoch.

    Arguments:
        session: at the same place on every worker.
        peers: the workers.

    Raises:
        PeerLostError: one has stopped answering; what there was before this step is saved.
        DivergedError, InterruptedRunError, StorageError: as the session does.
    """
    session.agree = peers.agree
    try:
        peers.share(session.learner.groups())
        train_tape(session, step=step_together(session.model, session.learner.optimizer, peers))
    except PeerLostError as error:
        session.save()
        place = session.bookmark
        raise PeerLostError(
            f"distribute: expected {peers.count} workers, received no answer from one after epoch "
            f"{place.epoch}, batch {place.batch}; everything is saved {where(session.folder)}: "
            "start the same command with --resume on each machine."
        ) from error


def step_together(
    model: keras.Sequential, optimizer: keras.optimizers.Optimizer, peers: Peers
) -> Step:
    """As `step.step_of`, with the rows of all workers.

    Arguments:
        model, optimizer: built, the same on every worker.
        peers: the workers.
    """
    weights = model.trainable_variables

    @tf.function(reduce_retracing=True)
    def own(inputs: tf.Tensor, targets: tf.Tensor, counts: tf.Tensor) -> list[tf.Tensor]:
        """The sum of the loss over this worker's rows, what it is to be divided by, gradients."""
        inputs, targets, counts = map(peers.own_rows, (inputs, targets, counts))
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            nats = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            total, characters = tf.reduce_sum(nats * counts), tf.reduce_sum(counts)
            # A penalty is counted once for each character, and so once after the division.
            objective = total + characters * tf.add_n([tf.zeros(()), *model.losses])
        gradients = tape.gradient(objective, weights)
        return [total, characters, *map(tf.convert_to_tensor, gradients)]

    @tf.function(reduce_retracing=True)
    def apply(total: tf.Tensor, characters: tf.Tensor, *gradients: tf.Tensor) -> tf.Tensor:
        optimizer.apply([gradient / characters for gradient in gradients], weights)
        return total / characters

    def step(*batch: Any) -> tf.Tensor:
        # Dropout's numbers go on only with a step that is made: it is made again after a loss.
        drawn = [(seed, seed.numpy()) for seed in model.non_trainable_variables]
        try:
            return apply(*peers.sum(own(*batch)))
        except PeerLostError:
            for seed, value in drawn:
                seed.assign(value)
            raise

    return step
