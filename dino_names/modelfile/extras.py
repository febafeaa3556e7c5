"""What only some model files hold, format 2: what each section may be, and its tensors.

==================  ===========================================================================
`precision`         weights in fewer bits, see `precision`
`origin`            what the model was started from: plain values by name
`categories`        lists that a name can come from, `[name, names]` each, in the order of their ids
`left_out`          words that no name may contain: their bytes as a tensor
`kept_names`        the training names themselves, where their owner chose to keep them: a tensor
`training_filter`   a filter in place of the hashes of training names
`corpus_filter`     a filter of the names that a base has read
`directions`        how many directions a base has in which lists differ, and two tensors: what each
                    adds to the input's bias of the first layer, and to the output's bias
==================  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Array
from dino_names.checks import check_choice, check_range
from dino_names.config import GATES, Architecture
from dino_names.corpus import JOINERS, MAX_CATEGORIES
from dino_names.errors import ModelFileError
from dino_names.modelfile.content_checks import check_options, forbidden
from dino_names.modelfile.name_filter import WORD_BITS, NameFilter, check_filter
from dino_names.modelfile.precision import PRECISIONS, decode, encode, expected_weights
from dino_names.modelfile.tensors import Expected, Tensors

if TYPE_CHECKING:
    from dino_names.modelfile.contents import Bundle

FILTERS = ("training_filter", "corpus_filter")
TEXTS = ("left_out", "kept_names")
MAX_TEXT_BYTES = 1 << 26
MAX_CATEGORY = 256
MAX_TEXT = 1_000
MAX_DIRECTIONS = 1_024
DIRECTIONS = ("directions.input_bias", "directions.output_bias")


def sections_of(bundle: Bundle) -> dict[str, Any]:
    """The sections that a model's file has beyond those of every file."""
    sections: dict[str, Any] = {}
    if bundle.precision != "float32":
        sections["precision"] = bundle.precision
    if bundle.origin is not None:
        sections["origin"] = dict(bundle.origin)
    if bundle.categories:
        sections["categories"] = [list(category) for category in bundle.categories]
    for name in TEXTS:
        if texts := getattr(bundle, name):
            sections[name] = len(_pack(texts))
    if isinstance(bundle.training_names, NameFilter):
        sections["training_filter"] = bundle.training_names.section()
    if bundle.corpus_filter is not None:
        sections["corpus_filter"] = bundle.corpus_filter.section()
    if bundle.directions is not None:
        sections["directions"] = len(bundle.directions[0])
    return sections


def check_sections(sections: Mapping[str, Any]) -> None:
    """Refuse sections that are not what they must be.

    Raises:
        ModelFileError, OptionError: says which and why.
    """
    for name, value in sections.items():
        if name not in CHECKS:
            raise ModelFileError(f"metadata: expected sections known here, received {name[:80]!r}.")
        CHECKS[name](name, value)


def expected_extras(
    architecture: Architecture, sections: Mapping[str, Any]
) -> tuple[Expected, Expected]:
    """The type and shape of each tensor of the weights, and of those that the sections add."""
    weights = expected_weights(architecture, sections.get("precision", "float32"))
    more: Expected = {}
    for name in FILTERS:
        if name in sections:
            more[name] = ("uint64", (sections[name]["bits"] // WORD_BITS,))
    for name in TEXTS:
        if name in sections:
            more[name] = ("uint8", (sections[name],))
    if "directions" in sections:
        kind = "float32" if "precision" not in sections else "float16"
        for name, width in zip(DIRECTIONS, _widths(architecture), strict=True):
            more[name] = (kind, (sections["directions"], width))
    return weights, more


def _widths(architecture: Architecture) -> tuple[int, int]:
    """How wide the input's bias of the first layer and the output's are."""
    return GATES.get(architecture.cell, 0) * architecture.rnn_units, architecture.vocab_size


def to_stored(bundle: Bundle, weights: Tensors) -> dict[str, Array]:
    """The tensors of the sections, and the weights as they are stored."""
    stored = encode(weights, bundle.precision) if bundle.precision != "float32" else dict(weights)
    for name in TEXTS:
        if texts := getattr(bundle, name):
            stored[name] = _pack(texts)
    if isinstance(bundle.training_names, NameFilter):
        stored["training_filter"] = bundle.training_names.words
    if bundle.corpus_filter is not None:
        stored["corpus_filter"] = bundle.corpus_filter.words
    if bundle.directions is not None:
        kind = np.float32 if bundle.precision == "float32" else np.float16
        for name, matrix in zip(DIRECTIONS, bundle.directions, strict=True):
            stored[name] = matrix.astype(kind)
    return stored


def from_stored(sections: Mapping[str, Any], tensors: dict[str, Array]) -> dict[str, Any]:
    """The fields of a `Bundle` that the sections stand for; takes their tensors out.

    Arguments:
        sections: checked.
        tensors: of the whole file.

    Raises:
        ModelFileError: a text is not one.
    """
    found: dict[str, Any] = {n: sections[n] for n in ("precision", "origin") if n in sections}
    if "categories" in sections:
        found["categories"] = tuple((name, names) for name, names in sections["categories"])
    for name in TEXTS:
        if name in sections:
            found[name] = _unpack(name, tensors.pop(name))
    for name in FILTERS:
        if name in sections:
            section = sections[name]
            made = NameFilter(tensors.pop(name), names=section["names"], hashes=section["hashes"])
            found["training_names" if name == "training_filter" else name] = made
    if "directions" in sections:
        found["directions"] = tuple(tensors.pop(name).astype(np.float32) for name in DIRECTIONS)
    return found


def check_directions(bundle: Bundle) -> None:
    """Refuse directions of another shape than the network's biases, or that are not finite.

    Raises:
        ModelFileError: says what was expected.
    """
    if bundle.directions is None:
        return
    count, widths = len(bundle.directions[0]), _widths(bundle.architecture)
    expected = [("float32", (count, width)) for width in widths]
    received = [(matrix.dtype.name, matrix.shape) for matrix in bundle.directions]
    finite = all(np.isfinite(matrix).all() for matrix in bundle.directions)
    if received != expected or not finite or not widths[0]:
        raise ModelFileError(f"directions: expected finite {expected}, received {received}.")


def round_weights(weights: Tensors, precision: str) -> dict[str, Array]:
    """Weights as they will be after they were written and read."""
    return dict(decode(encode(weights, precision)))


def round_directions(directions: tuple[Array, ...] | None) -> tuple[Array, ...] | None:
    """The same of directions, which are 16-bit floats where weights have fewer bits."""
    if directions is None:
        return None
    return tuple(matrix.astype(np.float16).astype(np.float32) for matrix in directions)


def _pack(texts: Sequence[str]) -> Array:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def _unpack(name: str, data: Array) -> tuple[str, ...]:
    try:
        texts = tuple(data.tobytes().decode().split("\n"))
    except UnicodeDecodeError:
        raise ModelFileError(f"tensor {name}: expected UTF-8, received other bytes.") from None
    return check_texts(name, texts)


def check_texts(name: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Refuse words or names that a file cannot keep.

    Arguments:
        name: what messages call them.
        texts: sorted, distinct, one line of visible characters each.

    Raises:
        ModelFileError: they are not.
    """
    fits = all(0 < len(text) <= MAX_TEXT for text in texts) and not forbidden(
        "".join(texts), allowed=JOINERS
    )
    if not fits or any(first >= second for first, second in pairwise(texts)):
        raise ModelFileError(f"{name}: expected lines of visible text, sorted, each once.")
    return tuple(texts)


def _check_categories(name: str, value: Any) -> None:
    pairs = isinstance(value, list) and all(
        isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) for item in value
    )
    if not pairs or not 1 <= len(value) <= MAX_CATEGORIES:
        raise ModelFileError(f"metadata: expected {name} to be up to {MAX_CATEGORIES} pairs.")
    for label, names in value:
        if not 1 <= len(label) <= MAX_CATEGORY or forbidden(label) or label.strip() != label:
            raise ModelFileError(f"metadata: expected visible {name}, received {label[:40]!r}.")
        check_range(f"names of {label}", names, low=1, high=2**31, whole=True)
    if len({label for label, _ in value}) < len(value):
        raise ModelFileError(f"metadata: expected {name} each once.")


def _check_origin(name: str, value: Any) -> None:
    if not isinstance(value, dict) or not value:
        raise ModelFileError(f"metadata: expected {name} to hold plain values by name.")
    check_options(value)


def _check_precision(name: str, value: Any) -> None:
    check_choice(name, value, PRECISIONS[1:])


def _check_count(name: str, value: Any) -> None:
    check_range(name, value, low=1, high=MAX_DIRECTIONS, whole=True)


def _check_text_bytes(name: str, value: Any) -> None:
    check_range(name, value, low=1, high=MAX_TEXT_BYTES, whole=True)


CHECKS: dict[str, Callable[[str, Any], object]] = {
    "precision": _check_precision,
    "origin": _check_origin,
    "categories": _check_categories,
    **dict.fromkeys(TEXTS, _check_text_bytes),
    **dict.fromkeys(FILTERS, check_filter),
    "directions": _check_count,
}
