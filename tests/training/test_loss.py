"""The loss per character of a name, whatever the padding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.training.loss import NatsPerCharacter

pytestmark = pytest.mark.tensorflow


def plain(targets: np.ndarray, logits: np.ndarray) -> tuple[float, int]:
    total, count = 0.0, 0
    for row, scores in zip(targets, logits, strict=True):
        for target, score in zip(row, scores, strict=True):
            total -= score[target] - np.log(np.exp(score).sum())
            count += 1
            if target == 0:
                break
    return total, count


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 99))
def test_counts_up_to_the_boundary_over_batches_of_any_width(
    lengths: list[int], padding: int, seed: int
) -> None:
    rng, metric, total, count = np.random.default_rng(seed), NatsPerCharacter(), 0.0, 0
    for length in lengths:
        targets = np.zeros((2, length + 1 + padding), np.int32)
        targets[:, :length] = rng.integers(1, 4, (2, length))
        logits = rng.normal(size=(*targets.shape, 4)).astype(np.float32)
        metric.update_state(targets, logits)
        found = plain(targets, logits)
        total, count = total + found[0], count + found[1]
    assert float(metric.result()) == pytest.approx(total / count, rel=1e-5)


def test_begins_at_0_and_forgets() -> None:
    metric = NatsPerCharacter()
    assert float(metric.result()) == 0
    metric.update_state(np.array([[1, 0]]), np.zeros((1, 2, 4), np.float32))
    assert float(metric.result()) == pytest.approx(np.log(4))
    metric.reset_state()
    assert float(metric.result()) == 0
