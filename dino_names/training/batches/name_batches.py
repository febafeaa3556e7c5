"""Names as a tf.data pipeline: encode, pad, order by (seed, epoch), batch, shift by one.

The order of an epoch is a function of the seed and the epoch alone, worked out in NumPy as a
matrix of row numbers, one row a batch. So an epoch can begin at any batch of it, which is what
exact resuming needs and what `Dataset.shuffle` cannot give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import keras
import numpy as np
import tensorflow as tf

from dino_names.arrays import Int64s
from dino_names.config import DataConfig
from dino_names.corpus import Ids, Rows, Vocabulary
from dino_names.errors import OptionError
from dino_names.training.batches.arranging import arrange, batches_of, characters_of, cutter
from dino_names.training.batches.source import Batch, in_order


@dataclass(frozen=True)
class NameBatches:
    """A list of names, encoded and padded, that gives batches of one epoch after another.

    Arguments:
        rows: ids of shape (names, time + 1), padded with the boundary, of the smallest integer
            type that holds them.
        lengths: int64 of shape (names,): characters predicted of each, its boundary included.
        data: batch size, buckets, what counts in the loss.
        seed: seed of the order.
        drawn: says which come in an epoch, and how often.

    A batch is `(inputs, targets, weights)`, each of shape (batch, time): the ids, the ids one
    step on, and 1 where the target counts in the loss.
    """

    rows: Ids
    lengths: Int64s
    data: DataConfig
    seed: int
    drawn: Rows
    unit = "names"

    @classmethod
    def of(
        cls, names: Sequence[str] | Rows, vocabulary: Vocabulary, data: DataConfig, *, seed: int = 0
    ) -> NameBatches:
        """Encode and pad names.

        Raises:
            PromptError: a character is not in the vocabulary.
            OptionError: they have categories, and no boundary before them to put these in place of.
        """
        drawn = Rows.of(names)
        if drawn.tags and not data.start_boundary:
            raise OptionError(
                "start_boundary: expected true with categories, received false; leave it out."
            )
        rows = vocabulary.encode_names(drawn.names, start=data.start_boundary)
        if drawn.tags:
            rows[:, 0] = drawn.starts(len(vocabulary.characters))
        rows = rows.astype(np.min_scalar_type(len(vocabulary)))
        letters = np.array([len(name) for name in drawn.names], np.int64)
        return cls(rows, letters if not data.start_boundary else letters + 1, data, seed, drawn)

    def for_validation(self, names: Sequence[str] | Rows, vocabulary: Vocabulary) -> NameBatches:
        """The pipeline of names that are held out of these."""
        return NameBatches.held_out(names, vocabulary, self.data)

    @classmethod
    def held_out(
        cls, names: Sequence[str] | Rows, vocabulary: Vocabulary, data: DataConfig
    ) -> NameBatches:
        """The pipeline of held-out names: every one of them, padding never counted.

        Arguments:
            names: held out.
            vocabulary: with every character of them.
            data: of the names that are learned.
        """
        data = replace(
            data,
            batch_size=max(data.batch_size, 256),
            drop_remainder=False,
            stateful=False,
            mask_padding=True,
            length_buckets=True,
        )
        rows = Rows.of(names)
        return NameBatches.of(Rows(rows.names, rows.tags), vocabulary, data)

    @property
    def amount(self) -> int:
        """How many names an epoch takes."""
        return min(len(self.rows), self.batches * self.data.batch_size)

    @property
    def batches(self) -> int:
        """Batches in an epoch: never none, a list shorter than a batch is one smaller batch."""
        return batches_of(len(self.rows), self.data) or 1

    @property
    def batch_size(self) -> int:
        """Sequences in each batch but a last, smaller one: all of them where they are fewer."""
        return min(self.data.batch_size, len(self.rows))

    def order(self, epoch: int) -> Ids:
        """The rows of each batch of an epoch.

        Returns:
            int32 of shape (batches, batch_size); `NO_ROW` fills the last of a smaller batch.
        """
        rng = np.random.default_rng((self.seed, epoch))
        return arrange(self.drawn.draw(rng), self.lengths, self.data, self.batches, rng)

    def tokens(self, epoch: int) -> Int64s:
        """How many characters count in the loss, for each batch of an epoch."""
        return characters_of(self.order(epoch), self.lengths, self.rows.shape[1] - 1, self.data)

    def dataset(self, first_epoch: int, epochs: int, *, first_batch: int = 0) -> tf.data.Dataset:
        """Batches from one batch of one epoch up to the end of the last.

        Arguments:
            first_epoch: counted from 0.
            epochs: the epoch to stop before.
            first_batch: where the first epoch begins.
        """
        cut = cutter(tf.constant(self.rows), tf.constant(self.lengths), self.data)
        return in_order(self.order, cut, first_epoch, epochs, first_batch, self.data.batch_size)

    @cached_property
    def _once(self) -> tf.data.Dataset:
        return self.dataset(0, 1)

    def walk(self, model: keras.Model) -> Iterator[Batch]:
        """Every batch once, to measure a model with."""
        yield from self._once

    def end_epoch(self, model: keras.Model) -> None:
        """Nothing is carried from one name to another."""
