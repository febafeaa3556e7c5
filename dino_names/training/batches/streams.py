"""A running text as streams that carry their state on, and held-out text read in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from dino_names.arrays import Int64s
from dino_names.config import DataConfig
from dino_names.corpus import Ids
from dino_names.training.batches.chunks import check_length, cut_sequences
from dino_names.training.batches.source import Batch, in_order
from dino_names.training.network import read_state, reset_state, write_state

# Held-out text is read by several rows at once where each has this many sequences to itself,
# after as many that tell it what came before.
SEQUENCES_PER_ROW = 8
SEQUENCES_BEFORE = 2


@dataclass(frozen=True)
class Streams:
    """A text in `batch_size` slices that are read side by side, the state carried on.

    A slice is as long as whole sequences make it, so the last ones go on at the start of the
    text, and where a slice ends the next one begins: with the epoch the state moves one on.

    Arguments:
        ids: int32 of shape (characters,).
        data: `seq_length` and batch size.

    Raises:
        CorpusError: the text is shorter than one sequence.
    """

    ids: Ids
    data: DataConfig
    unit = "characters"

    def __post_init__(self) -> None:
        check_length(self.ids, self.data)

    def for_validation(self, ids: Ids) -> HeldOut:
        """The held-out text, read from its start with the state carried on."""
        return HeldOut(ids, self.data)

    @property
    def batches(self) -> int:
        """Batches in an epoch."""
        return -(-len(self.ids) // (self.data.batch_size * self.data.seq_length))

    @property
    def batch_size(self) -> int:
        """Sequences in each batch."""
        return self.data.batch_size

    @property
    def amount(self) -> int:
        """How many characters are predicted in an epoch."""
        return self.batches * self.data.batch_size * self.data.seq_length

    def tokens(self, epoch: int) -> Int64s:
        """How many characters each batch of an epoch predicts."""
        return np.full(self.batches, self.data.batch_size * self.data.seq_length, np.int64)

    def order(self, epoch: int) -> Ids:
        """Where the sequences of each batch begin, (batches, batch_size); the same each epoch."""
        time = self.data.seq_length
        slices = np.arange(self.data.batch_size) * (self.batches * time)
        starts = np.arange(self.batches)[:, None] * time + slices
        return (starts % len(self.ids)).astype(np.int32)

    def dataset(self, first_epoch: int, epochs: int, *, first_batch: int = 0) -> tf.data.Dataset:
        """Batches as `NameBatches.dataset` gives them, each of shape (batch, seq_length)."""
        ids, time = tf.constant(self.ids), self.data.seq_length

        def cut(starts: tf.Tensor) -> Batch:
            inputs, targets = cut_sequences(ids, starts, time)
            return inputs, targets, tf.ones_like(targets, tf.float32)

        return in_order(self.order, cut, first_epoch, epochs, first_batch, self.data.batch_size)

    def walk(self, model: keras.Model) -> Iterator[Batch]:
        """Every batch once."""
        yield from self.dataset(0, 1)

    def end_epoch(self, model: keras.Model) -> None:
        """Hand the state of each slice to the next one, that of the last to the first."""
        write_state(model, [np.roll(state, 1, axis=0) for state in read_state(model)])


@dataclass(frozen=True)
class HeldOut:
    """A text to measure a model on as one that reads it from its start would.

    So that this takes no longer than it must, several rows read a part each, after a few
    sequences of what comes before it; the first row begins with the state at zero.

    Arguments:
        ids: int32 of shape (characters,).
        data: `seq_length` and batch size, those of the training.

    Raises:
        CorpusError: the text is shorter than one sequence.
    """

    ids: Ids
    data: DataConfig

    def __post_init__(self) -> None:
        check_length(self.ids, self.data)

    def walk(self, model: keras.Model) -> Iterator[Batch]:
        """Every character after the first, counted once; the model's state is put back after."""
        predicted, time, batch = len(self.ids) - 1, self.data.seq_length, self.data.batch_size
        rows = min(max(predicted // (SEQUENCES_PER_ROW * time), 1), batch)
        length = -(-predicted // rows)
        first = np.arange(batch) * length
        ends = np.where(np.arange(batch) < rows, np.minimum(first + length, predicted), 0)
        ids = tf.constant(self.ids)
        kept = read_state(model)
        reset_state(model)
        try:
            for number in range(-SEQUENCES_BEFORE, -(-length // time)):
                if number == 0:
                    _forget_first(model)
                places = (first + number * time)[:, None] + np.arange(time)
                counted = (places >= first[:, None]) & (places < ends[:, None])
                places = np.clip(places, 0, predicted - 1)
                yield (
                    tf.gather(ids, places),
                    tf.gather(ids, places + 1),
                    tf.cast(counted, "float32"),
                )
        finally:
            write_state(model, kept)


def _forget_first(model: keras.Model) -> None:
    values = read_state(model)
    for value in values:
        value[0] = 0
    write_state(model, values)
