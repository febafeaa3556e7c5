"""The tf.data pipeline against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.config.sections import DataConfig
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.training.batches.name_batches import NameBatches
from dino_names.training.batches.source import NO_ROW

pytestmark = pytest.mark.tensorflow


def make(names: list[str], **options: object) -> tuple[NameBatches, Vocabulary]:
    vocabulary = Vocabulary.of(names)
    return NameBatches.of(names, vocabulary, DataConfig(**options), seed=3), vocabulary


def batches(pipeline: NameBatches, *where: int, first_batch: int = 0) -> list[list[np.ndarray]]:
    data = pipeline.dataset(*where, first_batch=first_batch)
    return [[tensor.numpy() for tensor in batch] for batch in data]


@pytest.mark.parametrize("buckets", [False, True])
@pytest.mark.parametrize("start", [False, True])
def test_every_name_comes_once_an_epoch_shifted_by_one(
    twenty: list[str], buckets: bool, start: bool
) -> None:
    pipeline, vocabulary = make(twenty, batch_size=6, length_buckets=buckets, start_boundary=start)
    seen = []
    for inputs, targets, weights in batches(pipeline, 0, 1):
        assert inputs.shape == targets.shape == weights.shape
        for given_ids, wanted, counted in zip(inputs, targets, weights, strict=True):
            count = int(counted.sum())
            assert counted.tolist() == [1] * count + [0] * (len(counted) - count)
            assert wanted[:-1].tolist() == given_ids[1:].tolist()
            first = "" if start else vocabulary.decode(given_ids[:1])
            assert (given_ids[0] == 0) == start
            text = first + vocabulary.decode(wanted[:count])
            assert text.endswith("\n")
            seen.append(text[:-1])
    assert sorted(seen) == twenty


def test_tutorial_padding_is_one_more_than_the_longest_and_counts(twenty: list[str]) -> None:
    pipeline, _ = make(
        twenty,
        batch_size=8,
        start_boundary=False,
        mask_padding=False,
        length_buckets=False,
        drop_remainder=True,
    )
    shown = batches(pipeline, 0, 1)
    assert len(shown) == pipeline.batches == 2
    for inputs, _, weights in shown:
        assert inputs.shape == (8, max(map(len, twenty)))
        assert weights.min() == 1
    assert pipeline.tokens(0).tolist() == [weights.size for _, _, weights in shown]


def test_buckets_leave_less_padding(twenty: list[str]) -> None:
    def size(buckets: bool) -> int:
        pipeline, _ = make(twenty, batch_size=4, length_buckets=buckets)
        return sum(inputs.size for inputs, _, _ in batches(pipeline, 0, 1))

    assert size(True) < size(False)


@pytest.mark.parametrize("buckets", [False, True])
@pytest.mark.parametrize("mask", [False, True])
def test_characters_are_counted_as_they_are_weighted(
    twenty: list[str], buckets: bool, mask: bool
) -> None:
    pipeline, _ = make(twenty, batch_size=6, length_buckets=buckets, mask_padding=mask)
    shown = batches(pipeline, 0, 1)
    assert pipeline.tokens(0).tolist() == [int(weights.sum()) for *_, weights in shown]


@given(count=st.integers(1, 50), size=st.integers(1, 20), epoch=st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_order_is_a_permutation_from_seed_and_epoch(count: int, size: int, epoch: int) -> None:
    names = ["a" * (1 + number % 7) for number in range(count)]
    pipeline, _ = make(names, batch_size=size)
    order = pipeline.order(epoch)
    assert order.shape == (-(-count // size), size)
    assert sorted(order[order != NO_ROW].tolist()) == list(range(count))
    assert (order == pipeline.order(epoch)).all()
    tokens = [sum(pipeline.lengths[row] for row in rows if row != NO_ROW) for rows in order]
    assert pipeline.tokens(epoch).tolist() == tokens


def test_orders_of_two_epochs_differ(twenty: list[str]) -> None:
    pipeline, _ = make(twenty, batch_size=4)
    assert (pipeline.order(0) != pipeline.order(1)).any()


def test_an_epoch_can_begin_at_any_batch_of_it(twenty: list[str]) -> None:
    pipeline, _ = make(twenty, batch_size=4)
    whole = batches(pipeline, 2, 4)
    for first in range(5):
        rest = batches(pipeline, 2, 4, first_batch=first)
        assert len(rest) == len(whole) - first
        for one, other in zip(rest, whole[first:], strict=True):
            assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_a_list_shorter_than_a_batch_is_one_smaller_batch() -> None:
    for drop in (False, True):
        pipeline, _ = make(["Rex"], batch_size=64, drop_remainder=drop)
        assert [inputs.shape[0] for inputs, _, _ in batches(pipeline, 0, 1)] == [1]


def test_one_trace_serves_every_shape(twenty: list[str]) -> None:
    pipeline, _ = make(twenty, batch_size=3)
    spec = pipeline.dataset(0, 1).element_spec
    assert all(tensor.shape.as_list() == [None, None] for tensor in spec)
