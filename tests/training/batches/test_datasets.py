"""Datasets for whoever trains with a loop of their own."""

from __future__ import annotations

import warnings

import keras
import numpy as np
import pytest

from dino_names.config import DataConfig
from dino_names.corpus import Rows, Vocabulary
from dino_names.training import NameBatches, names_dataset, text_dataset

pytestmark = pytest.mark.tensorflow
NAMES = ["ab", "ba", "abba", "baab", "aab"]
VOCABULARY = Vocabulary.of(NAMES)
TEXT = "abab baba abba " * 20


def rows(dataset: object) -> list[list[list[int]]]:
    return [batch[0].numpy().tolist() for batch in dataset]  # type: ignore[attr-defined]


def test_each_time_through_is_the_next_epoch() -> None:
    dataset = names_dataset(NAMES, VOCABULARY, batch_size=2, seed=3, epoch=4)
    source = NameBatches.of(
        NAMES, VOCABULARY, DataConfig(batch_size=2, length_buckets=False), seed=3
    )
    found = [rows(dataset) for _ in range(3)]
    assert found == [rows(source.dataset(epoch, epoch + 1)) for epoch in (4, 5, 6)]
    assert found[0] != found[1]
    assert int(dataset.cardinality()) == 3 == len(found[0])


def test_inputs_and_targets_are_one_step_apart() -> None:
    for inputs, targets in names_dataset(NAMES, VOCABULARY, batch_size=2):
        np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    parts = next(iter(names_dataset(NAMES, VOCABULARY, weights=True)))
    assert len(parts) == 3 and set(parts[2].numpy().ravel()) == {0.0, 1.0}
    lengths = parts[2].numpy().sum(axis=1)
    assert sorted(lengths.tolist()) == sorted(len(name) + 1 for name in NAMES)


def test_rows_come_as_often_as_they_weigh() -> None:
    weighted = Rows(("ab", "ba"), weights=(3.0, 1.0))
    dataset = names_dataset(weighted, VOCABULARY, batch_size=1)
    first = [row[0][1] for _ in range(8) for row in rows(dataset)]
    assert first.count(1) == 12


def small_model() -> keras.Sequential:
    model = keras.Sequential(
        [keras.layers.Embedding(len(VOCABULARY), 3), keras.layers.GRU(4, return_sequences=True)]
    )
    model.add(keras.layers.Dense(len(VOCABULARY)))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_fit_goes_through_it_without_a_warning() -> None:
    keras.utils.set_random_seed(0)
    model = small_model()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = names_dataset(NAMES, VOCABULARY, batch_size=2, weights=True)
        history = model.fit(dataset, epochs=3, shuffle=False, verbose=0).history["loss"]
    assert len(history) == 3 and history[2] < history[0]


def test_a_text_comes_in_pieces_or_as_a_stream() -> None:
    vocabulary = Vocabulary.of([TEXT])
    about = {"batch_size": 2, "seq_length": 8}
    chunks = text_dataset(TEXT, vocabulary, **about)  # type: ignore[arg-type]
    first, second = rows(chunks), rows(chunks)
    assert first != second and sorted(map(str, sum(first, []))) == sorted(map(str, sum(second, [])))
    assert int(chunks.cardinality()) == len(first)
    stream = text_dataset(TEXT, vocabulary, stream=True, **about)  # type: ignore[arg-type]
    batches = [(i.numpy(), t.numpy()) for i, t in stream]
    for (_, before), (after, _) in zip(batches, batches[1:], strict=False):
        np.testing.assert_array_equal(before[:, -1], after[:, 0])
    overlapping = text_dataset(TEXT, vocabulary, step=4, **about)  # type: ignore[arg-type]
    assert int(overlapping.cardinality()) > len(first)
