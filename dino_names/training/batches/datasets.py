"""Ordinary datasets for whoever trains with a loop of their own, or with `fit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import tensorflow as tf

from dino_names.config import DataConfig
from dino_names.corpus import Rows, Vocabulary
from dino_names.training.batches.chunks import Chunks
from dino_names.training.batches.name_batches import NameBatches
from dino_names.training.batches.source import Source
from dino_names.training.batches.streams import Streams


def names_dataset(
    names: Sequence[str] | Rows,
    vocabulary: Vocabulary,
    *,
    batch_size: int = 64,
    seed: int = 0,
    epoch: int = 0,
    weights: bool = False,
    start_boundary: bool = True,
    length_buckets: bool = False,
) -> tf.data.Dataset:
    r"""Names as batches of (inputs, targets), in another order each time it is gone through.

    Arguments:
        names: at least one; or rows, with weights and categories.
        vocabulary: with every character of them.
        batch_size: names in a batch; the last may be smaller.
        seed, epoch: the first time through is that epoch of that seed, the next the one after.
        weights: whether there is a third part, 1 where a target counts and 0 where it is padding.
        start_boundary: whether a boundary stands before each name.
        length_buckets: whether names of like length share a batch, which is then no longer than
            the longest of them.

    Returns:
        int32 (batch, time) each, weights float32; of known cardinality.

    Raises:
        PromptError: a character is not in the vocabulary.

    Example:
        >>> dataset = names_dataset(names, vocabulary, weights=True)  # doctest: +SKIP
        >>> model.fit(dataset, epochs=9, shuffle=False)  # which the dataset does; doctest: +SKIP
    """
    data = DataConfig(
        batch_size=batch_size, start_boundary=start_boundary, length_buckets=length_buckets
    )
    return _reshuffled(NameBatches.of(names, vocabulary, data, seed=seed), epoch, weights)


def text_dataset(
    text: str,
    vocabulary: Vocabulary,
    *,
    batch_size: int = 64,
    seq_length: int = 128,
    step: int | None = None,
    stream: bool = False,
    seed: int = 0,
    epoch: int = 0,
    weights: bool = False,
) -> tf.data.Dataset:
    """A running text as batches of (inputs, targets).

    Arguments:
        text: longer than a sequence.
        vocabulary: with every character of it.
        batch_size: sequences in a batch.
        seq_length: characters in each.
        step: from one to the next; None for `seq_length`, without overlap.
        stream: whether each row of a batch goes on where that of the batch before it ended, for a
            stateful network; otherwise they come in another order each time.
        seed, epoch: as for `names_dataset`.
        weights: whether there is a third part, all 1.

    Raises:
        PromptError: a character is not in the vocabulary.
        CorpusError: the text is shorter than a sequence.
    """
    layout = {"layout": "streams"} if stream else {"layout": "chunks", "step": step}
    data = DataConfig(kind="text", batch_size=batch_size, seq_length=seq_length, **layout)
    ids = vocabulary.encode(text)
    return _reshuffled(Streams(ids, data) if stream else Chunks(ids, data, seed), epoch, weights)


def _reshuffled(source: Source, epoch: int, weights: bool) -> tf.data.Dataset:
    epochs = count(epoch)

    def batches() -> Iterator[tuple[tf.Tensor, ...]]:
        number = next(epochs)
        for batch in source.dataset(number, number + 1):
            yield batch if weights else batch[:2]

    parts = source.dataset(0, 1).element_spec
    made = tf.data.Dataset.from_generator(batches, output_signature=parts if weights else parts[:2])
    known = tf.data.experimental.assert_cardinality(source.batches)
    return made.apply(known).prefetch(tf.data.AUTOTUNE)
