"""Is a backward pass right? Compare it with the slope of the loss, number by number.

The slope is taken from four nearby losses, which leaves an error of the order h^4::

    (loss(w - 2h) - 8 loss(w - h) + 8 loss(w + h) - loss(w + 2h)) / 12h

and two numbers differ by their relative error, |analytic - numeric| / max(|analytic|, |numeric|).
Where both are tiny, the rounding of the loss itself is all that is left to compare, so the
denominator never falls below a floor.

Source: Fornberg, "Generation of finite difference formulas", 1988 (the formula).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dino_names.scratch.errors import LabError
from dino_names.scratch.rnn import Array


class GradientError(AssertionError):
    """A backward pass disagrees with the slope of the loss."""


@dataclass(frozen=True)
class Worst:
    """The place where a gradient and the slope differ most.

    Attributes:
        name: of the parameter.
        index: within the parameter.
        analytic: what the backward pass says.
        numeric: the slope of the loss.
        error: relative error.
    """

    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float
    error: float

    def __str__(self) -> str:
        place = f"{self.name}[{', '.join(map(str, self.index))}]"
        return (
            f"{place}: analytic {self.analytic:.12g}, numeric {self.numeric:.12g}, "
            f"relative error {self.error:.1e}"
        )


def numeric_gradient(loss: Callable[[], float], array: Array, *, h: float = 1e-3) -> Array:
    """The slope of the loss at each number of an array.

    Arguments:
        loss: computes the loss from the array as it stands.
        array: changed in place while measuring, and put back.
        h: the distance of the nearest losses, 0.001 by default.

    Returns:
        As the array's shape.
    """
    slope = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        total = 0.0
        for weight, offset in ((1, -2), (-8, -1), (8, 1), (-1, 2)):
            array[index] = before + offset * h
            total += weight * loss()
        array[index] = before
        slope[index] = total / (12 * h)
    return slope


def worst(name: str, analytic: Array, numeric: Array, *, floor: float = 1e-5) -> Worst:
    """The place where two gradients of one parameter differ most.

    Arguments:
        name: of the parameter.
        analytic, numeric: of one shape.
        floor: the denominator of the relative error is never below it, 1e-5 by default.
    """
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
    error = np.abs(analytic - numeric) / size
    # NaN is not above any tolerance, and must fail all the same.
    error = np.where(np.isnan(error), np.inf, error)
    index = np.unravel_index(int(error.argmax()), error.shape)
    place = tuple(int(i) for i in index)
    return Worst(name, place, float(analytic[place]), float(numeric[place]), float(error[place]))


def check_gradients(
    loss: Callable[[], float],
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    *,
    tolerance: float = 1e-6,
    h: float = 1e-3,
    floor: float = 1e-5,
) -> list[Worst]:
    """Compare every number of every gradient with the slope of the loss.

    Arguments:
        loss: computes the loss from the parameters as they stand.
        parameters: float64 arrays, changed in place while measuring, and put back.
        gradients: under the same names, or under those names with a `d` before them.
        tolerance: the largest relative error allowed, 1e-6 by default.
        h: distance of the nearest losses, 0.001 by default.
        floor: the denominator of the relative error is never below it, 1e-5 by default.

    Returns:
        The worst place of each parameter, the worst parameter first.

    Raises:
        GradientError: an error above the tolerance; names the worst place with its analytic
            and its numeric value, and every other parameter that is wrong.
        LabError: a gradient is missing, of another shape, or the numbers are not float64.

    Example:
        >>> import numpy as np
        >>> w = {"w": np.array([1.0, 2.0])}
        >>> [place] = check_gradients(lambda: float((w["w"] ** 2).sum()), w, {"w": 2 * w["w"]})
        >>> place.error < 1e-6
        True
    """
    found = []
    for name, array in parameters.items():
        analytic = gradients.get(name, gradients.get(f"d{name}"))
        if analytic is None or analytic.shape != array.shape or array.dtype != np.float64:
            received = "none" if analytic is None else f"{analytic.shape}"
            raise LabError(
                f"{name}: expected float64 {array.shape} and a gradient of that shape, "
                f"received {array.dtype} and {received}."
            )
        numeric = numeric_gradient(loss, array, h=h)
        found.append(worst(name, analytic, numeric, floor=floor))
    found.sort(key=lambda place: place.error, reverse=True)
    wrong = [place for place in found if place.error > tolerance]
    if wrong:
        lines = "\n  ".join(map(str, wrong))
        raise GradientError(f"expected relative errors up to {tolerance:g}, received\n  {lines}")
    return found
