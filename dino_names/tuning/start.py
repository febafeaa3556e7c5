"""Where tuning starts: a base's weights for the characters of a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

import numpy as np

from dino_names.arrays import Floats, Int64s
from dino_names.corpus import BOUNDARY_ID, Rows, Vocabulary
from dino_names.tuning.network import (
    BIAS,
    EMBEDDING,
    INPUT_SHIFT,
    KERNEL,
    OUTPUT,
    OUTPUT_BIAS,
    OUTPUT_SHIFT,
)

# The encoder of a network without an embedding, where it has one.
ENCODER = "encoder.kernel"
UNKNOWN = -1
# What a character that only resembles one of the base is less likely than it, in nats.
LESS_LIKELY = 1.0
# And what a list has never had is less likely in it than in the others.
NEVER_HAD = 3.0
# And what a tag is less likely than the unlikeliest character.
NEVER = 10.0


def rows_for(vocabulary: Vocabulary, known: Vocabulary) -> tuple[Int64s, Int64s]:
    """Which row of a base each character of a list takes.

    A character that the base does not know takes that of the same letter in the other case, or of
    the letter without its accents.

    Arguments:
        vocabulary: of the list; a tag takes the row of the boundary, in whose place it stands.
        known: of the base.

    Returns:
        The ids in the base, `UNKNOWN` where nothing resembles it, and 1 where the character is not
        the base's own; int64 of shape (vocab_size,) each.
    """
    ids, other = [BOUNDARY_ID], [0]
    for character in vocabulary.characters[1:]:
        found = next((c for c in _likenesses(character) if c in known), None)
        ids.append(UNKNOWN if found is None else int(known.encode(found)[0]))
        other.append(int(found != character))
    tags = [BOUNDARY_ID] * vocabulary.tags
    return np.array(ids + tags, np.int64), np.array(other + [0] * vocabulary.tags, np.int64)


def _likenesses(character: str) -> Iterator[str]:
    bare = unicodedata.normalize("NFD", character)[0]
    for letter in (character, character.lower(), character.upper(), bare, bare.lower()):
        if len(letter) == 1:
            yield letter


def start_from(
    tensors: Mapping[str, Floats], known: Vocabulary, vocabulary: Vocabulary
) -> dict[str, Floats]:
    """A base's weights with a row for each character of a list and for no other.

    A character that nothing in the base resembles begins as the mean of the others and as unlikely
    as the unlikeliest of them.

    Arguments:
        tensors: of one network, the encoder and the output under the names of
            `Architecture.shapes`; any other is copied.
        known: the base's vocabulary.
        vocabulary: of the list.
    """
    rows, other = rows_for(vocabulary, known)
    unknown, taken = rows == UNKNOWN, np.maximum(rows, 0)
    reads = next((name for name in (EMBEDDING, ENCODER) if name in tensors), KERNEL)
    found = {name: tensor.copy() for name, tensor in tensors.items()}
    found[reads] = tensors[reads][taken]
    found[OUTPUT] = tensors[OUTPUT][:, taken]
    bias = tensors[OUTPUT_BIAS]
    found[OUTPUT_BIAS] = bias[taken] - (LESS_LIKELY * other).astype(bias.dtype)
    if unknown.any():
        found[reads][unknown] = found[reads][~unknown].mean(axis=0)
        found[OUTPUT][:, unknown] = 0
        found[OUTPUT_BIAS][unknown] = found[OUTPUT_BIAS][~unknown].min()
    if vocabulary.tags:  # nothing is ever followed by one
        tags = slice(len(vocabulary.characters), None)
        found[OUTPUT][:, tags] = 0
        found[OUTPUT_BIAS][tags] = found[OUTPUT_BIAS].min() - NEVER
    return {name: np.ascontiguousarray(weight) for name, weight in found.items()}


def shifts_for(
    vocabulary: Vocabulary, rows: Rows, weights: Mapping[str, Floats]
) -> dict[str, Floats]:
    """What each of several lists adds to the biases to begin with.

    Nothing, but for characters that it has never had, which the others have.

    Arguments:
        vocabulary: of all of them.
        rows: what is learned.
        weights: to begin with.
    """
    if not vocabulary.tags:
        return {}
    biases = {INPUT_SHIFT: weights[BIAS][0], OUTPUT_SHIFT: weights[OUTPUT_BIAS]}
    shifts = {name: np.zeros((vocabulary.tags, b.size), b.dtype) for name, b in biases.items()}
    for tag in range(vocabulary.tags):
        had = np.zeros(len(vocabulary), np.bool_)
        had[vocabulary.encode("".join(rows.of_category(tag).names))] = True
        had[BOUNDARY_ID] = True
        shifts[OUTPUT_SHIFT][tag, ~had] = -NEVER_HAD
    return shifts


def columns_for(matrix: Floats, known: Vocabulary, vocabulary: Vocabulary) -> Floats:
    """The columns of a matrix (rows, vocab_size of the base) for the characters of a list."""
    rows, _ = rows_for(vocabulary, known)
    taken = matrix[:, np.maximum(rows, 0)]
    taken[:, rows == UNKNOWN] = 0
    taken[:, len(vocabulary.characters) :] = 0
    return np.ascontiguousarray(taken)
