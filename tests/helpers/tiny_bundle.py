"""The smallest model file there is, and random weights for any architecture."""

from __future__ import annotations

from typing import Any

import numpy as np

from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.name_hashes import hash_names

TINY = Architecture(vocab_size=3, cell="rnn", encoder="onehot", rnn_units=2)


def weights(architecture: Architecture, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(0, 1, shape).astype(np.float32)
        for name, shape in architecture.all_shapes().items()
    }


def tiny_bundle(**changes: Any) -> Bundle:
    values: dict[str, Any] = {
        "architecture": TINY,
        "vocabulary": Vocabulary("\nab"),
        "tensors": weights(TINY),
        "longest_name": 4,
        "training_names": hash_names(["ab", "ba"]),
        "options": {"epochs": 3, "rate": 0.5, "loop": "fit", "mask": True, "average": None},
    }
    return Bundle(**{**values, **changes})
