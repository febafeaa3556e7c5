"""Tasks for the student: each checks what was written, and says what is wrong with it.

A task is a function to be written. `check("perplexity", perplexity)` calls it on inputs of its own,
compares what it gives with what is right, and says the first difference without the right answer.
Those of the published course are in `dino_names.scratch`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dino_names.checks import check_choice
from dino_names.scratch import Verdict
from dino_names.teaching.task_list import TASKS

TOLERANCE = 1e-6
UNWRITTEN = "there is no result yet"


def check(task: str, written: Callable[..., Any]) -> Verdict:
    """Check what a student wrote; nothing is raised.

    Arguments:
        task: its name, one of TASKS.
        written: the function.

    Raises:
        OptionError: there is no such task.
    """
    check_choice("task", task, tuple(TASKS))
    made = TASKS[task]
    for number, given in enumerate(made.inputs, 1):
        copies = [value.copy() if isinstance(value, np.ndarray) else value for value in given]
        try:
            fault = difference(written(*copies), made.right(*given))
        except Exception as error:  # a student's code may end in any way  # noqa: BLE001
            fault = (
                f"your function ended with {type(error).__name__}: {' '.join(str(error).split())}"
            )
        if fault == UNWRITTEN:
            return Verdict(task, fault)
        if fault:
            return Verdict(task, f"at call {number} of {len(made.inputs)}, {fault} ({made.hint})")
    return Verdict(task)


def difference(received: Any, right: Any) -> str:
    """What is wrong with a value, without the right one; empty where nothing is."""
    given = received if isinstance(received, (tuple, list)) else [received]
    if any(part is None or part is ... for part in given):
        return UNWRITTEN
    if isinstance(right, str):
        if not isinstance(received, str):
            return f"expected text, received {type(received).__name__}"
        return "" if received == right else f"it is not {received!r}"
    if isinstance(right, (list, tuple)) and not _numbers(right):
        if not isinstance(received, (list, tuple)) or len(received) != len(right):
            return f"expected {len(right)} parts, received {_size(received)}"
        parts = enumerate(zip(received, right, strict=True))
        faults = (f"part {place}: {found}" for place, pair in parts if (found := difference(*pair)))
        return next(faults, "")
    try:
        numbers = np.asarray(received, float)
    except (TypeError, ValueError):
        return f"expected numbers, received {type(received).__name__}"
    wanted = np.asarray(right, float)
    if numbers.shape != wanted.shape:
        return f"expected the shape {wanted.shape}, received {numbers.shape}"
    wrong = np.argwhere(~np.isclose(numbers, wanted, rtol=TOLERANCE, atol=TOLERANCE))
    if not len(wrong):
        return ""
    place = tuple(int(index) for index in wrong[0])
    if np.isnan(numbers[place]):
        way = "not a number"
    else:
        way = "too large" if numbers[place] > wanted[place] else "too small"
    return f"the number {f'at {place} ' if place else ''}is {way}"


def _numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, (int, float, np.number)) for value in values)


def _size(value: Any) -> str:
    return str(len(value)) if isinstance(value, (list, tuple)) else type(value).__name__
