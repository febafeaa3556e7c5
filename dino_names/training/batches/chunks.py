"""A running text as batches: shuffled chunks, or windows with one character to predict each.

It has the interface of `source.Source`, as names have, so a session need not know which it has. Any
batch follows from (seed, epoch, batch) alone, so going on begins at any batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import keras
import numpy as np
import tensorflow as tf

from dino_names.arrays import Int64s
from dino_names.config import DataConfig
from dino_names.corpus import Ids
from dino_names.errors import CorpusError
from dino_names.training.batches.arranging import batches_of
from dino_names.training.batches.source import NO_ROW, Batch, in_order


@dataclass(frozen=True)
class Chunks:
    """A text as sequences that begin every `step` characters, in an order of their own each epoch.

    Arguments:
        ids: int32 of shape (characters,).
        data: layout (`chunks`, or `windows` with the last character alone to be predicted),
            `seq_length`, `step`, batch size.
        seed: of the order.

    Raises:
        CorpusError: the text is shorter than one sequence.
    """

    ids: Ids
    data: DataConfig
    seed: int = 0
    unit = "characters"

    def __post_init__(self) -> None:
        check_length(self.ids, self.data)

    def for_validation(self, ids: Ids) -> Chunks:
        """The held-out text in the same way; chunks of it do not overlap."""
        step = self.data.step if self.data.layout == "windows" else None
        data = replace(self.data, step=step, drop_remainder=False, stateful=False)
        return Chunks(ids, data, self.seed)

    @property
    def counted(self) -> int:
        """How many characters of a sequence are predicted."""
        return 1 if self.data.layout == "windows" else self.data.seq_length

    @property
    def sequences(self) -> int:
        """How many sequences there are, all of them whole."""
        step = self.data.step or self.data.seq_length
        return (len(self.ids) - 1 - self.data.seq_length) // step + 1

    @property
    def batches(self) -> int:
        """Batches in an epoch: never none."""
        return batches_of(self.sequences, self.data) or 1

    @property
    def amount(self) -> int:
        """How many characters are predicted in an epoch."""
        return int(self.tokens(0).sum())

    def tokens(self, epoch: int) -> Int64s:
        """How many characters each batch of an epoch predicts."""
        sizes = np.full(self.batches, self.data.batch_size, np.int64)
        sizes[-1] = min(self.sequences - (self.batches - 1) * sizes[0], sizes[0])
        return sizes * self.counted

    @property
    def batch_size(self) -> int:
        """Sequences in each batch but a last, smaller one: all of them where they are fewer."""
        return min(self.data.batch_size, self.sequences)

    def order(self, epoch: int) -> Ids:
        """Where the sequences of each batch begin, (batches, batch_size); `NO_ROW` fills up."""
        rng = np.random.default_rng((self.seed, epoch))
        order = rng.permutation(self.sequences).astype(np.int32)
        order = order[: self.batches * self.data.batch_size] * (
            self.data.step or self.data.seq_length
        )
        padded = np.full(self.batches * self.data.batch_size, NO_ROW, np.int32)
        padded[: len(order)] = order
        return padded.reshape(self.batches, self.data.batch_size)

    def dataset(self, first_epoch: int, epochs: int, *, first_batch: int = 0) -> tf.data.Dataset:
        """Batches as `NameBatches.dataset` gives them, each of shape (batch, seq_length)."""
        ids, time = tf.constant(self.ids), self.data.seq_length
        last = tf.range(time) >= time - self.counted

        def cut(batch: tf.Tensor) -> Batch:
            starts = tf.boolean_mask(batch, batch != NO_ROW)
            inputs, targets = cut_sequences(ids, starts, time)
            return inputs, targets, tf.cast(last, tf.float32) * tf.ones_like(targets, tf.float32)

        return in_order(self.order, cut, first_epoch, epochs, first_batch, self.data.batch_size)

    def walk(self, model: keras.Model) -> Iterator[Batch]:
        """Every batch once, to measure a model with."""
        yield from self.dataset(0, 1)

    def end_epoch(self, model: keras.Model) -> None:
        """Nothing is carried from one sequence to another."""


def cut_sequences(ids: tf.Tensor, starts: tf.Tensor, time: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Inputs and targets of (batch, time), read over the end of the text at its start again."""
    places = (starts[:, None] + tf.range(time + 1)) % tf.size(ids)
    taken = tf.gather(ids, places)
    return taken[:, :-1], taken[:, 1:]


def check_length(ids: Ids, data: DataConfig) -> None:
    """Refuse a text that has not one sequence and the character after it.

    Raises:
        CorpusError: says how many characters there are and must be.
    """
    if len(ids) <= data.seq_length:
        raise CorpusError(
            f"text: expected at least seq_length + 1, {data.seq_length + 1} characters, received "
            f"{len(ids)}; give a longer text or lower --seq-length."
        )
