"""Numbers and choices held against their bounds, with one wording for all refusals."""

from __future__ import annotations

from typing import Any

from dino_names.errors import OptionError
from dino_names.record import plain

# What a draw may be asked for, in a configuration, a model file and a call alike.
SAMPLING_LIMITS: dict[str, dict[str, Any]] = {
    "temperature": {"low": 0, "high": 100.0},
    "top_k": {"low": 1},
    "top_p": {"above": 0, "high": 1},
}


def check_range(
    option: str,
    value: float,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
    whole: bool = False,
) -> None:
    """Refuse a number outside its range, naming the option, the range and the number.

    Arguments:
        option: the option's name as its user wrote it.
        value: the number received.
        low, high: bounds that are allowed themselves.
        above, below: bounds that are not.
        whole: whether it must be an integer.

    Raises:
        OptionError: the number is NaN, out of range, or not whole where it must be.
    """
    value = plain(value)
    kind = "a whole number" if whole else "a number"
    right_type = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    inside = right_type and (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (above is None or value > above)
        and (below is None or value < below)
        and value == value
        and value not in (float("inf"), float("-inf"))
    )
    if inside:
        return
    limits = [
        f"{word} {bound}"
        for word, bound in (
            ("at least", low),
            ("above", above),
            ("at most", high),
            ("below", below),
        )
        if bound is not None
    ]
    expected = " ".join([kind, " and ".join(limits)]).strip()
    raise OptionError(f"{option}: expected {expected}, received {brief(value)}.")


def brief(value: object) -> str:
    """A value as a message shows it: short, whatever it is."""
    try:
        shown = repr(value)
    except ValueError:  # Python does not write out whole numbers of thousands of digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 80 else f"{shown[:80]}..."


def check_choice(option: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse what is not one of the choices.

    Raises:
        OptionError: names the choices and what was received.
    """
    if not isinstance(value, str) or value not in choices:
        raise OptionError(
            f"{option}: expected one of {', '.join(choices)}, received {brief(value)}."
        )


def check_sampling(temperature: float, top_k: int | None, top_p: float | None) -> None:
    """Refuse a temperature, top-k or top-p out of its range; None is off for the latter two.

    Raises:
        OptionError: names the first.
    """
    check_range("temperature", temperature, **SAMPLING_LIMITS["temperature"])
    if top_k is not None:
        check_range("top_k", top_k, whole=True, **SAMPLING_LIMITS["top_k"])
    if top_p is not None:
        check_range("top_p", top_p, **SAMPLING_LIMITS["top_p"])
