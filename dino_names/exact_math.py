"""Exponentials, logarithms and products of matrices to the same bits on every processor.

A processor's own instructions for the first two, and the order in which a library adds up a
product, differ from one to the next in the last bits. Here everything is made of single additions,
multiplications and divisions in float64, which IEEE 754 rounds alike everywhere: in one order, or
of numbers so round that no order changes the sum.
"""

from __future__ import annotations

import math

import numpy as np

from dino_names.arrays import Array, Float64s

# ln 2 in two parts, of which the first has zeros at its end: its multiples are exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
EXP_TERMS = tuple(1 / math.factorial(power) for power in range(14))
LOG_TERMS = tuple(1 / power for power in range(1, 24, 2))
LARGEST = 700.0
ROW_BITS = 24
TINY = 1e-30


def exp(values: Array) -> Float64s:
    """E to some powers from -700 to 700; others are taken for these.

    With x = k ln 2 + r, |r| <= ln 2 / 2, it is 2^k times Taylor's polynomial of r.
    """
    values = np.clip(np.asarray(values, np.float64), -LARGEST, LARGEST)
    power = np.rint(values / math.log(2))
    rest = values - power * LN2_HIGH - power * LN2_LOW
    found = np.full(values.shape, EXP_TERMS[-1])
    for term in EXP_TERMS[-2::-1]:
        found *= rest
        found += term
    return np.asarray(np.ldexp(found, power.astype(np.int32)))


def log(values: Array) -> Float64s:
    """Natural logarithms of positive numbers.

    With x = m 2^k, m near 1, and s = (m - 1) / (m + 1), it is k ln 2 + 2 (s + s^3 / 3 + ...).
    """
    fraction, power = np.frexp(np.asarray(values, np.float64))
    small = fraction < math.sqrt(0.5)
    fraction, power = np.where(small, 2 * fraction, fraction), power - small
    ratio = (fraction - 1) / (fraction + 1)
    square = ratio * ratio
    found = np.full(ratio.shape, LOG_TERMS[-1])
    for term in LOG_TERMS[-2::-1]:
        found = found * square + term
    return np.asarray(power * LN2_HIGH + (2 * ratio * found + power * LN2_LOW))


def power(values: Array, exponent: float) -> Float64s:
    """Positive numbers to a power."""
    return exp(exponent * log(values))


def tanh(values: Array) -> Float64s:
    """Hyperbolic tangents."""
    shrunk = exp(-2 * np.abs(values))
    return np.asarray(np.copysign((1 - shrunk) / (1 + shrunk), values))


def sigmoid(values: Array) -> Float64s:
    """1 / (1 + e^-x)."""
    return np.asarray(1 / (1 + exp(-values)))


class Matrix:
    """A matrix (inner, outer) whose products are the same in whatever order they are added up.

    It is the sum of two, each of whole multiples of a power of 2, as what it is multiplied with is
    made to be. All partial sums are then whole numbers below 2^53, times a power of 2, which
    float64 holds exactly. What is rounded away is a share of 2^-24 of 1 and of the largest weight.

    Arguments:
        values: finite.
    """

    def __init__(self, values: Array) -> None:
        values = np.asarray(values, np.float64)
        bits = 53 - 1 - ROW_BITS - max(1, math.ceil(math.log2(len(values))))
        unit = 2.0 ** (math.ceil(math.log2(max(np.abs(values).max(), TINY))) - bits)
        self._coarse = np.rint(values / unit) * unit
        unit *= 2.0**-bits
        self._fine = np.rint((values - self._coarse) / unit) * unit

    def times(self, rows: Float64s) -> Float64s:
        """The product of some rows (batch, inner) from -1 to 1 with it, (batch, outer)."""
        whole = np.rint(rows * 2.0**ROW_BITS) * 2.0**-ROW_BITS
        return np.asarray(whole @ self._coarse + whole @ self._fine)


def product(rows: Array, matrix: Array) -> Float64s:
    """Some rows (batch, inner) times a matrix (inner, outer), added up from the first to the last.

    Slower than a `Matrix`, and for rows of any size.
    """
    found = np.zeros((len(rows), matrix.shape[1]))
    for column, weights in zip(np.transpose(rows), matrix, strict=True):
        found += column[:, None] * np.asarray(weights, np.float64)
    return found


def total(values: Float64s) -> Float64s:
    """The sums of rows, (batch, inner) to (batch, 1), added up from the first to the last."""
    return np.asarray(np.cumsum(values, axis=1)[:, -1:])
