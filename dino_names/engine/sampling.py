"""From logits to ids: temperature, top-k, top-p, and the uniform numbers that decide."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from dino_names.arrays import Float64s, Floats, Indices, UInt64s
from dino_names.checks import check_range, check_sampling
from dino_names.errors import DinoNamesError
from dino_names.record import Record

# Below it the quotient of two logits' difference and the temperature leaves float32 anyway.
SMALLEST_DIVISOR = 1e-30


class Sampler(Record):
    """How an id is chosen: temperature first, then top-k, then top-p.

    Arguments:
        temperature: divides the logits; 0 always takes the likeliest id.
        top_k: how many of the likeliest ids may be chosen; None for all.
        top_p: the likeliest ids that together hold this share of what is left may be chosen
            (nucleus sampling, Holtzman et al. 2020, arXiv 1904.09751); None for all.

    Raises:
        OptionError: an option out of its range.

    Example:
        >>> import numpy as np
        >>> Sampler(temperature=0).choose(np.array([[0.0, 2.0, 1.0]]), np.array([0.9]))
        array([1])
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None

    def check(self) -> None:
        """Refuse options out of their ranges."""
        check_sampling(self.temperature, self.top_k, self.top_p)

    def probabilities(self, logits: Floats) -> Float64s:
        """With which probability each id is chosen.

        Arguments:
            logits: shape (batch, vocab_size); -inf for an id that is not allowed.

        Returns:
            float64 of shape (batch, vocab_size), each row with the sum 1.

        Raises:
            DinoNamesError: a row holds NaN or inf, or allows no id.
        """
        weights = self.weights(logits).astype(np.float64)
        weights /= weights.sum(axis=1, keepdims=True)
        return weights

    def choose(self, logits: Floats, uniforms: Float64s) -> Indices:
        """One id for each row.

        Arguments:
            logits: shape (batch, vocab_size).
            uniforms: shape (batch,), each at least 0 and below 1.

        Returns:
            Indices of shape (batch,), none with the probability 0.
        """
        return self.draw(logits, uniforms)[0]

    def draw(self, logits: Floats, uniforms: Float64s) -> tuple[Indices, Float64s]:
        """Like `choose`, with the probability of each id chosen, shape (batch,)."""
        weights = self.weights(logits)
        cumulative = np.cumsum(weights, axis=1, dtype=np.float64)
        total = cumulative[:, -1]
        # The first id whose cumulative weight passes the mark: its own weight is above zero, and
        # there is one, since a uniform below 1 times the total rounds to less than the total.
        ids = (cumulative > (uniforms * total)[:, None]).argmax(axis=1)
        return ids, weights[np.arange(ids.size), ids] / total

    def weights(self, logits: Floats) -> Floats:
        """Probabilities but for a factor per row; the largest weight of a row is 1.

        Arguments:
            logits: shape (batch, vocab_size).

        Raises:
            DinoNamesError: a row holds NaN or inf, or allows no id.
        """
        highest = logits.max(axis=1, keepdims=True)
        if not np.isfinite(highest).all():
            raise DinoNamesError(_trouble(logits))
        if self.temperature == 0:
            weights = np.zeros_like(logits)
            weights[np.arange(len(logits)), logits.argmax(axis=1)] = 1
            return weights
        weights = logits - highest
        if self.temperature != 1:
            with np.errstate(over="ignore"):
                weights /= max(self.temperature, SMALLEST_DIVISOR)
        weights = self._exp(weights)
        return weights if self.top_k is None and self.top_p is None else self._cut(weights)

    def total(self, weights: Floats) -> Float64s:
        """The sums of rows of weights, (batch,)."""
        return np.asarray(weights.sum(axis=1, dtype=np.float64))

    def _exp(self, values: Any) -> Any:
        """E to some powers, in their place or not."""
        return np.exp(values, out=values)

    def _cut(self, weights: Floats) -> Floats:
        """Zero for the ids that top-k and top-p leave out; of equal ones the lower id stays."""
        order = np.argsort(-weights, axis=1, kind="stable")[:, : self.top_k]
        ranked = np.take_along_axis(weights, order, axis=1)
        if self.top_p is not None:
            cumulative = np.cumsum(ranked, axis=1, dtype=np.float64)
            before = cumulative - ranked
            ranked[before >= self.top_p * cumulative[:, -1:]] = 0
        kept = np.zeros_like(weights)
        np.put_along_axis(kept, order, ranked, axis=1)
        return kept


def _trouble(logits: Floats) -> str:
    row = int(np.flatnonzero(~np.isfinite(logits.max(axis=1)))[0])
    if np.isnan(logits[row]).any():
        found = "NaN"
    else:
        found = "inf" if (logits[row] == np.inf).any() else "no character that is allowed"
    return (
        f"logits: expected finite numbers, received {found} in row {row}; "
        "the model's weights are damaged or its training diverged: train it again."
    )


class Uniforms:
    """Numbers in [0, 1), a stream of its own for each name, by seed, position and step.

    The streams are SplitMix64's (Steele, Lea and Flood 2014, "Fast splittable pseudorandom
    number generators"), started from the seed and the position, so any number of any stream is
    computed alone. NumPy's own generators would cost more to import than a name to generate.

    Arguments:
        seed: 0 or above; None takes fresh entropy from the system.

    Raises:
        OptionError: the seed is negative, not whole, or does not fit 64 bits.
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is None:
            seed = int.from_bytes(os.urandom(8), "little")
        check_range("seed", seed, low=0, high=2**64 - 1, whole=True)
        self._key = _mix(np.array([seed], np.uint64) + GAMMA)

    def block(self, positions: UInt64s, first: int, steps: int) -> Float64s:
        """The numbers of some names for some steps.

        Arguments:
            positions: which names, uint64 of shape (batch,).
            first: the first step.
            steps: how many steps.

        Returns:
            float64 of shape (batch, steps).
        """
        return _numbers(_mix((positions + np.uint64(1)) * GAMMA + self._key), first, steps)


class KeyedUniforms(Uniforms):
    """The streams of many seeds side by side, all at the same position.

    Arguments:
        seeds: of each row, (rows,).
        position: which stream of each.
    """

    def __init__(self, seeds: UInt64s, position: int) -> None:
        self._keys = _mix(seeds + GAMMA)
        self._start = np.array([position + 1], np.uint64) * GAMMA

    def block(self, positions: UInt64s, first: int, steps: int) -> Float64s:
        """As `Uniforms.block` of each row's own seed; `positions` are the rows."""
        return _numbers(_mix(self._start + self._keys[positions]), first, steps)


GAMMA = np.uint64(0x9E3779B97F4A7C15)


def _numbers(starts: UInt64s, first: int, steps: int) -> Float64s:
    """The numbers of some streams for some steps, (streams, steps)."""
    offsets = np.arange(first + 1, first + steps + 1, dtype=np.uint64) * GAMMA
    words = _mix(starts[:, None] + offsets)
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(words: UInt64s) -> UInt64s:
    """SplitMix64's output function, on an array that becomes the result."""
    words ^= words >> np.uint64(30)
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words
