"""What the notebook about running text imports so that its cells stay short. NumPy alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from dino_names.arrays import Floats
from dino_names.engine import log_softmax

if TYPE_CHECKING:
    from dino_names.generation import TextModel


def packed_bits(
    learn: str, held_out: str, packers: Mapping[str, Callable[[bytes], bytes]]
) -> dict[str, float]:
    """What a text costs compressors that have read another one first.

    Arguments:
        learn: read first.
        held_out: by how much it makes the packed text longer is what counts.
        packers: bytes to fewer bytes, by label.

    Returns:
        Bits per character of `held_out`, by label.
    """
    before, whole = learn.encode(), (learn + held_out).encode()
    return {
        label: 8 * (len(pack(whole)) - len(pack(before))) / len(held_out)
        for label, pack in packers.items()
    }


def logits_along(model: TextModel, text: str) -> Floats:
    """What a model of running text makes of the next character, after each character of a text.

    Arguments:
        model: of running text.
        text: at least one character, read from a state of zeros.

    Returns:
        Logits, (characters, vocab_size).
    """
    state = model.predictor.initial_state(1)
    ids = model.vocabulary.encode(text)
    # What a step returns may be written over by the next one.
    return np.concatenate(
        [model.predictor.step(ids[i : i + 1], state).copy() for i in range(len(ids))]
    )


def next_logits(model: TextModel, prompt: str) -> Floats:
    """What a model of running text makes of the character after a prompt, (1, vocab_size)."""
    return logits_along(model, prompt)[-1:]


def bits_after_reset(model: TextModel, text: str, *, every: int) -> Floats:
    """What each character costs a model that forgets everything again and again.

    Arguments:
        model: of running text.
        text: at least two characters; the first is given.
        every: predictions between one state of zeros and the next.

    Returns:
        Bits of each character after the first, one row for each state of zeros, (rows, every);
        NaN after the end of the text.
    """
    ids = model.vocabulary.encode(text)
    first = np.arange(0, len(ids) - 1, every)
    bits = np.full((len(first), every), np.nan)
    state = model.predictor.initial_state(len(first))
    for step in range(min(every, len(ids) - 1)):
        places = np.minimum(first + step, len(ids) - 2)
        logits: Floats = model.predictor.step(ids[places], state).astype(np.float64)
        nats = -log_softmax(logits)[np.arange(len(first)), ids[places + 1]]
        there = first + step < len(ids) - 1
        bits[there, step] = nats[there] / math.log(2)
    return bits


def bits_with_resets(model: TextModel, text: str, *, every: int) -> float:
    """What a text costs a model that forgets everything again and again, in bits per character.

    Arguments:
        model, text, every: as for `bits_after_reset`.
    """
    return float(np.nanmean(bits_after_reset(model, text, every=every)))
