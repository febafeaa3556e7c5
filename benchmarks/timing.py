"""Contenders that take turns: on a busy machine a single time says nothing, a ratio does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Turn = Callable[[], object]


def take_turns(contenders: Mapping[str, Turn], *, rounds: int) -> dict[str, float]:
    """Run every contender once a round, after one round that does not count.

    Arguments:
        contenders: what to run, by name.
        rounds: how often.

    Returns:
        The median seconds of each.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, run in contenders.items():
            started = time.perf_counter()
            run()
            if turn:
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(times) for name, times in seconds.items()}


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, numbers to the right.

    Arguments:
        headings: of the columns; the first names what a row is.
        rows: as many cells each as there are headings.
    """
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def ratio(numerator: float | None, denominator: float | None) -> str:
    """How many times the second the first is, or a dash where one is missing."""
    return "-" if numerator is None or denominator is None else f"{numerator / denominator:.2f}"


def speed(work: float, seconds: float) -> str:
    """How much of it was done in a second."""
    each = work / seconds
    return f"{each:,.0f}" if each >= 10 else f"{each:.2f}"
