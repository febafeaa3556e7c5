"""The names of a list as batches, in an order that follows from (seed, epoch) alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dino_names.arrays import DType, Int64s
from dino_names.corpus import Rows, Vocabulary
from dino_names.tuning.network import Batch

# Names in a batch differ in length by hardly more than so many characters, or a short list would
# come in the same few batches each time.
SPREAD = 3.0
MEASURED_AT_ONCE = 256


class ListBatches:
    """A list of names, encoded.

    Arguments:
        names: at least one; or rows, with the list that each comes from and its weight.
        vocabulary: with every character of them, and a tag for each list.
        batch_size: names in a batch.
        seed: of the order.
        kind: of the weights.
    """

    def __init__(
        self,
        names: Sequence[str] | Rows,
        vocabulary: Vocabulary,
        *,
        batch_size: int,
        seed: int,
        kind: DType = np.float32,
    ) -> None:
        self.rows = Rows.of(names)
        self.ids = vocabulary.encode_names(self.rows.names)
        self.ids[:, 0] = self.rows.starts(len(vocabulary.characters))
        self.lengths = np.array([len(name) + 1 for name in self.rows.names], np.int64)
        self.batch_size, self.seed, self.kind = batch_size, seed, np.dtype(kind)

    def __len__(self) -> int:
        """Batches in an epoch."""
        return -(-len(self.lengths) // self.batch_size)

    def order(self, epoch: int) -> list[Int64s]:
        """The names of each batch of an epoch."""
        rng = np.random.default_rng((self.seed, epoch))
        places = self.lengths + SPREAD * rng.random(len(self.lengths))
        drawn = np.sort(self.rows.draw(rng))
        order = drawn[np.argsort(places[drawn], kind="stable")]
        parts = [order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size)]
        return [parts[place] for place in rng.permutation(len(parts))]

    def all(self) -> Iterator[Batch]:
        """Every name once, those of like length together."""
        order = np.argsort(self.lengths, kind="stable")
        for first in range(0, len(order), MEASURED_AT_ONCE):
            yield self.batch(order[first : first + MEASURED_AT_ONCE])

    def batch(self, names: Int64s) -> Batch:
        """Some names as a batch, no longer than the longest of them."""
        lengths = self.lengths[names]
        time = int(lengths.max())
        ids = np.ascontiguousarray(self.ids[names, : time + 1].T)
        counts = (np.arange(time)[:, None] < lengths).astype(self.kind)
        return Batch(ids[:-1], ids[1:], counts)
