"""The tasks of the notebooks: functions to be written, right ones, and what they are tried on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dino_names.teaching import task_answers as answers


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


_RNG = np.random.default_rng(0)
_LOGITS = _RNG.normal(size=7) * 3
_SKEWED = answers.probabilities(_LOGITS, 1.0)
TASKS: dict[str, Task] = {
    "counts": Task(
        answers.counts,
        [(["ab", "ba", "b"], "\nab"), (["aab"], "\nab"), ([], "\nab")],
        "a newline stands before each name and after it; row: the character before",
    ),
    "windows": Task(
        answers.windows,
        [([2, 1, 3, 0], 3), ([5, 0], 1), ([4, 4, 4, 0], 2)],
        "in front of the first id stand as many zeros as a window is long",
    ),
    "causal": Task(
        answers.causal,
        [(_RNG.normal(size=(4, 4)),), (_RNG.normal(size=(6, 6)) * 50,)],
        "row t may look at columns up to t alone, and sums to 1",
    ),
    "shift": Task(
        answers.shift,
        [(np.array([5, 2, 7, 0]),), (np.array([1, 0]),)],
        "what is to be said at a step is what is read at the next",
    ),
    "probabilities": Task(
        answers.probabilities,
        [(_LOGITS, 1.0), (_LOGITS, 0.2), (_LOGITS, 2.5), (_LOGITS * 400, 1.0)],
        "divide before the exponential; take the largest off, so that nothing overflows",
    ),
    "perplexity": Task(
        lambda nats: math.exp(nats),
        [(1.5,), (math.log(53),), (0.0,)],
        "a guess among n characters alike has the perplexity n",
    ),
    "gru_parameters": Task(
        answers.gru_parameters,
        [(256, 1024), (64, 256), (1, 1)],
        "three gates; Keras adds a bias to both products of each",
    ),
    "reach": Task(
        answers.reach,
        [(0.5 ** np.arange(30),), (3 * 0.9 ** np.arange(80),)],
        "the first number, norms[0], is the one to compare with",
    ),
    "seen": Task(
        answers.gpt_positions,
        [(1,), (5,), (32,)],
        "position 1 sees itself, position 2 two, and so on",
    ),
    "kept": Task(
        lambda gate, steps: gate**steps,
        [(0.5, 10), (0.95, 25), (1.0, 1000)],
        "each step multiplies what is left by the gate",
    ),
    "fitting": Task(
        answers.fitting,
        [(["Rex", "Ramosaurus", "Ada"], 3, 5), (["Rex"], 4, 9), (["Rex"], 1, 3)],
        "both bounds belong to it, and the order stays",
    ),
    "edits": Task(
        answers.edits,
        [("Rex", "Rax"), ("Rex", "Trex"), ("kitten", "sitting"), ("", "ab"), ("Rex", "Rex")],
        "an edit changes, adds or takes away one letter; the least number of them counts",
    ),
    "allowed": Task(
        answers.allowed,
        [(_LOGITS, _LOGITS > 0), (_LOGITS * 100, np.arange(7) % 2 == 0)],
        "what is not allowed gets exactly 0, and what is left sums to 1",
    ),
    "quantized": Task(
        answers.quantized,
        [(_LOGITS,), (_LOGITS[:3] * 1e-3,), (np.array([[-2.0, 1.0], [0.5, 0.0]]),)],
        "the largest absolute weight becomes 127 or -127; weights / scale, rounded",
    ),
    "greedy": Task(
        answers.greedy,
        [
            (answers.following, "\nrex", ""),
            (answers.following, "\nrex", "r"),
            (answers.letters, "ab", "a"),
        ],
        "the likeliest character each time, until it is a newline or there are 12",
    ),
    "mixture": Task(
        answers.mixture,
        [([10.0, 12.0], [0.5, 0.5]), ([3.0, 1.0, 2.0], [0.2, 0.3, 0.5])],
        "probabilities are mixed, not their logarithms",
    ),
    "new_share": Task(
        answers.new_share,
        [(["Rex", "Ada", "Rex"], ["Rex"]), (["Ada"], ["Rex", "Bea"]), (["Rex"], ["Rex"])],
        "a name counts as often as it was invented",
    ),
    "nearest": Task(
        answers.nearest,
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
        answers.streams,
        [("abcdefghij", 3), ("abcdef", 2), ("abc", 3)],
        "each row is a piece of the text, and they follow one another; what is left over goes",
    ),
    "top_p": Task(
        answers.top_p,
        [(_SKEWED, 0.8), (_SKEWED, 0.05), (np.array([0.25, 0.25, 0.5]), 0.5), (_SKEWED, 1.0)],
        "the one that carries the sum over the share stays; what stays sums to 1",
    ),
    "posterior": Task(
        answers.posterior,
        [
            ([10.0, 12.0], [0.5, 0.5]),
            ([20.0, 21.0, 19.0], [0.2, 0.3, 0.5]),
            ([900.0, 901.0], [0.5, 0.5]),
        ],
        "probabilities are exp(-nats) times the prior, divided by their sum",
    ),
    "blend": Task(
        answers.blend,
        [(np.array([1.0, 2.0]), np.array([3.0, -2.0]), 0.25), (np.zeros(3), np.ones(3), 0.0)],
        "at 0 it is all the first, at 1 all the other",
    ),
}
