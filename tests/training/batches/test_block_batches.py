"""Batches of a prepared list, a block at a time, against what batches of a list are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.config.sections import DataConfig
from dino_names.corpus import PreparedNames
from dino_names.preparing import prepare
from dino_names.training.batches import BlockBatches

pytestmark = pytest.mark.tensorflow
LEFT_OUT = np.array([0, 7, 8, 19])
BLOCK = 8


@pytest.fixture
def names(twenty: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PreparedNames:
    """Twenty names in blocks of 8, 8 and 4."""
    monkeypatch.setattr(PreparedNames, "BLOCK", BLOCK)
    return prepare(twenty, tmp_path / "names")


def make(names: PreparedNames, **options: Any) -> BlockBatches:
    return BlockBatches(names, DataConfig(**options), 3, LEFT_OUT)


def batches(source: BlockBatches, *where: int, first_batch: int = 0) -> list[list[np.ndarray]]:
    data = source.dataset(*where, first_batch=first_batch)
    return [[tensor.numpy() for tensor in batch] for batch in data]


def texts(source: BlockBatches, shown: list[list[np.ndarray]]) -> list[list[str]]:
    """The names of each batch."""
    return [
        [
            source.names.vocabulary.decode([*(row[:1] if row[0] else []), *targets]).partition(
                "\n"
            )[0]
            for row, targets in zip(inputs, wanted, strict=True)
        ]
        for inputs, wanted, _ in shown
    ]


@pytest.mark.parametrize("buckets", [False, True])
@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("mask", [False, True])
def test_every_name_that_is_learned_comes_once_an_epoch(
    names: PreparedNames, buckets: bool, start: bool, mask: bool
) -> None:
    source = make(
        names, batch_size=3, length_buckets=buckets, start_boundary=start, mask_padding=mask
    )
    learned = [name for row, name in enumerate(names) if row not in LEFT_OUT]
    for epoch in range(2):
        shown = batches(source, epoch, epoch + 1)
        assert len(shown) == source.batches == 2 + 3 + 1
        assert source.amount == 16 and source.batch_size == 3
        assert sorted(name for batch in texts(source, shown) for name in batch) == sorted(learned)
        counted = [int(weights.sum()) for *_, weights in shown]
        tokens = source.tokens(epoch)
        assert [tokens[batch] for batch in range(source.batches)] == counted
        assert tokens.sum() == sum(counted)
        for inputs, targets, weights in shown:
            assert (inputs[:, 1:] == targets[:, :-1]).all()
            assert ((inputs[:, 0] == 0) == start).all()
            lengths = [len(name) + start for name in texts(source, [[inputs, targets, weights]])[0]]
            widest = max(lengths) if buckets else names.longest + start
            assert inputs.shape[1] == widest
            expected = np.arange(widest) < np.array(lengths)[:, None]
            assert (weights == (expected if mask else 1)).all()


def test_blocks_and_names_come_in_an_order_of_seed_and_epoch(names: PreparedNames) -> None:
    source = make(names, batch_size=3)
    first, again, second = (texts(source, batches(source, n, n + 1)) for n in (0, 0, 1))
    assert first == again != second
    other = BlockBatches(names, source.data, 4, LEFT_OUT)
    assert texts(other, batches(other, 0, 1)) != first
    # Those of a block stay together, so that no more than one is in memory.
    place = {name: row // BLOCK for row, name in enumerate(names)}
    for epoch in (first, second):
        blocks = [place[name] for batch in epoch for name in batch]
        assert len(list(dict.fromkeys(blocks))) == sum(np.diff([-1, *blocks]) != 0) == 3
    orders = {tuple(texts(source, batches(source, n, n + 1))[0]) for n in range(6)}
    assert len(orders) == 6


@pytest.mark.parametrize("epochs", [(0, 1), (1, 3)])
def test_it_begins_at_any_batch(names: PreparedNames, epochs: tuple[int, int]) -> None:
    source = make(names, batch_size=3)
    whole = batches(source, *epochs)
    for first in range(source.batches):
        rest = batches(source, *epochs, first_batch=first)
        assert len(rest) == len(whole) - first
        for found, expected in zip(rest, whole[first:], strict=True):
            assert all((a == b).all() for a, b in zip(found, expected, strict=True))


def test_smaller_batches_are_left_out_where_all_must_be_of_one_size(names: PreparedNames) -> None:
    source = make(names, batch_size=4, drop_remainder=True)
    shown = batches(source, 0, 2)
    assert source.batches == 1 + 1 + 0 and source.amount == 8
    assert [len(inputs) for inputs, *_ in shown] == [4] * 4
    large = make(names, batch_size=100, drop_remainder=True)
    assert large.batches == 1 and large.batch_size == 16
    assert len(batches(large, 0, 1)) == 1


def test_walking_is_the_first_epoch(names: PreparedNames) -> None:
    source = make(names, batch_size=3)
    walked = [[tensor.numpy() for tensor in batch] for batch in source.walk(None)]  # type: ignore[arg-type]
    assert texts(source, walked) == texts(source, batches(source, 0, 1))
