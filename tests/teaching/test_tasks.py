"""Tasks for the student: right is right, wrong is said without the answer, nothing is raised."""

from __future__ import annotations

import numpy as np
import pytest

from dino_names.errors import OptionError
from dino_names.teaching import check
from dino_names.teaching.task_list import TASKS
from dino_names.teaching.tasks import difference


@pytest.mark.parametrize("name", TASKS)
def test_each_task_has_a_right_answer_and_takes_no_other(name: str) -> None:
    right = TASKS[name].right
    assert check(name, right).right
    for wrong in (lambda *given: ..., lambda *given: None, lambda: 1, lambda *given: object()):
        verdict = check(name, wrong)
        assert not verdict.right and "\n" not in repr(verdict)
    assert repr(check(name, lambda *given: ...)) == f"{name}: not yet: there is no result yet"


@pytest.mark.parametrize("name", TASKS)
def test_what_is_a_little_wrong_is_found_at_some_call(name: str) -> None:
    right = TASKS[name].right

    def spoilt(value: object) -> object:
        if isinstance(value, str):
            return value + "x"
        if isinstance(value, (list, tuple)):
            return type(value)([*value[:-1], spoilt(value[-1])])
        return np.asarray(value, float) * 1.01 + 0.01

    verdict = check(name, lambda *given: spoilt(right(*given)))
    assert not verdict.right and "at call" in verdict.fault


def test_a_task_may_not_be_spoilt_by_changing_what_it_is_given() -> None:
    def cheat(logits: np.ndarray, temperature: float) -> np.ndarray:
        logits[:] = 0
        return np.full(len(logits), 1 / len(logits))

    assert not check("probabilities", cheat).right
    assert check("probabilities", TASKS["probabilities"].right).right


@pytest.mark.parametrize(
    ("received", "right", "said"),
    [
        (..., 1.0, "no result yet"),
        (2.0, 1.0, "the number is too large"),
        ([1.0, 0.0], [1.0, 2.0], "the number at (1,) is too small"),
        (float("nan"), 1.0, "not a number"),
        ([1.0], [1.0, 2.0], "expected the shape (2,), received (1,)"),
        ("Ada", "Bea", "it is not 'Ada'"),
        (3, "Bea", "expected text, received int"),
        (["a"], ["a", "b"], "expected 2 parts, received 1"),
        (([1], 2), ([1], 3), "part 1: the number is too small"),
        ("text", 1.0, "expected numbers, received str"),
        (1.0 + 1e-9, 1.0, ""),
        ((np.array([1, 2]), [3]), (np.array([1, 2]), np.array([3])), ""),
    ],
)
def test_differences_are_said_without_the_right_value(
    received: object, right: object, said: str
) -> None:
    found = difference(received, right)
    assert (said in found) if said else (found == "")


def test_there_is_no_other_task() -> None:
    with pytest.raises(OptionError, match="task: expected one of"):
        check("nothing", lambda: 1)
