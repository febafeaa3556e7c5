"""What the tasks of the notebooks are held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def counts(names: Sequence[str], characters: str) -> Any:
    """How often each character follows each other one."""
    table = np.zeros((len(characters), len(characters)), int)
    for name in names:
        for before, after in zip("\n" + name, name + "\n", strict=True):
            table[characters.index(before), characters.index(after)] += 1
    return table


def windows(ids: Sequence[int], size: int) -> list[tuple[list[int], int]]:
    """The ids before each id, and that id."""
    padded = [0] * size + list(ids)
    return [(padded[place : place + size], padded[place + size]) for place in range(len(ids))]


def causal(scores: Any) -> Any:
    """Attention that looks back alone."""
    masked = np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf)
    weights = np.exp(masked - masked.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def shift(ids: Sequence[int]) -> tuple[Any, Any]:
    """Input and target."""
    return ids[:-1], ids[1:]


def probabilities(logits: Any, temperature: float) -> Any:
    """Softmax at a temperature."""
    scaled = np.asarray(logits, float) / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()


def gru_parameters(features: int, units: int) -> int:
    """Numbers in a Keras GRU."""
    return 3 * (features * units + units * units + 2 * units)


def reach(norms: Any) -> int:
    """Steps until less than 1 % is left."""
    return int(np.flatnonzero(np.asarray(norms) < 0.01 * norms[0])[0])


def gpt_positions(time: int) -> int:
    """Pairs of positions that a causal attention looks at."""
    return time * (time + 1) // 2


def new_share(invented: Sequence[str], listed: Sequence[str]) -> float:
    """How much of what was invented is not in a list."""
    return sum(name not in set(listed) for name in invented) / len(invented)


def nearest(name: str, listed: Sequence[str]) -> str:
    """The listed name with the longest common beginning."""

    def shared(other: str) -> int:
        same = 0
        for one, two in zip(name, other, strict=False):
            if one != two:
                break
            same += 1
        return same

    return max(sorted(listed), key=shared)


def streams(text: str, rows: int) -> list[str]:
    """A text in rows."""
    size = len(text) // rows
    return [text[row * size : (row + 1) * size] for row in range(rows)]


def top_p(probabilities: Any, share: float) -> Any:
    """The likeliest that make up a share."""
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    before = np.cumsum(np.asarray(probabilities)[order]) - np.asarray(probabilities)[order]
    kept = np.zeros(len(order))
    chosen = order[before < share]
    kept[chosen] = np.asarray(probabilities)[chosen]
    return kept / kept.sum()


def posterior(nats: Sequence[float], prior: Sequence[float]) -> Any:
    """Bayes' rule."""
    joint = np.asarray(prior) * np.exp(-(np.asarray(nats) - np.min(nats)))
    return joint / joint.sum()


def blend(one: Any, other: Any, share: float) -> Any:
    """A point between two."""
    return (1 - share) * np.asarray(one) + share * np.asarray(other)


def fitting(names: Sequence[str], shortest: int, longest: int) -> list[str]:
    """Names of some lengths."""
    return [name for name in names if shortest <= len(name) <= longest]


def mixture(nats: Sequence[float], shares: Sequence[float]) -> float:
    """Nats of a mixture."""
    return float(-np.log(np.sum(np.asarray(shares) * np.exp(-np.asarray(nats)))))


def edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row = row, [number]
        for place, another in enumerate(other):
            change = before[place] + (letter != another)
            row.append(min(change, before[place + 1] + 1, row[place] + 1))
    return row[-1]


def allowed(logits: Any, allowed: Sequence[bool]) -> Any:
    """Probabilities of what is allowed."""
    powers = np.where(allowed, np.exp(np.asarray(logits) - np.max(logits)), 0.0)
    return powers / powers.sum()


def quantized(weights: Any) -> tuple[Any, float]:
    """Whole numbers and their scale."""
    scale = float(np.abs(weights).max()) / 127
    return np.rint(np.asarray(weights) / scale), scale


def greedy(following: Callable[[str], Any], characters: str, prompt: str) -> str:
    """A name, the likeliest letter each time."""
    name = prompt
    while len(name) < 12:
        letter = characters[int(np.argmax(following(name)))]
        if letter == "\n":
            break
        name += letter
    return name


def following(name: str) -> Any:
    """What follows a name, one letter alone."""
    order = "\nrex"
    return np.eye(4)[(order.index(name[-1]) + 1) % 4 if name else 1]


def letters(name: str) -> Any:
    """What follows a name, by its length."""
    return np.array([0.2, 0.8]) if len(name) % 2 else np.array([0.7, 0.3])
