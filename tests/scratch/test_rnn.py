import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dino_names.scratch import rnn
from dino_names.scratch.errors import LabError
from dino_names.scratch.gradcheck import check_gradients

SHAPES = {"Wax": (100, 27), "Waa": (100, 100), "Wya": (27, 100), "b": (100, 1), "by": (27, 1)}


def drawn(random, shapes):
    return {name: random.randn(*shape) for name, shape in shapes.items()}


def small(seed=0, n_x=5, n_a=4, n_y=5):
    rng = np.random.default_rng(seed)
    parameters = rnn.initial_parameters(n_x, n_a, n_y, rng)
    return {name: value + rng.normal(0, 0.5, value.shape) for name, value in parameters.items()}


def test_clip_gives_the_published_values_and_leaves_its_input():
    random = np.random.RandomState(3)
    shapes = {"dWax": (5, 3), "dWaa": (5, 5), "dWya": (2, 5), "db": (5, 1), "dby": (2, 1)}
    gradients = {name: value * 10 for name, value in drawn(random, shapes).items()}
    before = {name: value.copy() for name, value in gradients.items()}
    clipped = rnn.clip(gradients, 10)
    assert clipped["dWaa"][1][2] == 10.0
    assert clipped["dWax"][3][1] == -10.0
    assert clipped["dWya"][1][2] == 0.2971381536101662
    assert clipped["db"][4] == 10.0
    assert clipped["dby"][1] == pytest.approx(8.45833407, abs=5e-9)
    assert all(np.array_equal(gradients[name], before[name]) for name in before)


def test_optimize_gives_the_published_values():
    random = np.random.RandomState(1)
    a_prev = random.randn(100, 1)
    parameters = drawn(random, SHAPES)
    before = {name: value.copy() for name, value in parameters.items()}
    loss, gradients, a_last = rnn.optimize(
        [12, 3, 5, 11, 22, 3], [4, 14, 11, 22, 25, 26], a_prev, parameters
    )
    assert loss == pytest.approx(126.50397572165389, rel=1e-14)
    assert gradients["dWaa"][1][2] == pytest.approx(0.19470931534713587, rel=1e-12)
    assert np.argmax(gradients["dWax"]) == 93
    assert gradients["dWya"][1][2] == pytest.approx(-0.007773876032002162, rel=1e-12)
    assert gradients["db"][4] == pytest.approx(-0.06809825, abs=5e-9)
    assert gradients["dby"][1] == pytest.approx(0.01538192, abs=5e-9)
    assert a_last.shape == (100, 1)
    assert a_last[4] == pytest.approx(-1.0)
    for name in before:
        step = before[name] - 0.01 * gradients[f"d{name}"]
        np.testing.assert_allclose(parameters[name], step, rtol=1e-12)


@pytest.mark.parametrize("X", [[None, 1, 3, 3], [2, 0, 4, 1]])
def test_every_gradient_is_the_slope_of_the_loss(X):
    parameters, Y = small(), [1, 3, 3, 0]
    a_prev = np.random.default_rng(1).normal(size=(4, 1))
    _, stacks = rnn.forward(X, Y, a_prev, parameters)
    gradients = rnn.backward(Y, parameters, stacks)
    check_gradients(lambda: rnn.forward(X, Y, a_prev, parameters)[0], parameters, gradients)


def test_reading_step_by_step_is_reading_at_once():
    parameters, X, a = small(), [None, 1, 3, 2], np.full((4, 1), 0.3)
    _, states, y = rnn.predict(X, a, parameters)
    for t, x in enumerate(X):
        _, stepped, y_t = rnn.predict([x], a, parameters)
        np.testing.assert_allclose(y_t[0], y[t], rtol=1e-13)
        np.testing.assert_allclose(stepped[1], states[t + 1], rtol=1e-13)
        a = stepped[1]


def test_the_equations_hold_in_column_vectors():
    p, X = small(), [None, 2, 0]
    _, states, y = rnn.predict(X, np.zeros((4, 1)), p)
    a = np.zeros((4, 1))
    for t, x in enumerate(X):
        column = np.zeros((5, 1))
        if x is not None:
            column[x] = 1
        a = np.tanh(p["Wax"] @ column + p["Waa"] @ a + p["b"])
        e = np.exp(p["Wya"] @ a + p["by"])
        np.testing.assert_allclose(states[t + 1], a[:, 0], rtol=1e-13)
        np.testing.assert_allclose(y[t], (e / e.sum())[:, 0], rtol=1e-13)


@given(arrays(np.float64, (3, 6), elements=st.floats(-1e6, 1e6)))
def test_softmax_gives_probabilities_whatever_the_logits(logits):
    y = rnn.softmax(logits)
    np.testing.assert_allclose(y.sum(axis=1), 1)
    assert (y >= 0).all()
    likeliest = y[range(3), logits.argmax(axis=1)]
    np.testing.assert_array_equal(likeliest, y.max(axis=1))


def test_sample_stops_at_the_end_or_at_the_length():
    parameters = small()
    assert rnn.sample(parameters, lambda k, y: 3 - k) == [3, 2, 1, 0]
    assert rnn.sample(parameters, lambda k, y: 3, max_length=4) == [3, 3, 3, 3, 0]
    assert rnn.sample(parameters, lambda k, y: 3, end=3) == [3]


def test_sample_draws_from_the_state_of_everything_written():
    parameters, seen = small(), []
    rnn.sample(parameters, lambda k, y: seen.append(y) or [2, 4, 0][k])
    _, _, y = rnn.predict([None, 2, 4], np.zeros((4, 1)), parameters)
    np.testing.assert_allclose(seen, y, rtol=1e-13)


def test_training_learns_two_names_and_carries_the_state():
    parameters = rnn.initial_parameters(4, 10, 4, np.random.default_rng(0))
    losses = [loss for _, loss in rnn.train([[1, 2], [3, 3]], parameters, iterations=2000)]
    assert losses[0] == pytest.approx(3 * np.log(4), rel=1e-2)
    # Only what a name leaves in the state tells which of the two comes next.
    assert max(losses[-2:]) < 0.3


def test_wrong_calls_are_refused_in_one_line():
    parameters = small()
    with pytest.raises(LabError, match="as many targets as inputs, received 1 for 2"):
        rnn.forward([1, 2], [1], np.zeros((4, 1)), parameters)
    with pytest.raises(LabError, match="received none"):
        next(rnn.train([], parameters, iterations=1))
    with pytest.raises(LabError, match="above 0"):
        rnn.clip({}, 0)
