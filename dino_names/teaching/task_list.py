"""The tasks of the notebooks: functions to be written, right ones, and what they are tried on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Task:
    """A function to be written.

    Arguments:
        right: one that is right.
        inputs: what it is tried on, the arguments of each call.
        hint: what to think of where the numbers differ.
    """

    right: Callable[..., Any]
    inputs: Sequence[tuple[Any, ...]]
    hint: str


def _counts(names: Sequence[str], characters: str) -> Any:
    table = np.zeros((len(characters), len(characters)), int)
    for name in names:
        for before, after in zip("\n" + name, name + "\n", strict=True):
            table[characters.index(before), characters.index(after)] += 1
    return table


def _windows(ids: Sequence[int], size: int) -> list[tuple[list[int], int]]:
    padded = [0] * size + list(ids)
    return [(padded[place : place + size], padded[place + size]) for place in range(len(ids))]


def _causal(scores: Any) -> Any:
    masked = np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf)
    weights = np.exp(masked - masked.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def _shift(ids: Sequence[int]) -> tuple[Any, Any]:
    return ids[:-1], ids[1:]


def _probabilities(logits: Any, temperature: float) -> Any:
    scaled = np.asarray(logits, float) / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()


def _gru_parameters(features: int, units: int) -> int:
    return 3 * (features * units + units * units + 2 * units)


def _reach(norms: Any) -> int:
    return int(np.flatnonzero(np.asarray(norms) < 0.01 * norms[0])[0])


def _gpt_positions(time: int) -> int:
    return time * (time + 1) // 2


def _new_share(invented: Sequence[str], listed: Sequence[str]) -> float:
    return sum(name not in set(listed) for name in invented) / len(invented)


def _nearest(name: str, listed: Sequence[str]) -> str:
    def shared(other: str) -> int:
        same = 0
        for one, two in zip(name, other, strict=False):
            if one != two:
                break
            same += 1
        return same

    return max(sorted(listed), key=shared)


def _streams(text: str, rows: int) -> list[str]:
    size = len(text) // rows
    return [text[row * size : (row + 1) * size] for row in range(rows)]


def _top_p(probabilities: Any, share: float) -> Any:
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    before = np.cumsum(np.asarray(probabilities)[order]) - np.asarray(probabilities)[order]
    kept = np.zeros(len(order))
    chosen = order[before < share]
    kept[chosen] = np.asarray(probabilities)[chosen]
    return kept / kept.sum()


def _posterior(nats: Sequence[float], prior: Sequence[float]) -> Any:
    joint = np.asarray(prior) * np.exp(-(np.asarray(nats) - np.min(nats)))
    return joint / joint.sum()


def _blend(one: Any, other: Any, share: float) -> Any:
    return (1 - share) * np.asarray(one) + share * np.asarray(other)


_RNG = np.random.default_rng(0)
_LOGITS = _RNG.normal(size=7) * 3
_SKEWED = _probabilities(_LOGITS, 1.0)
TASKS: dict[str, Task] = {
    "counts": Task(
        _counts,
        [(["ab", "ba", "b"], "\nab"), (["aab"], "\nab"), ([], "\nab")],
        "a newline stands before each name and after it; row: the character before",
    ),
    "windows": Task(
        _windows,
        [([2, 1, 3, 0], 3), ([5, 0], 1), ([4, 4, 4, 0], 2)],
        "in front of the first id stand as many zeros as a window is long",
    ),
    "causal": Task(
        _causal,
        [(_RNG.normal(size=(4, 4)),), (_RNG.normal(size=(6, 6)) * 50,)],
        "row t may look at columns up to t alone, and sums to 1",
    ),
    "shift": Task(
        _shift,
        [(np.array([5, 2, 7, 0]),), (np.array([1, 0]),)],
        "what is to be said at a step is what is read at the next",
    ),
    "probabilities": Task(
        _probabilities,
        [(_LOGITS, 1.0), (_LOGITS, 0.2), (_LOGITS, 2.5), (_LOGITS * 400, 1.0)],
        "divide before the exponential; take the largest off, so that nothing overflows",
    ),
    "perplexity": Task(
        lambda nats: math.exp(nats),
        [(1.5,), (math.log(53),), (0.0,)],
        "a guess among n characters alike has the perplexity n",
    ),
    "gru_parameters": Task(
        _gru_parameters,
        [(256, 1024), (64, 256), (1, 1)],
        "three gates; Keras adds a bias to both products of each",
    ),
    "reach": Task(
        _reach,
        [(0.5 ** np.arange(30),), (3 * 0.9 ** np.arange(80),)],
        "the first number, norms[0], is the one to compare with",
    ),
    "seen": Task(
        _gpt_positions,
        [(1,), (5,), (32,)],
        "position 1 sees itself, position 2 two, and so on",
    ),
    "new_share": Task(
        _new_share,
        [(["Rex", "Ada", "Rex"], ["Rex"]), (["Ada"], ["Rex", "Bea"]), (["Rex"], ["Rex"])],
        "a name counts as often as it was invented",
    ),
    "nearest": Task(
        _nearest,
        [
            ("Ramosaurus", ["Rex", "Ramphos", "Rampage", "Tyrannus"]),
            ("Qu", ["Bea", "Ada"]),
            ("Rex", ["Re", "Rexa", "Ada"]),
        ],
        "count equal letters from the beginning; of equals take the first in the alphabet",
    ),
    "bits": Task(
        lambda nats, characters: nats / characters / math.log(2),
        [(100.0, 50), (math.log(2) * 7, 7)],
        "one bit is ln 2 nats",
    ),
    "streams": Task(
        _streams,
        [("abcdefghij", 3), ("abcdef", 2), ("abc", 3)],
        "each row is a piece of the text, and they follow one another; what is left over goes",
    ),
    "top_p": Task(
        _top_p,
        [(_SKEWED, 0.8), (_SKEWED, 0.05), (np.array([0.25, 0.25, 0.5]), 0.5), (_SKEWED, 1.0)],
        "the one that carries the sum over the share stays; what stays sums to 1",
    ),
    "posterior": Task(
        _posterior,
        [
            ([10.0, 12.0], [0.5, 0.5]),
            ([20.0, 21.0, 19.0], [0.2, 0.3, 0.5]),
            ([900.0, 901.0], [0.5, 0.5]),
        ],
        "probabilities are exp(-nats) times the prior, divided by their sum",
    ),
    "blend": Task(
        _blend,
        [(np.array([1.0, 2.0]), np.array([3.0, -2.0]), 0.25), (np.zeros(3), np.ones(3), 0.0)],
        "at 0 it is all the first, at 1 all the other",
    ),
}
