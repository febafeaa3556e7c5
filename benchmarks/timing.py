"""Contenders that take turns: on a busy machine a single time says nothing, a ratio does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def take_turns(contenders: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
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


def table(title: str, seconds: Mapping[str, float], *, work: float, unit: str) -> str:
    """A Markdown table of speeds, each against the first contender's.

    Arguments:
        title: what was measured.
        seconds: of each contender.
        work: how much of the unit each did in that time.
        unit: what is counted.
    """
    first = next(iter(seconds.values()))
    rows = [f"| {title} | {unit}/s | times the first |", "|---|---|---|"]
    for name, time_taken in seconds.items():
        rows.append(f"| {name} | {work / time_taken:,.0f} | {first / time_taken:.2f} |")
    return "\n".join(rows) + "\n"
