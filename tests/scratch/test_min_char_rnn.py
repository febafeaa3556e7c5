from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.scratch import min_char_rnn as text_loop
from dino_names.scratch.errors import LabError
from dino_names.scratch.network import CELLS

TEXT = "she sells sea shells by the sea shore. " * 8


@given(st.integers(1, 8), st.integers(2, 40))
def test_sequences_follow_one_another_and_start_over(length, size):
    ids = list(range(size))
    if size < length + 1:
        with pytest.raises(LabError, match="longer than one sequence"):
            next(text_loop.slices(ids, length))
        return
    pointer = 0
    for beginning, reading, following in islice(text_loop.slices(ids, length), 20):
        if pointer + length + 1 > size:
            pointer = 0
        assert beginning == (pointer == 0)
        assert reading == ids[pointer : pointer + length]
        assert following == ids[pointer + 1 : pointer + length + 1]
        pointer += length


def test_adagrad_divides_by_all_gradients_so_far():
    parameters, memory = {"w": np.array([1.0])}, {"w": np.array([0.0])}
    text_loop.adagrad(parameters, {"w": np.array([3.0])}, memory, 0.1)
    text_loop.adagrad(parameters, {"w": np.array([4.0])}, memory, 0.1)
    assert parameters["w"][0] == pytest.approx(1 - 0.1 * 3 / 3 - 0.1 * 4 / 5)
    assert memory["w"][0] == 25


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_learns_and_every_parameter_moves(cell, layers):
    model = text_loop.new_model(TEXT, cell=cell, units=16, layers=layers)
    before = {name: value.copy() for name, value in model.parameters.items()}
    ids = model.encode(TEXT)
    steps = text_loop.learn(model, ids, length=10, learning_rate=0.1, limit=5.0)
    losses = [loss for loss, _, _ in islice(steps, 500)]
    assert losses[0] == pytest.approx(10 * np.log(len(model.characters)), rel=0.01)
    assert np.mean(losses[-50:]) < 0.6 * losses[0]
    for name, value in model.parameters.items():
        assert not np.array_equal(value, before[name]), name


def test_the_first_step_is_adagrad_on_the_clipped_gradient():
    model = text_loop.new_model(TEXT, units=4)
    before = model.parameters["by"].copy()
    next(text_loop.learn(model, model.encode(TEXT), length=5, learning_rate=0.1, limit=5.0))
    # The first Adagrad step is 0.1 in the direction of each gradient, whatever its size.
    np.testing.assert_allclose(np.abs(model.parameters["by"] - before), 0.1, rtol=1e-3)


def test_history_and_reports_agree():
    seen = []
    model = text_loop.new_model(TEXT, units=8)
    history = text_loop.train(
        model,
        TEXT,
        steps=25,
        every=10,
        sample_length=12,
        report=lambda *parts: seen.append(parts),
    )
    assert [step for step, _ in history.samples] == [0, 10, 20]
    assert all(len(written) == 12 for _, written in history.samples)
    assert history.losses.shape == (25,)
    start = 25 * np.log(len(model.characters))
    assert history.losses[0] == pytest.approx(start, rel=1e-3)
    np.testing.assert_allclose(history.nats_per_char * 25, history.losses)
    assert [part[0] for part in seen] == [0, 10, 20]
    assert [part[1] for part in seen[1:]] == [history.losses[9], history.losses[19]]
    assert [part[2] for part in seen] == [written for _, written in history.samples]


def test_the_loss_is_smoothed():
    model, again = (text_loop.new_model(TEXT, units=8) for _ in range(2))
    losses = text_loop.train(model, TEXT, steps=5).losses
    steps = text_loop.learn(again, again.encode(TEXT), length=25, learning_rate=0.1, limit=5.0)
    smoothed = 25 * np.log(len(model.characters))
    for received, (loss, _, _) in zip(losses, steps, strict=False):
        smoothed = 0.999 * smoothed + 0.001 * loss
        assert received == pytest.approx(smoothed, rel=1e-12)


def test_samples_do_not_change_what_is_learned():
    first, second = (text_loop.new_model(TEXT, units=8) for _ in range(2))
    text_loop.train(first, TEXT, steps=20, every=3, seed=1)
    text_loop.train(second, TEXT, steps=20)
    for name, value in first.parameters.items():
        np.testing.assert_array_equal(value, second.parameters[name])


def test_the_state_is_carried_until_the_text_starts_over():
    model = text_loop.new_model("abcdefg", units=4)
    steps = text_loop.learn(
        model, model.encode("abcdefg"), length=3, learning_rate=1e-12, limit=5.0
    )
    (_, _, first), (_, _, second), (_, _, third) = islice(steps, 3)
    _, traces = model.network.forward(
        model.parameters, model.encode("abcdef"), model.network.initial_states()
    )
    np.testing.assert_allclose(second[0][0], traces[0].last[0], rtol=1e-6)
    np.testing.assert_allclose(third[0][0], first[0][0], rtol=1e-6)


def test_wrong_calls_are_refused():
    model = text_loop.new_model(TEXT, units=4)
    with pytest.raises(LabError, match="longer than one sequence of 25"):
        text_loop.train(model, "she sells", steps=1)
    with pytest.raises(LabError, match="every from 1"):
        text_loop.train(model, TEXT, every=0)
    with pytest.raises(LabError, match="received 'Q'"):
        text_loop.train(model, "Q" * 30, steps=1)
