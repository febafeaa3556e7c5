"""What the contents of a model file may be: characters, options, values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import numpy as np

from dino_names.corpus import FORBIDDEN, JOINERS
from dino_names.errors import ModelFileError, OptionError
from dino_names.modelfile.tensors import TRAINING_NAMES, Tensors

Scalar = str | int | float | bool | None
MAX_OPTIONS = 256
MAX_OPTION_LENGTH = 4_096


def forbidden(text: str, *, allowed: str = "") -> list[str]:
    """The characters of a text that cannot be seen: control, format, bidirectional ones."""
    found = {c for c in set(text) if unicodedata.category(c) in FORBIDDEN}
    return sorted(found - set(allowed))


def check_vocabulary(characters: str, kind: str, expected: int) -> None:
    """Refuse a vocabulary of invisible characters, of the boundary alone or of another size.

    Arguments:
        characters: all of it.
        kind: of the model.
        expected: how many the architecture has room for.

    Raises:
        OptionError: says which.
    """
    allowed = "\n\t" if kind == "text" else f"\n{JOINERS}"
    if found := forbidden(characters, allowed=allowed):
        raise OptionError(f"vocabulary: expected visible characters, received {found[:5]}.")
    if len(characters) < 2:
        raise OptionError("vocabulary: expected at least one character beside the boundary.")
    if len(characters) != expected:
        raise OptionError(
            f"vocabulary: expected {expected} characters as the architecture says, received "
            f"{len(characters)}."
        )


def check_options(options: Mapping[str, Scalar]) -> None:
    """Refuse what `inspect` could not show: too much, too long, invisible, or no plain value.

    Raises:
        OptionError: names the option.
    """
    if len(options) > MAX_OPTIONS:
        raise OptionError(f"options: expected at most {MAX_OPTIONS}, received {len(options)}.")
    for name, value in options.items():
        if value is not None and type(value) not in (str, int, float, bool):
            raise OptionError(f"options: expected a plain value of {name!r}, received {value!r}.")
        texts = [name, value] if isinstance(value, str) else [name]
        if any(len(text) > MAX_OPTION_LENGTH or forbidden(text) for text in texts):
            raise OptionError(
                f"options: expected visible text of at most {MAX_OPTION_LENGTH} characters, "
                f"received {name[:40]!r}."
            )
        if isinstance(value, float) and not np.isfinite(value):
            raise OptionError(f"options: expected finite numbers, received {name} {value!r}.")


def check_values(tensors: Tensors) -> None:
    """Refuse tensors that hold NaN or infinity, and hashes that are not in order.

    Raises:
        ModelFileError: names the tensor.
    """
    for name, tensor in tensors.items():
        if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
            raise ModelFileError(
                f"tensor {name}: expected finite numbers, received NaN or infinity: the training "
                "diverged; train again with a lower learning rate."
            )
        if name == TRAINING_NAMES and (tensor[1:] <= tensor[:-1]).any():
            raise ModelFileError(f"tensor {name}: expected ascending hashes, received others.")
