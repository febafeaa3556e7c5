import numpy as np
import pytest

from dino_names.scratch.errors import LabError
from dino_names.scratch.gradcheck import (
    GradientError,
    Worst,
    check_gradients,
    numeric_gradient,
    worst,
)


def cubic():
    parameters = {"w": np.array([[1.0, -2.0], [0.5, 3.0]]), "v": np.array([2.0])}
    return parameters, lambda: float((parameters["w"] ** 3).sum() * parameters["v"][0])


def test_the_slope_of_a_cubic_is_exact_and_the_array_is_put_back():
    parameters, loss = cubic()
    before = parameters["w"].copy()
    np.testing.assert_allclose(numeric_gradient(loss, parameters["w"]), 6 * before**2, rtol=1e-10)
    np.testing.assert_array_equal(parameters["w"], before)


def test_right_gradients_pass_worst_first():
    parameters, loss = cubic()
    gradients = {"dw": 6 * parameters["w"] ** 2, "v": (parameters["w"] ** 3).sum(keepdims=True)[0]}
    found = check_gradients(loss, parameters, gradients)
    assert {place.name for place in found} == {"w", "v"}
    assert found[0].error >= found[1].error
    assert found[0].error < 1e-9


def test_one_wrong_number_fails_with_both_values():
    parameters, loss = cubic()
    gradients = {"w": 6 * parameters["w"] ** 2, "v": np.array([20.125])}
    gradients["w"][1, 0] *= 1.00001
    with pytest.raises(GradientError, match=r"w\[1, 0\]: analytic 1.500015, numeric 1.5\d*") as e:
        check_gradients(loss, parameters, gradients)
    assert "v[" not in str(e.value)
    check_gradients(loss, parameters, gradients, tolerance=1e-4)


def test_nan_fails():
    parameters, loss = cubic()
    gradients = {"w": 6 * parameters["w"] ** 2, "v": np.array([np.nan])}
    with pytest.raises(GradientError, match=r"v\[0\]: analytic nan"):
        check_gradients(loss, parameters, gradients)


def test_tiny_numbers_are_compared_against_the_floor():
    place = worst("w", np.array([1e-12, 3.0]), np.array([2e-12, 3.0]))
    assert place == Worst("w", (0,), 1e-12, 2e-12, pytest.approx(1e-7))


def test_gradients_of_another_shape_or_type_are_refused():
    parameters, loss = cubic()
    with pytest.raises(LabError, match="received float64 and none"):
        check_gradients(loss, parameters, {"w": parameters["w"]})
    with pytest.raises(LabError, match=r"received float64 and \(1,\)"):
        check_gradients(loss, parameters, {"w": np.ones(1), "v": np.ones(1)})
    single = {"w": np.ones(1, np.float32)}
    with pytest.raises(LabError, match="received float32"):
        check_gradients(lambda: float(single["w"][0]), single, {"w": np.ones(1)})
