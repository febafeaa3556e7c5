import numpy as np
import pytest

from dino_names.scratch import rnn
from dino_names.scratch.errors import LabError
from dino_names.scratch.gradcheck import check_gradients
from dino_names.scratch.network import CELLS, Network, cross_entropy


def made(network, seed=0):
    rng = np.random.default_rng(seed)
    return {
        name: value + rng.normal(0, 0.5, value.shape)
        for name, value in network.initial_parameters(rng).items()
    }


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_every_gradient_is_the_slope_of_the_loss(cell, layers):
    network = Network(4, cell=cell, units=3, layers=layers)
    parameters, X, Y = made(network), [0, 3, 1, 2], [3, 1, 2, 2]
    states = network.initial_states()

    def loss():
        return cross_entropy(network.forward(parameters, X, states)[0], Y)[0]

    logits, traces = network.forward(parameters, X, states)
    gradients, _ = network.backward(parameters, traces, cross_entropy(logits, Y)[1])
    assert gradients.keys() == parameters.keys()
    assert check_gradients(loss, parameters, gradients)[0].error <= 1e-6


def test_one_plain_layer_is_the_network_of_rnn():
    network = Network(5, units=4)
    parameters, X, Y = made(network), [0, 3, 1], [3, 1, 4]
    plain = {name.removeprefix("1."): value for name, value in parameters.items()}
    loss, stacks = rnn.forward(X, Y, np.zeros((4, 1)), plain)
    logits, traces = network.forward(parameters, X, network.initial_states())
    ours, d_logits = cross_entropy(logits, Y)
    assert ours == pytest.approx(loss, rel=1e-13)
    gradients, _ = network.backward(parameters, traces, d_logits)
    for name, value in rnn.backward(Y, plain, stacks).items():
        key = name[1:] if name in ("dWya", "dby") else f"1.{name[1:]}"
        np.testing.assert_allclose(gradients[key], value, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_carrying_the_states_is_reading_on(cell):
    network = Network(4, cell=cell, units=3, layers=2)
    parameters = made(network)
    whole, _ = network.forward(parameters, [0, 3, 1, 2], network.initial_states())
    first, traces = network.forward(parameters, [0, 3], network.initial_states())
    second, _ = network.forward(parameters, [1, 2], [trace.last for trace in traces])
    np.testing.assert_allclose(np.concatenate([first, second]), whole, rtol=1e-12)


def test_cross_entropy_survives_logits_that_leave_no_doubt():
    logits = np.array([[1e4, 0.0, -1e4], [0.0, 0.0, 0.0]])
    loss, d_logits = cross_entropy(logits, [2, 1])
    assert loss == pytest.approx(2e4 + np.log(3))
    np.testing.assert_allclose(d_logits, [[1, 0, -1], [1 / 3, -2 / 3, 1 / 3]])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cell": "elman"}, "expected one of rnn, lstm, gru, received 'elman'"),
        ({"units": 0}, "units: expected at least 1, received 0"),
        ({"layers": 0}, "layers: expected at least 1, received 0"),
    ],
)
def test_sizes_that_make_no_network_are_refused(wrong, message):
    with pytest.raises(LabError, match=message):
        Network(4, **wrong)
