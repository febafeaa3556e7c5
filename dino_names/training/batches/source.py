"""What a training session asks of data, a list of names or a text: batches by (seed, epoch)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import keras
import tensorflow as tf

from dino_names.corpus import Ids

NO_ROW = -1
Batch = tuple[tf.Tensor, tf.Tensor, tf.Tensor]


class Measured(Protocol):
    """Held-out data."""

    def walk(self, model: keras.Model) -> Iterator[Batch]:
        """Every batch once, to measure a model with, whose state is the same after it."""


class Tokens(Protocol):
    """How many characters count in the loss, for each batch of an epoch: an array, or as one."""

    def __getitem__(self, batch: int, /) -> Any:
        """Those of a batch, counted from 0."""

    def sum(self) -> Any:
        """Those of all batches."""


class Source(Measured, Protocol):
    """What a session trains on: a list of names or a text, as batches.

    A batch is `(inputs, targets, weights)`, each of shape (batch, time): the ids, the ids one
    step on, and 1 where the target counts in the loss.
    """

    @property
    def unit(self) -> str:
        """What `amount` counts: `names` or `characters`."""

    @property
    def amount(self) -> int:
        """How many of them an epoch takes."""

    @property
    def batches(self) -> int:
        """Batches in an epoch."""

    @property
    def batch_size(self) -> int:
        """Sequences in each batch but a last, smaller one."""

    def tokens(self, epoch: int) -> Tokens:
        """How many characters count in the loss, for each batch of an epoch."""

    def dataset(self, first_epoch: int, epochs: int, *, first_batch: int = 0) -> tf.data.Dataset:
        """Batches from one batch of one epoch, counted from 0, up to before the epoch `epochs`."""

    def end_epoch(self, model: keras.Model) -> None:
        """What is to be done with the model's state between two epochs."""


def in_order(
    order: Callable[[int], Ids],
    cut: Callable[[tf.Tensor], Batch],
    first_epoch: int,
    epochs: int,
    first_batch: int,
    batch_size: int,
) -> tf.data.Dataset:
    """The batches of some epochs, each from its row of the matrix that an epoch's order is.

    Arguments:
        order: the matrix of an epoch, (batches, batch_size).
        cut: what makes a batch of a row.
        first_epoch, epochs, first_batch: as for `Source.dataset`.
        batch_size: width of the matrix.
    """

    def plan(epoch: int) -> Ids:
        return order(int(epoch))[first_batch if epoch == first_epoch else 0 :]

    def of_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        matrix = tf.numpy_function(plan, [epoch], tf.int32, stateful=False)
        return tf.data.Dataset.from_tensor_slices(tf.ensure_shape(matrix, (None, batch_size)))

    epochs_left = tf.data.Dataset.range(first_epoch, epochs)
    return epochs_left.flat_map(of_epoch).map(cut).prefetch(tf.data.AUTOTUNE)
