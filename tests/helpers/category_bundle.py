"""A model of several lists, made without any training."""

from __future__ import annotations

from typing import Any

import numpy as np

from dino_names.config.architecture import Architecture
from dino_names.corpus import Rows, Vocabulary
from dino_names.modelfile import Bundle
from dino_names.modelfile.name_hashes import hash_names
from dino_names.ngram import CategoryNgrams
from tests.helpers.mixed_model import random_weights

LISTS = {
    "dwarves": ("Dur", "Dor", "Gor", "Gordur", "Durgor"),
    "elves": ("Ela", "Elo", "Eli", "Sela", "Elasel"),
    "orcs": ("Ork", "Grok", "Krog"),
}
ROWS = Rows(
    tuple(name for names in LISTS.values() for name in names),
    tags=tuple(tag for tag, names in enumerate(LISTS.values()) for _ in names),
)
VOCABULARY = Vocabulary.of(ROWS.names, tags=len(LISTS))


def category_bundle(
    *, encoder: Any = "embedding", ngram: bool = True, shifts: bool = True, **changes: Any
) -> Bundle:
    """As training would have left it, but for the network's weights, which are random."""
    sizes = Architecture(vocab_size=len(VOCABULARY), embedding_dim=3, rnn_units=6, encoder=encoder)
    rng = np.random.default_rng(1)
    tensors = random_weights(sizes, rng)
    partner = None
    if ngram:
        counted = CategoryNgrams.fit(ROWS, VOCABULARY, order=3, categories=len(LISTS))
        tensors |= counted.to_tensors()
        partner = {"ngram": counted.section, "mixing": {"network": 0.5, "ngram": 0.5}}
    shapes = ((3, 18), (3, len(VOCABULARY)))
    values = {
        "architecture": sizes,
        "vocabulary": Vocabulary(VOCABULARY.characters),
        "tensors": tensors,
        "partner": partner,
        "longest_name": 6,
        "training_names": hash_names(ROWS.names),
        "categories": tuple((label, len(names)) for label, names in LISTS.items()),
    }
    if shifts:
        values["directions"] = tuple(rng.normal(0, 0.4, s).astype(np.float32) for s in shapes)
    return Bundle(**{**values, **changes})
