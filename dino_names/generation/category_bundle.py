"""One list of a model that knows several, or a blend of some, as a model of its own.

A tag stands in the place of the boundary before a name and is read once. So with the tag's row in
the boundary's place the network is that of one list, with a weighted sum of rows that of a blend;
rows and outputs of the tags can go, and all that holds of a model of names holds of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Array, Float64s
from dino_names.corpus import BOUNDARY_ID
from dino_names.errors import OptionError
from dino_names.modelfile import Bundle

ENCODERS = ("encoder.embedding", "encoder.kernel", "layer0.kernel")
SHOWN, LONGEST_NAME = 20, 100


def parse(asked: str, labels: Sequence[str]) -> Float64s:
    """The weight of each category in what was asked for.

    Arguments:
        asked: one of them, or some with weights, `elves=0.5,dwarves=0.5`, in any proportion.
        labels: those that there are.

    Returns:
        (categories,), with a sum of 1.

    Raises:
        OptionError: there is no such category, or a weight is not one.
    """
    weights = np.zeros(len(labels))
    if asked in labels:
        weights[labels.index(asked)] = 1.0
        return weights
    for part in asked.split(","):
        label, equals, number = part.strip().rpartition("=") if "=" in part else (part, "", "1")
        label = label.strip()
        if label not in labels:
            raise OptionError(_unknown(label, labels))
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not 0 <= weight < math.inf:
            raise OptionError(
                f"category: expected a weight of 0 or above for {label!r}, received {number!r}; "
                "write elves=0.5,dwarves=0.5."
            )
        weights[labels.index(label)] += weight
    if not weights.sum():
        raise OptionError(f"category: expected a weight above 0, received {asked!r}.")
    return np.asarray(weights / weights.sum(), np.float64)


def _unknown(label: str, labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:SHOWN])
    if len(labels) > SHOWN:
        shown += f" and {len(labels) - SHOWN:,} more"
    return f"category: expected one of {shown}, received {label[:80]!r}."


def shares_of(bundle: Bundle) -> Float64s:
    """How often each category of a model comes in its data, (categories,), with a sum of 1."""
    counts = np.array([count for _, count in bundle.categories], np.float64)
    return np.asarray(counts / counts.sum(), np.float64)


def blended(bundle: Bundle, weights: Sequence[float], *, name: str) -> Bundle:
    """The model of a blend of categories, which has none itself.

    Arguments:
        bundle: of a model with categories.
        weights: of each, with a sum of 1.
        name: what it is called in its options.
    """
    characters = len(bundle.vocabulary)
    sizes = bundle.architecture.changed(vocab_size=characters)
    reads = next(name for name in ENCODERS if f"network0.{name}" in bundle.tensors)
    tensors: dict[str, Array] = {}
    for key, tensor in bundle.tensors.items():
        place = key.partition(".")[2]
        if place == reads:
            tensor = _without_tags(tensor, weights, characters)
        elif bundle.directions is not None and place == "layer0.bias":
            tensor = tensor.copy()
            tensor.reshape(-1, tensor.shape[-1])[0] += np.asarray(weights) @ bundle.directions[0]
        elif place in ("output.kernel", "output.bias"):
            if bundle.directions is not None and place == "output.bias":
                shift = np.asarray(weights) @ bundle.directions[1]
                tensor = (tensor + shift).astype(tensor.dtype)
            tensor = np.ascontiguousarray(tensor[..., :characters])
        tensors[key] = tensor
    return bundle.changed(
        architecture=sizes,
        tensors=tensors,
        categories=(),
        directions=None,
        precision="float32",
        options={**bundle.options, "category": name[:LONGEST_NAME]},
        partner=_partner(bundle.partner, weights),
    )


def _without_tags(rows: Array, weights: Sequence[float], characters: int) -> Array:
    kept = rows[:characters].copy()
    kept[BOUNDARY_ID] = np.asarray(weights) @ rows[characters:]
    return kept


def _partner(partner: Mapping[str, Any] | None, weights: Sequence[float]) -> Any:
    if partner is None:
        return None
    ngram = dict(partner["ngram"])
    ngram["categories"] = {**ngram["categories"], "blend": [float(weight) for weight in weights]}
    mixing = dict(partner["mixing"])
    if each := mixing.pop("categories", None):
        network, beside = np.asarray(weights) @ np.array(each, np.float64)
        mixing = {"network": float(network), "ngram": float(beside)}
    return {**partner, "mixing": mixing, "ngram": ngram}
