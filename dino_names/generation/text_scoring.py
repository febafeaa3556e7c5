"""How likely a predictor finds a running text, read from its start with the state carried on."""

from __future__ import annotations

import numpy as np

from dino_names.arrays import Floats, Integers
from dino_names.engine import Predictor
from dino_names.errors import DinoNamesError

# A long text is read in several places at once, from each after so many characters of what
# comes before it, which is longer than a network remembers well enough for it to matter.
MOST_ROWS = 64
SHORTEST_ROW = 1_024
CHARACTERS_BEFORE = 256


def score_text(predictor: Predictor, ids: Integers) -> float:
    """Nats of a text after its first character.

    Arguments:
        predictor: says what may come next.
        ids: shape (characters,), at least two.

    Returns:
        Minus the logarithm of its probability, given its first character.

    Raises:
        DinoNamesError: the predictor gives NaN or inf.
    """
    predicted = len(ids) - 1
    rows = min(max(predicted // SHORTEST_ROW, 1), MOST_ROWS)
    length = -(-predicted // rows)
    first = np.arange(0, predicted, length)
    with np.errstate(over="ignore", invalid="ignore"):
        total = _read(predictor, ids, first[:1], length, before=0)
        if len(first) > 1:
            total += _read(predictor, ids, first[1:], length, before=CHARACTERS_BEFORE)
    if not np.isfinite(total):
        raise DinoNamesError(
            "logits: expected finite numbers, received NaN or inf; the model's weights are "
            "damaged or its training diverged: train it again."
        )
    return total


def _read(
    predictor: Predictor, ids: Integers, first: Integers, length: int, *, before: int
) -> float:
    """Nats of the `length` characters after each of some places, or of those there are."""
    state, total, last = predictor.initial_state(len(first)), 0.0, len(ids) - 2
    for time in range(-before, length):
        places = np.minimum(first + time, last)
        logits = predictor.step(ids[places], state)
        if time >= 0:
            counted = first + time <= last
            total += _nats(logits[counted], ids[places + 1][counted])
    return total


def _nats(logits: Floats, targets: Integers) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    totals = np.exp(logits).sum(axis=1, dtype=np.float64)
    return float((np.log(totals) - logits[np.arange(len(targets)), targets]).sum())
