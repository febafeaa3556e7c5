"""The tape loop of several replicas: each takes its rows of every batch, all make the same step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from dino_names.training.fit import train_fit
from dino_names.training.peers import PeerLostError, Peers
from dino_names.training.session import Session
from dino_names.training.session_errors import where
from dino_names.training.step import Step
from dino_names.training.tape import Spec, train_tape


def run_loop(session: Session, peers: Peers | None) -> None:
    """Train in the loop that the configuration names, or with others in that of the tape."""
    if peers is not None:  # Keras's `fit` does not work with several workers
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
    model, optimizer = session.model, session.learner.optimizer
    try:
        if peers.workers > 1:
            session.agree = peers.agree
            peers.share(session.learner.groups())
        train_tape(session, make=lambda spec: step_together(model, optimizer, peers, spec))
    except PeerLostError as error:
        session.save()
        place = session.bookmark
        raise PeerLostError(
            f"distribute: expected {peers.workers} workers, received no answer from one after "
            f"epoch {place.epoch}, batch {place.batch}; everything is saved "
            f"{where(session.folder)}: start the same command with --resume on each machine."
        ) from error


def step_together(
    model: keras.Sequential,
    optimizer: keras.optimizers.Optimizer,
    peers: Peers,
    spec: Spec | None = None,
) -> Step:
    """As `step.step_of`, with the rows of all replicas.

    Arguments:
        model, optimizer: built, the same on every worker.
        peers: the replicas.
        spec: of a batch, as `tape.tape_loop` has it.
    """
    weights = model.trainable_variables

    def own(inputs: tf.Tensor, targets: tf.Tensor, counts: tf.Tensor) -> list[tf.Tensor]:
        """The sum of the loss over a replica's rows, what it is to be divided by, gradients."""
        inputs, targets, counts = map(peers.own_rows, (inputs, targets, counts))
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            nats = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            total, characters = tf.reduce_sum(nats * counts), tf.reduce_sum(counts)
            # A penalty is counted once for each character, and so once after the division.
            objective = total + characters * tf.add_n([tf.zeros(()), *model.losses])
        gradients = tape.gradient(objective, weights)
        return [total, characters, *map(tf.convert_to_tensor, gradients)]

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        return tf.function(function, input_signature=spec, reduce_retracing=spec is None)

    @tf.function(reduce_retracing=True)
    def apply(total: tf.Tensor, characters: tf.Tensor, *gradients: tf.Tensor) -> tf.Tensor:
        optimizer.apply([gradient / characters for gradient in gradients], weights)
        return total / characters

    if peers.workers == 1:  # nobody can be lost: all of it is one graph
        return compiled(lambda *batch: apply(*peers.add(peers.each(own, batch))))
    of_each = compiled(lambda *batch: peers.each(own, batch))

    def step(*batch: Any) -> tf.Tensor:
        # Dropout's numbers go on only with a step that is made: it is made again after a loss.
        drawn = [(seed, seed.numpy()) for seed in model.non_trainable_variables]
        try:
            return apply(*peers.sum(of_each(*batch)))
        except PeerLostError:
            for seed, value in drawn:
                seed.assign(value)
            raise

    return step
