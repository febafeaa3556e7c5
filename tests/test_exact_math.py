from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names import exact_math


@given(st.lists(st.floats(-650, 650), min_size=1))
def test_exponentials_and_tangents(values: list[float]) -> None:
    expected = [math.exp(value) for value in values]
    np.testing.assert_allclose(exact_math.exp(np.array(values)), expected, rtol=1e-15)
    expected = [math.tanh(value) for value in values]
    np.testing.assert_allclose(exact_math.tanh(np.array(values)), expected, rtol=0, atol=1e-15)
    expected = [1 / (1 + math.exp(-value)) for value in values]
    np.testing.assert_allclose(exact_math.sigmoid(np.array(values)), expected, rtol=1e-14)


@given(st.lists(st.floats(1e-300, 1e300), min_size=1))
def test_logarithms(values: list[float]) -> None:
    expected = [math.log(value) for value in values]
    np.testing.assert_allclose(exact_math.log(np.array(values)), expected, rtol=1e-14, atol=1e-15)


def test_beyond_what_a_float_holds_it_stays_finite() -> None:
    assert (
        exact_math.exp(np.array([-1e9, 1e9])).tolist()
        == exact_math.exp(np.array([-700.0, 700.0])).tolist()
    )


@pytest.mark.parametrize("inner", [1, 6, 256, 1_024])
def test_a_product_is_right_and_has_no_order(inner: int) -> None:
    rng = np.random.default_rng(inner)
    rows = rng.uniform(-1, 1, (4, inner))
    weights = rng.normal(0, 0.4, (inner, 5)) * 10.0 ** rng.integers(-3, 1, (inner, 5))
    matrix = exact_math.Matrix(weights)
    found = matrix.times(rows)
    np.testing.assert_allclose(found, rows @ weights, atol=inner * 1e-7)
    np.testing.assert_allclose(exact_math.product(rows, weights), rows @ weights, atol=1e-10)
    # Whole multiples of a power of 2 whose sums float64 holds: any order gives the same.
    whole = np.rint(rows * 2.0**exact_math.ROW_BITS) * 2.0**-exact_math.ROW_BITS
    order = rng.permutation(inner)
    for part in (matrix._coarse, matrix._fine):
        terms = whole[:, order, None] * part[order]
        backwards = sum(terms[:, place] for place in range(inner))
        np.testing.assert_array_equal(backwards, whole @ part)
        unit = np.abs(part[part != 0]).min(initial=1) if part.any() else 1
        assert np.abs(terms).sum(axis=1).max() / (unit * 2.0**-exact_math.ROW_BITS) < 2**60
    assert matrix.times(np.zeros((1, inner))).tolist() == [[0.0] * 5]


def test_sums_are_taken_in_order() -> None:
    values = np.array([[1e16, 1.0, -1e16, 1.0]])
    assert exact_math.total(values).tolist() == [[1.0]]
