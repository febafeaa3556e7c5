from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.tuning.batches import ListBatches

NAMES = st.lists(st.text("abcdef", min_size=1, max_size=9), min_size=1, max_size=40)


@given(NAMES, st.integers(1, 9), st.integers(0, 5), st.integers(0, 99))
def test_an_epoch_has_every_name_once_whole_and_counted(
    names: list[str], size: int, epoch: int, seed: int
) -> None:
    vocabulary = Vocabulary.of(names)
    batches = ListBatches(names, vocabulary, batch_size=size, seed=seed)
    found = []
    order = batches.order(epoch)
    assert len(order) == len(batches) and all(1 <= len(part) <= size for part in order)
    for part in order:
        batch = batches.batch(part)
        assert batch.counts.sum(axis=0).max() == len(batch.inputs) and not batch.inputs[0].any()
        assert np.array_equal(batch.inputs[1:], batch.targets[:-1])
        for column in range(len(part)):
            length = int(batch.counts[:, column].sum())
            assert batch.targets[length - 1, column] == 0
            found.append(vocabulary.decode(batch.targets[: length - 1, column]))
    assert sorted(found) == sorted(names)


def test_the_order_follows_from_seed_and_epoch() -> None:
    names = [f"{'a' * (i % 7 + 1)}b" for i in range(50)]

    def order(seed: int, epoch: int) -> list[list[int]]:
        made = ListBatches(names, Vocabulary.of(names), batch_size=8, seed=seed).order(epoch)
        return [part.tolist() for part in made]

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3) != order(2, 3)


def test_names_in_a_batch_are_of_like_length() -> None:
    names = ["a" * (i % 30 + 1) for i in range(300)]
    batches = ListBatches(names, Vocabulary.of(names), batch_size=10, seed=0)
    spreads = [np.ptp(batches.lengths[part]) for part in batches.order(0)]
    assert max(spreads) <= 5
