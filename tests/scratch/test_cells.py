"""What must hold of all three cells: rnn_cell, lstm and gru."""

import numpy as np
import pytest

from dino_names.scratch.gradcheck import check_gradients
from dino_names.scratch.network import CELLS, cell_named

TIME, N_X, N_A = 6, 3, 4


@pytest.fixture(params=CELLS)
def cell(request):
    return cell_named(request.param)


def weights(cell, seed=0):
    rng = np.random.default_rng(seed)
    parameters = cell.initial_parameters(N_X, N_A, rng)
    return {name: value + rng.normal(0, 0.6, value.shape) for name, value in parameters.items()}


def drawn_state(cell, rng):
    return tuple(rng.normal(0, 0.5, part.shape) for part in cell.initial_state(N_A))


def setting(cell):
    """Weights, inputs, a state, and the weights of a loss on every output."""
    rng = np.random.default_rng(7)
    x, weight = rng.normal(size=(TIME, N_X)), rng.normal(size=(TIME, N_A))
    return weights(cell), x, drawn_state(cell, rng), weight


def test_every_parameter_input_and_state_has_the_slope_of_the_loss(cell):
    parameters, x, state, weight = setting(cell)

    def loss():
        return float((cell.forward(parameters, x, state).out * weight).sum())

    back = cell.backward(parameters, cell.forward(parameters, x, state), weight)
    analytic = back.gradients | {"x": back.d_x}
    analytic |= {f"state {k}": part[0] for k, part in enumerate(back.d_states)}
    places = parameters | {"x": x} | {f"state {k}": part for k, part in enumerate(state)}
    assert check_gradients(loss, places, analytic)[0].error <= 1e-6


def test_the_gradient_at_each_carried_state_is_the_slope_of_the_rest(cell):
    parameters, x, state, weight = setting(cell)
    whole = cell.forward(parameters, x, state)
    back = cell.backward(parameters, whole, weight)
    for t in range(1, TIME):
        handed = tuple(part[t].copy() for part in whole.states)

        def loss(handed=handed, t=t):
            return float((cell.forward(parameters, x[t:], handed).out * weight[t:]).sum())

        places = {str(k): part for k, part in enumerate(handed)}
        check_gradients(loss, places, {str(k): part[t] for k, part in enumerate(back.d_states)})


def test_step_by_step_is_the_whole_sequence(cell):
    parameters, x, state, _ = setting(cell)
    whole = cell.forward(parameters, x, state)
    for t in range(TIME):
        trace = cell.forward(parameters, x[t : t + 1], state)
        state = trace.last
        np.testing.assert_allclose(trace.out[0], whole.out[t], rtol=1e-12)
    for part, last in zip(whole.last, state, strict=True):
        np.testing.assert_allclose(last, part, rtol=1e-12)


def test_the_previous_state_matters(cell):
    parameters, x, state, _ = setting(cell)
    fresh = cell.forward(parameters, x, cell.initial_state(N_A)).out
    assert np.abs(cell.forward(parameters, x, state).out - fresh)[-1].max() > 1e-6


def test_nothing_to_read_leaves_the_state(cell):
    parameters, x, state, _ = setting(cell)
    trace = cell.forward(parameters, x[:0], state)
    assert trace.out.shape == (0, N_A)
    for part, last in zip(state, trace.last, strict=True):
        np.testing.assert_array_equal(last, part)


def test_weights_start_small_and_the_forget_gate_open():
    for name in CELLS:
        parameters = cell_named(name).initial_parameters(50, 60, np.random.default_rng(0))
        for key, value in parameters.items():
            if value.shape[1] > 1:
                assert value.std() == pytest.approx(0.01, rel=0.05)
            elif name != "lstm":
                assert not value.any(), key
    b = cell_named("lstm").initial_parameters(3, 2, np.random.default_rng(0))["b"]
    assert b[:, 0].tolist() == [0, 0, 1, 1, 0, 0, 0, 0]


def test_extreme_inputs_stay_finite(cell):
    parameters, x, state, weight = setting(cell)
    trace = cell.forward(parameters, x * 1e6, state)
    back = cell.backward(parameters, trace, weight)
    assert np.isfinite(trace.out).all()
    assert all(np.isfinite(value).all() for value in back.gradients.values())


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", CELLS)
def test_keras_finds_the_same_outputs_and_gradients(name):
    import keras
    import tensorflow as tf

    cell = cell_named(name)
    parameters, x, state, weight = setting(cell)
    kind = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
    layer = kind[name](N_A, return_sequences=True, dtype="float64")
    inputs = tf.constant(x[None])
    start = [tf.constant(part[None]) for part in state]
    layer.build(inputs.shape)
    layer.set_weights(as_keras(name, parameters))
    with tf.GradientTape() as tape:
        tape.watch([inputs, *start])
        out = layer(inputs, initial_state=start)
        loss = tf.reduce_sum(out * weight)
    variables = [variable.value for variable in layer.trainable_variables]
    found = tape.gradient(loss, [*variables, inputs, *start])

    trace = cell.forward(parameters, x, state)
    back = cell.backward(parameters, trace, weight)
    ours = [*as_keras(name, back.gradients), back.d_x[None]]
    ours += [part[:1] for part in back.d_states]
    np.testing.assert_allclose(trace.out, out[0], rtol=1e-9, atol=1e-12)
    for mine, theirs in zip(ours, found, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)


def as_keras(name, values):
    """Kernel, recurrent kernel and bias as Keras lays them out."""
    if name == "rnn":
        return [values["Wax"].T, values["Waa"].T, values["b"][:, 0]]
    if name == "lstm":
        return [values["W"].T, values["U"].T, values["b"][:, 0]]
    return [values["W"].T, values["U"].T, np.stack([values["b"][:, 0], values["d"][:, 0]])]
