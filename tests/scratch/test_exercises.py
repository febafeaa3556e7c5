"""The checks of the exercises: right is right, and each mistake is told from the others."""

import numpy as np
import pytest

from dino_names.scratch import exercises, rnn
from dino_names.scratch.exercises import (
    check_clip,
    check_example,
    check_model,
    check_optimize,
    check_sample,
)


def clip(gradients, limit):
    return {name: np.clip(value, -limit, limit) for name, value in gradients.items()}


def sample(parameters, choose):
    ids, a, previous = [], np.zeros((len(parameters["Waa"]), 1)), None
    while previous != 0 and len(ids) < 50:
        x = np.zeros((parameters["Wax"].shape[1], 1))
        if previous is not None:
            x[previous] = 1
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        logits = parameters["Wya"] @ a + parameters["by"]
        y = np.exp(logits - logits.max())
        previous = choose(len(ids), (y / y.sum())[:, 0])
        ids.append(previous)
    return ids if previous == 0 else [*ids, 0]


def example(name, characters):
    ids = [characters.index(letter) for letter in name]
    return [None, *ids], [*ids, 0]


def optimize(X, Y, a_prev, parameters, learning_rate):
    loss, stacks = rnn.forward(X, Y, a_prev, parameters)
    gradients = clip(rnn.backward(Y, parameters, stacks), 5)
    for name in parameters:
        parameters[name] -= learning_rate * gradients[f"d{name}"]
    return loss, gradients, stacks[1][-1][:, None]


def model(examples, parameters, iterations):
    a, losses = np.zeros((len(parameters["Waa"]), 1)), []
    for number in range(iterations):
        ids = examples[number % len(examples)]
        loss, _, a = optimize([None, *ids], [*ids, 0], a, parameters, 0.01)
        losses.append(loss)
    return losses


RIGHT = {
    check_clip: clip,
    check_sample: sample,
    check_example: example,
    check_optimize: optimize,
    check_model: model,
}


def changed(function, old, new):
    """The same function with a mistake in its source."""
    import inspect

    source = inspect.getsource(function)
    assert old in source
    space = {**globals()}
    exec(source.replace(old, new), space)  # noqa: S102 - the source above
    return space[function.__name__]


@pytest.mark.parametrize("check", RIGHT)
def test_what_is_right_is_found_right(check):
    verdict = check(RIGHT[check])
    assert verdict.right and repr(verdict).endswith(": right")


@pytest.mark.parametrize("check", RIGHT)
@pytest.mark.parametrize("unfinished", [lambda *given: ..., lambda *given: None, lambda: None])
def test_what_is_not_finished_is_said_and_nothing_raised(check, unfinished):
    verdict = check(unfinished)
    assert not verdict.right and "not yet" in repr(verdict) and "\n" not in repr(verdict)
    assert "no result yet" in verdict.fault or "TypeError" in verdict.fault


@pytest.mark.parametrize(
    ("check", "old", "new", "said"),
    [
        (check_clip, "-limit", "-np.inf", "both sides"),
        (check_clip, ", limit) for", ", limit + 1) for", "above the limit of 10"),
        (check_clip, "np.clip(value, -limit, limit)", "np.clip(value, -10, 10)", "limit of 1"),
        (check_clip, "np.clip(value, -limit, limit)", "0 * value", "stay as they are"),
        (check_sample, "x[previous] = 1", "pass", "second character"),
        (check_sample, "np.zeros((len(", "np.ones((len(", "state of zeros"),
        (check_sample, "< 50", "< 20", "after 50 ids"),
        (check_sample, "(y / y.sum())[:, 0]", "y[:, 0]", "sum to 1"),
        (check_sample, "previous != 0 and", "", "when 0 is drawn"),
        (check_example, "[None, *ids]", "ids", "needs one to be foretold"),
        (check_example, "[None, *ids], [*ids, 0]", "[0, *ids], [*ids, 0]", "nothing is read"),
        (check_example, "[*ids, 0]", "[*ids, 1]", "the end is to be foretold"),
        (check_optimize, "5)", "50)", "beyond 5"),
        (check_optimize, "parameters[name] -=", "parameters[name] - ", "did not move"),
        (check_optimize, "-= learning_rate", "+= learning_rate", "minus learning_rate"),
        (check_optimize, "return loss", "return loss / 6", "summed"),
        (check_optimize, "stacks[1][-1]", "stacks[1][0]", "the state after"),
        (check_model, "[None, *ids], [*ids, 0], a,", "[None, *ids], [*ids, 1], a,", "and 0"),
        (check_model, "loss, _, a =", "loss, _, _ =", "carried"),
        (check_model, "number % len(examples)", "min(number, 2)", "round and round"),
    ],
)
def test_each_mistake_is_told(check, old, new, said):
    verdict = check(changed(RIGHT[check], old, new))
    assert said in verdict.fault, verdict


def test_no_answer_is_given_away():
    for check in RIGHT:
        for number in ("0.1947", "126.50", "2971"):
            assert number not in repr(check(lambda *given: None))
    assert pytest.approx(126.50397572165363) == exercises.PUBLISHED_LOSS
