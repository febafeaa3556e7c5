"""A model of names with a network and an n-gram, made without any training."""

from __future__ import annotations

from typing import Any

import numpy as np

from dino_names.config.architecture import Architecture
from dino_names.corpus.splits import split_names
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.generation.name_model import NameModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.name_hashes import hash_names
from dino_names.ngram.kneser_ney import Ngram

FRACTION, SEED = 0.25, 3


def random_weights(sizes: Architecture, rng: np.random.Generator) -> dict[str, Any]:
    """Tensors of every network, as no training leaves them."""
    shapes = sizes.all_shapes().items()
    return {name: rng.normal(0, 0.6, shape).astype(np.float32) for name, shape in shapes}


def mixed_model(
    names: list[str],
    *,
    ngram: bool = True,
    start_boundary: bool = True,
    order: int = 3,
    **changes: Any,
) -> NameModel:
    """As training would have left it, but for the network's weights, which are random."""
    vocabulary = Vocabulary.of(names)
    architecture = Architecture(vocab_size=len(vocabulary), embedding_dim=3, rnn_units=6)
    tensors = random_weights(architecture, np.random.default_rng(1))
    partner = None
    if ngram:
        counted = Ngram.fit(names, vocabulary, order=order, start_boundary=start_boundary)
        tensors |= counted.to_tensors()
        partner = {"ngram": counted.section, "mixing": {"network": 0.25, "ngram": 0.75}}
    values = {
        "options": {"valid_fraction": FRACTION, "seed": SEED},
        "training_names": hash_names(names),
        "longest_name": 14,
    }
    bundle = Bundle(
        architecture=architecture,
        vocabulary=vocabulary,
        tensors=tensors,
        partner=partner,
        start_boundary=start_boundary,
        **(values | changes),
    )
    return NameModel(bundle)


def split(names: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What such a model learned from and what was held out."""
    return split_names(names, fraction=FRACTION, seed=SEED)
