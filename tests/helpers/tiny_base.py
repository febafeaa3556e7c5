"""A base as one is shipped, but tiny and untrained."""

from __future__ import annotations

from typing import Any

import numpy as np

from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.modelfile.contents import Bundle
from tests.helpers.tiny_bundle import weights

LETTERS = Vocabulary.of(["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyzé"])
SIZES = Architecture(vocab_size=len(LETTERS), embedding_dim=3, rnn_units=8)


def tiny_base(**changes: Any) -> Bundle:
    rng = np.random.default_rng(5)
    directions = tuple(
        rng.normal(0, 0.1, shape).astype(np.float32) for shape in ((4, 24), (4, len(LETTERS)))
    )
    values: dict[str, Any] = {
        "architecture": SIZES,
        "vocabulary": LETTERS,
        "tensors": {name: 0.3 * tensor for name, tensor in weights(SIZES).items()},
        "longest_name": 20,
        "directions": directions,
    }
    return Bundle(**{**values, **changes})
