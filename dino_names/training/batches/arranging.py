"""Names that are encoded, put into batches: which share one, and what a batch is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from dino_names.arrays import Array, Int64s
from dino_names.config import DataConfig
from dino_names.corpus import Ids
from dino_names.training.batches.source import NO_ROW, Batch


def arrange(
    order: Array, lengths: Int64s, data: DataConfig, batches: int, rng: np.random.Generator
) -> Ids:
    """The rows of each batch.

    Arguments:
        order: rows by chance.
        lengths: characters predicted of each row there is.
        data: says whether rows of like length share a batch, and how many.
        batches: how many there are to be.
        rng: orders the batches where lengths have ordered the rows.

    Returns:
        int32 of shape (batches, batch_size); `NO_ROW` fills the last of a smaller batch.
    """
    size, order = data.batch_size, order.astype(np.int32)
    if data.length_buckets:
        order = order[np.argsort(lengths[order], kind="stable")]
    order = order[: batches * size]
    padded = np.full(batches * size, NO_ROW, np.int32)
    padded[: len(order)] = order
    rows = padded.reshape(batches, size)
    return rng.permutation(rows) if data.length_buckets else rows


def characters_of(order: Ids, lengths: Int64s, width: int, data: DataConfig) -> Int64s:
    """How many characters count in the loss, for each batch, (batches,).

    Arguments:
        order: as `arrange` has it.
        lengths: characters predicted of each row.
        width: of a batch that is as long as the longest of all.
        data: says whether padding counts too, and whether batches are of unlike length.
    """
    counted = np.where(order == NO_ROW, 0, lengths[order])
    if data.mask_padding:
        return np.asarray(counted.sum(axis=1))
    widths = counted.max(axis=1) if data.length_buckets else width
    return np.asarray((order != NO_ROW).sum(axis=1) * widths)


def cutter(rows: tf.Tensor, lengths: tf.Tensor, data: DataConfig) -> Callable[[tf.Tensor], Batch]:
    """What makes a batch of a row of `arrange`.

    Arguments:
        rows: ids, padded with the boundary, (names, time + 1).
        lengths: characters predicted of each, int64 of shape (names,).
        data: says what counts, and whether a batch is no longer than its longest.
    """

    def cut(batch: tf.Tensor) -> Batch:
        chosen = tf.boolean_mask(batch, batch != NO_ROW)
        ids, counts = tf.gather(rows, chosen), tf.gather(lengths, chosen)
        ids = tf.cast(ids, tf.int32)
        if data.length_buckets:
            ids = ids[:, : tf.reduce_max(counts) + 1]
        inputs, targets = ids[:, :-1], ids[:, 1:]
        if data.mask_padding:
            positions = tf.range(tf.shape(targets, tf.int64)[1])
            weights = tf.cast(positions < counts[:, None], tf.float32)
        else:
            weights = tf.ones_like(targets, tf.float32)
        return inputs, targets, weights

    return cut


def batches_of(names: int, data: DataConfig) -> int:
    """How many batches some names make, a last, smaller one among them or left out."""
    size = data.batch_size
    return names // size if data.drop_remainder else -(-names // size)
