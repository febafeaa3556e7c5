"""What a model file says beside its tensors: one key with canonical JSON, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names.checks import check_range
from dino_names.config import Architecture
from dino_names.errors import ModelFileError
from dino_names.modelfile.container import MAX_FILE_BYTES
from dino_names.modelfile.tensors import Tensors
from dino_names.storage import strict_json

KEY = "dino_names"
# A file says 2 where it has a section that version 1 does not know.
FORMATS = (1, 2)
NORMALISATION = "NFC"
SECTIONS: dict[str, tuple[type, ...]] = {
    "architecture": (dict,),
    "defaults": (dict,),
    "format": (int,),
    "kind": (str,),
    "longest_name": (int,),
    "normalisation": (str,),
    "options": (dict,),
    "partner": (dict, type(None)),
    "sha256": (str,),
    "start_boundary": (bool,),
    "training_names": (int, type(None)),
    "vocabulary": (str,),
}


def parse_metadata(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The values of the one metadata key.

    Arguments:
        metadata: texts by key, from the header.

    Returns:
        The values by name, of the types of SECTIONS.

    Raises:
        ModelFileError: not that key alone, not canonical JSON, or another format.
        OptionError: a number out of its range.
    """
    if set(metadata) != {KEY}:
        raise ModelFileError(
            f"expected the metadata key {KEY} alone, received {sorted(metadata)}: the file was "
            "made by another program, whose weights cannot be used here."
        )
    values = strict_json(metadata[KEY])
    if not isinstance(values, dict) or "format" not in values:
        raise ModelFileError("metadata: expected a JSON object with a format version.")
    if values["format"] not in FORMATS:
        raise ModelFileError(
            f"metadata: expected format {' or '.join(map(str, FORMATS))}, received "
            f"{values['format']!r:.20}; a newer version of dino-names may read it."
        )
    if not set(SECTIONS) <= set(values) or (len(values) > len(SECTIONS)) != (values["format"] == 2):
        raise ModelFileError(
            f"metadata: expected {', '.join(SECTIONS)}, received {str(sorted(values))[:200]}."
        )
    _check_sections(values)
    if canonical(values) != metadata[KEY]:
        raise ModelFileError("metadata: expected canonical JSON; export the model again.")
    return values


def _check_sections(values: dict[str, Any]) -> None:
    for name, kinds in SECTIONS.items():
        if type(values[name]) not in kinds:
            raise ModelFileError(f"metadata: expected {name} of another type.")
    for name, known in (
        ("architecture", _architecture_fields(values["architecture"])),
        ("defaults", {"temperature", "top_k", "top_p"}),
    ):
        if set(values[name]) != known:
            raise ModelFileError(f"metadata: expected {name} to hold {', '.join(sorted(known))}.")
    if values["training_names"] is not None:
        check_range(
            "training_names", values["training_names"], low=0, high=MAX_FILE_BYTES, whole=True
        )
    if values["normalisation"] != NORMALISATION:
        raise ModelFileError(f"metadata: expected the normalisation {NORMALISATION}.")


def _architecture_fields(values: Mapping[str, Any]) -> set[str]:
    own = set() if values.get("cell") == "gpt" else {"context"}
    return {*Architecture.fields()} - own


def extra_sections(values: Mapping[str, Any]) -> dict[str, Any]:
    """The sections that only some files have, see `extras`."""
    return {name: value for name, value in values.items() if name not in SECTIONS}


def digest_of(values: Mapping[str, Any], tensors: Tensors) -> str:
    """SHA-256 of the metadata but for this entry, and of the tensors by name."""
    from hashlib import sha256  # slow to import

    digest = sha256(canonical(values).encode())
    for name in sorted(tensors):
        digest.update(np.ascontiguousarray(tensors[name]).data)
    return digest.hexdigest()


def canonical(values: Mapping[str, Any]) -> str:
    """The only JSON that these values are written as."""
    return json.dumps(
        values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
