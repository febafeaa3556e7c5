"""Chunks, windows and streams against slices of the text itself."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.config.sections import DataConfig
from dino_names.errors import CorpusError
from dino_names.training.batches.chunks import Chunks
from dino_names.training.batches.streams import HeldOut, Streams
from dino_names.training.network.layer_states import get_state

pytestmark = pytest.mark.tensorflow


def config(layout: str, **options: Any) -> DataConfig:
    return DataConfig(kind="text", layout=layout, valid_fraction=0.0, **options)


def text(length: int) -> np.ndarray:
    return np.arange(length, dtype=np.int32)


def shown(source: Any, *where: int, first_batch: int = 0) -> list[list[np.ndarray]]:
    data = source.dataset(*where, first_batch=first_batch)
    return [[tensor.numpy() for tensor in batch] for batch in data]


@settings(max_examples=15, deadline=None)
@given(
    length=st.integers(6, 60),
    time=st.integers(1, 5),
    step=st.none() | st.integers(1, 7),
    size=st.integers(1, 5),
    layout=st.sampled_from(["chunks", "windows"]),
)
def test_every_sequence_comes_once_an_epoch(
    length: int, time: int, step: int | None, size: int, layout: str
) -> None:
    source = Chunks(
        text(length), config(layout, seq_length=time, step=step, batch_size=size), seed=1
    )
    batches = shown(source, 0, 1)
    assert len(batches) == source.batches
    assert [int(weights.sum()) for *_, weights in batches] == source.tokens(0).tolist()
    assert source.amount == source.tokens(0).sum()
    seen = []
    for inputs, targets, weights in batches:
        assert (targets == inputs + 1).all() and inputs.shape[1] == time
        counted = 1 if layout == "windows" else time
        assert (weights == (np.arange(time) >= time - counted)).all()
        seen += inputs[:, 0].tolist()
    assert sorted(seen) == list(range(0, length - time, step or time))


def test_the_order_follows_from_seed_and_epoch_and_can_be_entered_anywhere() -> None:
    data = config("chunks", seq_length=4, step=1, batch_size=4)
    source = Chunks(text(40), data, seed=1)
    whole = shown(source, 0, 3)
    for first_epoch, first_batch in ((0, 3), (1, 0), (2, 5)):
        rest = shown(source, first_epoch, 3, first_batch=first_batch)
        for mine, other in zip(
            rest, whole[first_epoch * source.batches + first_batch :], strict=True
        ):
            assert (mine[0] == other[0]).all()
    assert (source.order(0) != source.order(1)).any()
    assert (source.order(0) != Chunks(text(40), data, seed=2).order(0)).any()


@settings(max_examples=25, deadline=None)
@given(length=st.integers(8, 90), time=st.integers(1, 7), size=st.integers(1, 4))
def test_streams_go_on_where_they_were_and_then_where_their_neighbour_was(
    length: int, time: int, size: int
) -> None:
    source = Streams(text(length), config("streams", seq_length=time, batch_size=size))
    first, second = (shown(source, epoch, epoch + 1) for epoch in (0, 1))
    assert len(first) == source.batches == -(-length // (time * size))
    for before, after in zip(first, [*first[1:], None], strict=True):
        inputs, targets, weights = before
        assert (targets == (inputs + 1) % length).all() and weights.all()
        if after is not None:
            assert (after[0][:, 0] == targets[:, -1]).all()
    # The state of a slice moves to the next one, which begins where it ended.
    assert (first[-1][1][:-1, -1] == second[0][0][1:, 0]).all()
    assert set(np.concatenate([inputs.ravel() for inputs, *_ in first])) == set(range(length))


def model(batch: int, units: int = 3) -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input(batch_shape=(batch, None), dtype="int32"),
            keras.layers.Embedding(90, 2),
            keras.layers.LSTM(units, stateful=True, return_sequences=True),
        ]
    )


def test_an_epoch_ends_with_the_state_one_slice_on() -> None:
    network = model(4)
    for number, state in enumerate(get_state(network)):
        state.assign(np.arange(12.0).reshape(4, 3) + 100 * number)
    source = Streams(text(50), config("streams", seq_length=3, batch_size=4))
    source.end_epoch(network)
    for number, state in enumerate(get_state(network)):
        expected = np.arange(12.0).reshape(4, 3)[[3, 0, 1, 2]] + 100 * number
        assert (state.numpy() == expected).all()


@pytest.mark.parametrize(("length", "time", "batch"), [(89, 3, 4), (20, 3, 4), (5, 4, 1)])
def test_held_out_text_is_read_once_with_its_state_carried_on(
    length: int, time: int, batch: int
) -> None:
    ids = text(length)
    network, alone = model(batch), model(1)
    alone.set_weights(network.get_weights())
    for state in get_state(network):
        state.assign(np.full(state.shape, 0.5))
    found, walked = (
        np.full((length - 1, 3), np.nan),
        HeldOut(ids, config("streams", seq_length=time, batch_size=batch)),
    )
    for inputs, targets, weights in walked.walk(network):
        outputs = network(inputs).numpy()
        for row, column in np.argwhere(weights.numpy()):
            place = int(inputs[row, column])
            assert int(targets[row, column]) == place + 1 and np.isnan(found[place, 0])
            found[place] = outputs[row, column]
    expected = alone(tf.constant(ids[None, :-1])).numpy()[0]
    # Exact where reading began at the start of the text, and nearly so where it began later.
    np.testing.assert_allclose(found[: time * 8], expected[: time * 8], atol=1e-6)
    np.testing.assert_allclose(found, expected, atol=2e-2)
    assert all((state.numpy() == 0.5).all() for state in get_state(network))


def test_held_out_chunks_do_not_overlap_and_all_count() -> None:
    source = Chunks(text(50), config("chunks", seq_length=4, step=1, batch_size=8), seed=1)
    valid = source.for_validation(text(23))
    starts = sorted(s for inputs, *_ in shown(valid, 0, 1) for s in inputs[:, 0].tolist())
    assert starts == [0, 4, 8, 12, 16]


@pytest.mark.parametrize("kind", [Chunks, Streams, HeldOut])
def test_a_text_shorter_than_one_sequence_is_refused(kind: Any) -> None:
    layout = "chunks" if kind is Chunks else "streams"
    data = config(layout, seq_length=5)
    with pytest.raises(CorpusError, match="at least seq_length \\+ 1, 6 characters, received 5"):
        kind(text(5), data)
    kind(text(6), data)
