"""The model file of a run, from the weights that its training came to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dino_names.config import Config
from dino_names.corpus import Vocabulary
from dino_names.engine import Weights
from dino_names.modelfile import Bundle, Tensors, join_networks, remember_names
from dino_names.runs.resuming import FREE


def make_bundle(
    config: Config,
    vocabulary: Vocabulary,
    weights: Tensors,
    facts: dict[str, Any],
    *,
    partner: dict[str, Any] | None = None,
    partner_tensors: Tensors | None = None,
) -> Bundle:
    """Gather what a model file holds.

    Arguments:
        config: every choice of the training.
        vocabulary: its characters.
        weights: under the names of `Architecture.shapes`.
        facts: what the file says of the data and of where training started, by field.
        partner, partner_tensors: sections and tensors of the n-gram beside the network.
    """
    return Bundle(
        architecture=config.model.architecture(len(vocabulary)),
        vocabulary=Vocabulary(vocabulary.characters),
        tensors={**join_networks([weights]), **(partner_tensors or {})},
        partner=partner,
        temperature=config.sample.temperature,
        top_k=config.sample.top_k,
        top_p=config.sample.top_p,
        options={
            "preset": config.preset,
            **{name: value for name, value in config.flat().items() if name not in FREE},
        },
        left_out=config.sample.without,
        **facts,
    )


def mixing_section(weights: Weights, each: Sequence[Weights] = ()) -> dict[str, Any]:
    """How much network and n-gram are trusted, as a model file has it.

    Arguments:
        weights: for all names.
        each: for each category.
    """
    section: dict[str, Any] = {"network": weights.network, "ngram": weights.ngram}
    if each:
        section["categories"] = [[other.network, other.ngram] for other in each]
    return section


def describe_names(
    names: Sequence[str], config: Config, categories: Sequence[tuple[str, int]] = ()
) -> dict[str, Any]:
    """What a model file says of the list: its facts, and the list itself where it is to be kept.

    Arguments:
        names: all of it, distinct.
        config: every choice of the training.
        categories: of the names, see `Bundle`.
    """
    return {
        "kind": "names",
        "categories": tuple(categories),
        "start_boundary": config.data.start_boundary,
        "longest_name": max(map(len, names)),
        "training_names": remember_names(names),
        "kept_names": tuple(sorted(names)) if config.sample.keep_names else (),
    }
