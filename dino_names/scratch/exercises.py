"""Exercises that check themselves: the four of the published course, on its own numbers.

Each check takes what a student wrote, runs it on inputs for which the results are published, and
says whether it is right, or the first thing that is not, without giving the answer away::

    def clip(gradients, limit):
        ...

    check_clip(clip)

Nothing is raised: a function that is not finished, or ends with an error, is one more thing to say.

Source: Andrew Ng, Deep Learning Specialization, Sequence Models, "Character level language
model - Dinosaurus Island" (inputs, seeds and results).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from dino_names.scratch import island, rnn
from dino_names.scratch.errors import LabError
from dino_names.scratch.rnn import Array, Parameters

UNITS, LETTERS = 100, 27
PUBLISHED_LOSS = 126.503975722


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes:
        exercise: its name.
        fault: the first thing that is not right; empty where all is.
    """

    exercise: str
    fault: str = ""

    @property
    def right(self) -> bool:
        """Whether nothing was found."""
        return not self.fault

    def __repr__(self) -> str:
        return f"{self.exercise}: {'right' if self.right else f'not yet: {self.fault}'}"


def _given(result: Any) -> Any:
    """What a student's function gave.

    Raises:
        LabError: it is not written yet.
    """
    parts = result if isinstance(result, tuple) else (result,)
    if any(part is None or part is ... for part in parts):
        raise LabError("there is no result yet")
    return result


def _verdict(exercise: str, faults: Iterator[str]) -> Verdict:
    try:
        return Verdict(exercise, next(faults, ""))
    except LabError as error:
        return Verdict(exercise, str(error))
    except Exception as error:  # a student's code may end in any way  # noqa: BLE001
        said = " ".join(str(error).split())
        return Verdict(exercise, f"your function ended with {type(error).__name__}: {said}")


def _inputs(seed: int, *, a_prev: bool = False) -> tuple[Array, Parameters]:
    """The published random numbers, drawn in the published order."""
    draw = np.random.RandomState(seed).randn
    state = draw(UNITS, 1) if a_prev else np.zeros((UNITS, 1))
    shapes = {
        "Wax": (UNITS, LETTERS),
        "Waa": (UNITS, UNITS),
        "Wya": (LETTERS, UNITS),
        "b": (UNITS, 1),
        "by": (LETTERS, 1),
    }
    return state, {name: draw(*shape) for name, shape in shapes.items()}


def check_clip(clip: Callable[[Parameters, float], Parameters]) -> Verdict:
    """Check `clip(gradients, limit)`: every number brought between -limit and limit."""

    def faults() -> Iterator[str]:
        draw = np.random.RandomState(3).randn
        shapes = {"dWax": (5, 3), "dWaa": (5, 5), "dWya": (2, 5), "db": (5, 1), "dby": (2, 1)}
        gradients = {name: draw(*shape) * 10 for name, shape in shapes.items()}
        given = {name: value.copy() for name, value in gradients.items()}
        clipped = _given(clip(gradients, 10.0))
        if not isinstance(clipped, dict) or set(clipped) != set(gradients):
            yield f"expected a dict with {', '.join(gradients)}, received {_brief(clipped)}."
        for name, value in clipped.items():
            if np.max(value) > 10:
                yield f"{name} still has {np.max(value):.3g}, above the limit of 10."
            if np.min(value) < -10:
                yield f"{name} still has {np.min(value):.3g}, below -10: both sides have a limit."
            inside = np.abs(given[name]) <= 10
            if not np.array_equal(value[inside], given[name][inside]):
                yield f"{name}: numbers within the limits are to stay as they are."
        if clipped["dWaa"][1][2] != 10 or clipped["dWax"][3][1] != -10:
            yield "what is beyond a limit is to become that limit."
        tight = clip({"db": np.array([3.0, -0.5])}, 1.0)["db"]
        if not np.array_equal(tight, [1.0, -0.5]):
            yield "with a limit of 1 it does not clip at 1: is the 10 written into your function?"

    return _verdict("clip", faults())


def check_sample(sample: Callable[[Parameters, Callable[..., int]], Sequence[int]]) -> Verdict:
    """Check `sample(parameters, choose)`: one name, each id fed back in, until id 0 or 50 ids.

    `choose(k, probabilities)` draws id number k from probabilities of shape (27,).
    """

    def faults() -> Iterator[str]:
        _, parameters = _inputs(2)
        seen: list[Array] = []

        def choose(k: int, probabilities: Array) -> int:
            seen.append(np.asarray(probabilities))
            return island.choose(0, k, np.ravel(probabilities))

        ids = list(_given(sample(parameters, choose)))
        if not seen:
            yield "it never called choose."
        if seen[0].shape != (LETTERS,) or abs(seen[0].sum() - 1) > 1e-9:
            yield f"expected {LETTERS} probabilities that sum to 1, received {_brief(seen[0])}."
        _, _, first = rnn.predict([None], np.zeros((UNITS, 1)), parameters)
        if not np.allclose(seen[0], first[0]):
            yield "the first character is to be drawn after no input and a state of zeros."
        right = island.sample(parameters, seed=0)
        if ids[:2] != right[:2]:
            yield "the second character is another: does the first go in, and the state on?"
        if len(ids) != len(right):
            yield f"expected it to stop after 50 ids and a 0, received {len(ids)} ids."
        if ids != right:
            wrong = next(k for k, (a, b) in enumerate(zip(ids, right, strict=True)) if a != b)
            yield f"the ids are the published ones up to number {wrong} and others from there on."
        if list(sample(parameters, lambda k, _: 5 if k < 2 else 0)) != [5, 5, 0]:
            yield "a name is over when 0 is drawn, which is its last id."

    return _verdict("sample", faults())


def check_example(example: Callable[[str, str], tuple[Any, Any]]) -> Verdict:
    """Check `example(name, characters)`: the ids X that are read and Y that are to be foretold.

    Before the first letter nothing is read: None. After the last, id 0 is to be foretold.
    """

    def faults() -> Iterator[str]:
        characters = "\nabcdefghijklmnopqrstuvwxyz"
        X, Y = _given(example("turiasaurus", characters))
        X, Y = list(X), list(Y)
        shown = f"X = {X}, Y = {Y}"
        if len(X) != len(Y):
            yield f"every id read needs one to be foretold: {shown}."
        if X[:1] != [None]:
            yield f"before the first letter nothing is read: {shown}."
        if Y[-1:] != [0]:
            yield f"after the last letter the end is to be foretold: {shown}."
        if Y[:-1] != X[1:] or X[1:] != [characters.index(letter) for letter in "turiasaurus"]:
            yield f"between them both have the ids of the letters in their order: {shown}."

    return _verdict("example", faults())


def check_optimize(optimize: Callable[..., tuple[float, Parameters, Array]]) -> Verdict:
    """Check `optimize(X, Y, a_prev, parameters, learning_rate)`: one step of gradient descent.

    It gives the loss before the step, the gradients, clipped to +-5, and the last state.
    """

    def faults() -> Iterator[str]:
        a_prev, parameters = _inputs(1, a_prev=True)
        before = {name: value.copy() for name, value in parameters.items()}
        X, Y = [12, 3, 5, 11, 22, 3], [4, 14, 11, 22, 25, 26]
        loss, gradients, a_last = _given(optimize(X, Y, a_prev, parameters, 0.01))
        if abs(loss - PUBLISHED_LOSS) > 1e-6:
            yield f"the loss is {loss:.6f}: is it that of forward, before the step, summed?"
        if max(np.abs(value).max() for value in gradients.values()) > 5:
            yield "the gradients go beyond 5: clip them before the step."
        if np.argmax(gradients["dWax"]) != 93 or abs(gradients["dWaa"][1][2] - 0.194709315) > 1e-6:
            yield "the gradients are not those of backward, clipped."
        if all(np.array_equal(parameters[name], before[name]) for name in before):
            yield "the parameters did not move: they are to be changed in place."
        for name, value in parameters.items():
            if not np.allclose(value, before[name] - 0.01 * gradients[f"d{name}"]):
                yield f"{name} is not what it was minus learning_rate times its gradient."
        if np.shape(a_last) != (UNITS, 1) or not np.allclose(np.ravel(a_last)[4], -1):
            yield "the third thing it gives is the state after the last step, (100, 1)."

    return _verdict("optimize", faults())


def check_model(model: Callable[..., Sequence[float]]) -> Verdict:
    """Check `model(examples, parameters, iterations)`: the training loop, giving every loss.

    The ids of a name an iteration, round and round; the state carried into the next name.
    """

    def faults() -> Iterator[str]:
        names = [[1, 2, 3], [3, 1], [2, 2, 1, 3]]
        draw = partial(rnn.initial_parameters, 4, 6, 4)
        mine, theirs = draw(np.random.RandomState(1)), draw(np.random.RandomState(1))
        right = [loss for _, loss in rnn.train(names, mine, iterations=7)]
        losses = [float(loss) for loss in _given(model(names, theirs, 7))]
        if len(losses) != 7:
            yield f"expected a loss for each of 7 iterations, received {len(losses)}."
        wrong = [k for k in range(7) if abs(losses[k] - right[k]) > 1e-9]
        hints = (
            "is its example None and the letters, with the letters and 0 to foretell?",
            "is the state of the first carried into it, and did the first step change anything?",
        )
        if wrong:
            hint = hints[wrong[0]] if wrong[0] < 2 else "do the names come round and round?"
            yield f"the loss of iteration {wrong[0]} is {losses[wrong[0]]:.6f}: {hint}"

    return _verdict("model", faults())


def _brief(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} with sum {value.sum():.3g}"
    return f"{type(value).__name__}"
