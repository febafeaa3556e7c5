import numpy as np
import pytest

from dino_names.scratch import diagnostics
from dino_names.scratch.errors import LabError
from dino_names.scratch.network import CELLS, cross_entropy
from dino_names.scratch.text_model import new_model

TEXT = "she sells sea shells by the sea shore. "


def model_of(cell="rnn", *, layers=1, units=4):
    model = new_model(TEXT, cell=cell, units=units, layers=layers)
    rng = np.random.default_rng(2)
    for value in model.parameters.values():
        value += rng.normal(0, 0.5, value.shape)
    return model


def test_activations_are_those_after_each_character():
    model = model_of(layers=2)
    shown = diagnostics.hidden_activations(model, TEXT)
    assert shown.shape == (len(TEXT), 4)
    assert np.abs(shown).max() <= 1
    np.testing.assert_allclose(diagnostics.hidden_activations(model, TEXT[:7]), shown[:7])
    lower = diagnostics.hidden_activations(model, TEXT, layer=0)
    assert not np.allclose(lower, shown)
    for layer in (2, -3):
        with pytest.raises(LabError, match="layer"):
            diagnostics.hidden_activations(model, TEXT, layer=layer)


def test_a_unit_that_follows_a_label_is_explained_by_it():
    text = "banana band"
    vowel = np.array([float(c == "a") for c in text])
    noise = np.random.default_rng(0).normal(size=len(text))
    found = diagnostics.responses(np.stack([vowel, noise, 0 * vowel], axis=1), text)
    assert found.labels == tuple(" abdn")
    assert found.means[0].tolist() == [0, 1, 0, 0, 0]
    assert found.explained[0] == pytest.approx(1)
    assert 0 <= found.explained[1] < 1
    assert found.explained[2] == 0
    rest = diagnostics.responses(np.stack([vowel], axis=1), list(range(len(text))))
    assert rest.explained[0] == pytest.approx(1)
    with pytest.raises(LabError, match="expected 11"):
        diagnostics.responses(noise[:, None], "banana")


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_gradient_norms_are_slopes_of_the_last_loss_or_of_all(cell, layers, every):
    model, text = model_of(cell, layers=layers), TEXT[:8]
    norms = diagnostics.gradient_norms(model, text, distance=7, windows=1, every=every)
    assert norms.shape == (8,)
    if layers == 2:
        return
    ids = model.encode(text)
    for k in range(1, 8):
        _, traces = model.network.forward(
            model.parameters, ids[: 7 - k], model.network.initial_states()
        )
        handed = [part.copy() for part in traces[0].last]
        slopes = [slope_of(model, ids, k, handed, part, every) for part in handed]
        assert norms[k] == pytest.approx(np.linalg.norm(np.concatenate(slopes)), rel=1e-6)


def slope_of(model, ids, k, handed, part, every):
    """Slope at one part of the state k steps before the prediction of the last id."""
    counted = k if every else 1
    slope = np.empty_like(part)
    for index, before in enumerate(part.copy()):
        losses = []
        for shift in (1e-5, -1e-5):
            part[index] = before + shift
            logits, _ = model.network.forward(model.parameters, ids[-1 - k : -1], [tuple(handed)])
            losses.append(cross_entropy(logits[-counted:], ids[-counted:])[0])
        part[index] = before
        slope[index] = (losses[0] - losses[1]) / 2e-5
    return slope


def test_the_norm_at_the_prediction_is_what_the_readout_sends_back():
    model = model_of()
    ids = model.encode(TEXT[:6])
    logits, _ = model.network.forward(model.parameters, ids[:-1], model.network.initial_states())
    _, d_logits = cross_entropy(logits[-1:], ids[-1:])
    expected = np.linalg.norm(d_logits @ model.parameters["Wya"])
    norms = diagnostics.gradient_norms(model, TEXT[:6], distance=5, windows=1)
    assert norms[0] == pytest.approx(expected)


def test_small_weights_vanish_and_large_ones_explode():
    small, large = model_of(units=20), model_of(units=20)
    small.parameters["1.Waa"] *= 0.05
    vanishing = diagnostics.gradient_norms(small, TEXT, distance=15, windows=3)
    assert diagnostics.distance_to_fraction(vanishing) < 15
    large.parameters["1.Wax"] *= 0
    large.parameters["1.b"] *= 0
    exploding = diagnostics.gradient_norms(large, TEXT, distance=15, windows=3)
    assert exploding[-1] > 10 * exploding[0]
    assert diagnostics.distance_to_fraction(exploding) is None


def test_an_untrained_lstm_reaches_further_than_an_untrained_rnn():
    distances = {}
    for cell in CELLS:
        norms = diagnostics.gradient_norms(new_model(TEXT, cell=cell, units=16), TEXT, distance=30)
        distances[cell] = diagnostics.distance_to_fraction(norms)
    assert distances["rnn"] < distances["gru"] < distances["lstm"]


def test_the_fraction_is_of_the_first_norm():
    norms = np.array([2.0, 1.0, 0.03, 0.019, 0.5])
    assert diagnostics.distance_to_fraction(norms) == 3
    assert diagnostics.distance_to_fraction(norms, 0.6) == 1
    assert diagnostics.distance_to_fraction(norms, 0.001) is None


def test_a_text_too_short_is_refused():
    with pytest.raises(LabError, match="at least 51 characters"):
        diagnostics.gradient_norms(model_of(), TEXT)
