"""A list that is too long for memory as a tf.data pipeline: a block of it at a time.

The blocks of an epoch come in an order that is a function of the seed and the epoch, and the
batches within each by the seed, the epoch and the block. Any block is a sample of the whole list,
since its names stand in the order of a hash; so this is as good as an order of all names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np
import tensorflow as tf

from dino_names.arrays import Array, Booleans, Int64s
from dino_names.config import DataConfig
from dino_names.corpus import Ids, PreparedNames, id_type, pad
from dino_names.training.batches.arranging import arrange, batches_of, characters_of, cutter
from dino_names.training.batches.source import Batch


@dataclass(frozen=True)
class BlockBatches:
    """A prepared list that gives batches of one epoch after another, as `NameBatches` does.

    Arguments:
        names: the list.
        data: batch size, buckets, what counts in the loss; each block may end with a smaller batch.
        seed: of the order.
        left_out: places of names that are not learned from, ascending.
    """

    names: PreparedNames
    data: DataConfig
    seed: int
    left_out: Int64s
    unit = "names"

    @property
    def amount(self) -> int:
        """How many names an epoch takes."""
        return int(np.minimum(self._kept, self._batches * self.data.batch_size).sum())

    @property
    def batches(self) -> int:
        """Batches in an epoch: never none."""
        return int(self._batches.sum())

    @property
    def batch_size(self) -> int:
        """Names in each batch but the last, smaller ones: all of them where they are fewer."""
        return min(self.data.batch_size, int(self._kept.sum()))

    def tokens(self, epoch: int) -> BlockTokens:
        """How many characters count in the loss, for each batch of an epoch."""
        return BlockTokens(self, epoch)

    def dataset(self, first_epoch: int, epochs: int, *, first_batch: int = 0) -> tf.data.Dataset:
        """Batches from one batch of one epoch up to the end of the last; see `NameBatches`."""
        place, within = self.find(first_epoch, first_batch)
        blocks, kind = self.names.blocks, id_type(len(self.names.characters))
        first = first_epoch * blocks + place

        def load(step: Int64s) -> tuple[Ids, Array, Int64s]:
            epoch, place = divmod(int(step), blocks)
            ids, lengths, order = self._block(epoch, place)
            rows = pad(ids, lengths, width=self._width + 1, start=self._starts)
            return order[within if step == first else 0 :], rows, lengths + self._starts

        def of_block(step: tf.Tensor) -> tf.data.Dataset:
            types = (tf.int32, tf.as_dtype(np.dtype(kind)), tf.int64)
            order, rows, lengths = tf.numpy_function(load, [step], types, stateful=False)
            order = tf.ensure_shape(order, (None, self.data.batch_size))
            rows, lengths = tf.ensure_shape(rows, (None, None)), tf.ensure_shape(lengths, (None,))
            return tf.data.Dataset.from_tensor_slices(order).map(cutter(rows, lengths, self.data))

        steps = tf.data.Dataset.range(first, epochs * blocks)
        return steps.flat_map(of_block).prefetch(tf.data.AUTOTUNE)

    def walk(self, model: keras.Model) -> Iterator[Batch]:
        """Every batch once, to measure a model with."""
        yield from self.dataset(0, 1)

    def end_epoch(self, model: keras.Model) -> None:
        """Nothing is carried from one name to another."""

    def find(self, epoch: int, batch: int) -> tuple[int, int]:
        """Which of the blocks of an epoch a batch is in, and which of its batches it is."""
        ends = np.cumsum(self._batches[self._blocks(epoch)])
        place = int(np.searchsorted(ends, batch, "right"))
        return place, batch - (int(ends[place - 1]) if place else 0)

    def characters(self, epoch: int, place: int) -> Int64s:
        """How many characters count in each batch of a block."""
        _, lengths, order = self._block(epoch, place)
        return characters_of(order, lengths + self._starts, self._width, self.data)

    def _block(self, epoch: int, place: int) -> tuple[Array, Int64s, Ids]:
        """A block, see `PreparedNames.block`, and the rows of each batch of it, see `arrange`."""
        number = int(self._blocks(epoch)[place])
        ids, lengths = self.names.block(number)
        rng = np.random.default_rng((self.seed, epoch, number))
        rows = rng.permutation(np.flatnonzero(self._learned(number)))
        batches = int(self._batches[number])
        return ids, lengths, arrange(rows, lengths + self._starts, self.data, batches, rng)

    @property
    def _starts(self) -> int:
        return int(self.data.start_boundary)

    @property
    def _width(self) -> int:
        """Characters predicted of the longest name."""
        return self.names.longest + self._starts

    def _blocks(self, epoch: int) -> Int64s:
        return np.random.default_rng((self.seed, epoch)).permutation(self.names.blocks)

    def _learned(self, number: int) -> Booleans:
        """Which names of a block are learned from."""
        first = number * self.names.BLOCK
        learned = np.ones(min(self.names.BLOCK, len(self.names) - first), np.bool_)
        mine = slice(*np.searchsorted(self.left_out, [first, first + self.names.BLOCK]))
        learned[self.left_out[mine] - first] = False
        return learned

    @cached_property
    def _kept(self) -> Int64s:
        """How many names of each block are learned from."""
        edges = np.arange(self.names.blocks + 1) * self.names.BLOCK
        edges[-1] = len(self.names)
        return np.diff(edges) - np.diff(np.searchsorted(self.left_out, edges))

    @cached_property
    def _batches(self) -> Int64s:
        """How many batches each block makes."""
        found = np.array([batches_of(int(kept), self.data) for kept in self._kept])
        # A list shorter than a batch is one smaller batch.
        return found if found.any() else np.eye(1, len(found), dtype=np.int64)[0]


class BlockTokens:
    """The characters of each batch of an epoch, counted a block at a time.

    Arguments:
        source: the batches.
        epoch: which.
    """

    def __init__(self, source: BlockBatches, epoch: int) -> None:
        self._source, self._epoch = source, epoch
        self._first, self._characters = 0, np.zeros(0, np.int64)

    def __getitem__(self, batch: int) -> int:
        if not 0 <= batch - self._first < len(self._characters):
            place, within = self._source.find(self._epoch, batch)
            self._first = batch - within
            self._characters = self._source.characters(self._epoch, place)
        return int(self._characters[batch - self._first])

    def sum(self) -> int:
        """Those of all batches."""
        return sum(
            int(self._source.characters(self._epoch, place).sum())
            for place in range(self._source.names.blocks)
        )
