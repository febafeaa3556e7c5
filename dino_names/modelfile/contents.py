"""The model in one file: write, check, read.

The file is a `.safetensors` with one metadata key that holds canonical JSON. Nothing in it is
executed, imported or used as a path; its reader believes no number before it has been compared
with what the architecture implies.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from dino_names.arrays import Array, UInt64s
from dino_names.checks import check_choice, check_range, check_sampling
from dino_names.config import Architecture
from dino_names.corpus import Vocabulary
from dino_names.errors import InputError, ModelFileError, OptionError
from dino_names.modelfile.container import Container
from dino_names.modelfile.content_checks import (
    Scalar,
    check_options,
    check_values,
    check_vocabulary,
)
from dino_names.modelfile.metadata import FORMAT, KEY, NORMALISATION, canonical, parse_metadata
from dino_names.modelfile.tensors import (
    TRAINING_NAMES,
    Expected,
    Tensors,
    check_tensors,
    expected_tensors,
)
from dino_names.record import NOTHING, Record

FilePath = str | os.PathLike[str]
Model = TypeVar("Model")

KINDS = ("names", "text")
MAX_NAME = 1_000


class Bundle(Record):
    """Everything that generating and scoring need.

    Arguments:
        architecture: sizes of the networks.
        vocabulary: as many characters as the architecture says.
        tensors: under the names of `Architecture.all_shapes`, and those of the partner.
        longest_name: characters of the longest training name; 0 for a text.
        kind: `names`, or `text` for running text.
        start_boundary: whether a boundary stands before each name.
        temperature, top_k, top_p: what to generate with where nothing else is asked for.
        options: what it was trained with, for `inspect`: plain values by name.
        training_names: hashes of the names of the training list, from `hash_names`.
        partner: the sections `ngram` and `mixing` of the n-gram beside the networks.

    Raises:
        OptionError: a value is not what it must be.
        ModelFileError: a tensor is missing, unknown, not finite, or of another type or shape.
    """

    architecture: Architecture
    vocabulary: Vocabulary
    tensors: Tensors
    longest_name: int
    kind: str = "names"
    start_boundary: bool = True
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    options: Mapping[str, Scalar] = NOTHING
    training_names: UInt64s | None = None
    partner: Mapping[str, Any] | None = None

    def check(self) -> None:
        """Refuse values that do not fit together."""
        check_choice("kind", self.kind, KINDS)
        if not isinstance(self.start_boundary, bool):
            raise OptionError("start_boundary: expected true or false.")
        shortest = 1 if self.kind == "names" else 0
        check_range("longest_name", self.longest_name, low=shortest, high=MAX_NAME, whole=True)
        check_sampling(self.temperature, self.top_k, self.top_p)
        check_vocabulary(self.vocabulary.characters, self.kind)
        if len(self.vocabulary) != self.architecture.vocab_size:
            raise OptionError(
                f"vocabulary: expected {self.architecture.vocab_size} characters as the "
                f"architecture says, received {len(self.vocabulary)}."
            )
        check_options(self.options)
        check_tensors(self.expected_tensors(), self.all_tensors())
        check_values(self.all_tensors())

    def all_tensors(self) -> dict[str, Array]:
        """Every tensor of the file, sorted by name."""
        tensors = dict(self.tensors)
        if self.training_names is not None:
            tensors[TRAINING_NAMES] = self.training_names
        return dict(sorted(tensors.items()))

    def expected_tensors(self) -> Expected:
        """The type and shape that each tensor of the file must have."""
        count = None if self.training_names is None else len(self.training_names)
        return expected_tensors(self.architecture, training_names=count, partner=self.partner)

    def with_tensors(self, tensors: Tensors) -> Bundle:
        """The same with other weights, under the names of `Architecture.all_shapes`."""
        kept = {name: self.tensors[name] for name in self.tensors if name.startswith("ngram.")}
        return self.changed(tensors={**kept, **tensors})

    def metadata(self) -> dict[str, Any]:
        """What the file says beside its tensors, as plain values."""
        return {
            "architecture": self.architecture.to_json(),
            "defaults": {
                "temperature": self.temperature,
                "top_k": self.top_k,
                "top_p": self.top_p,
            },
            "format": FORMAT,
            "kind": self.kind,
            "longest_name": self.longest_name,
            "normalisation": NORMALISATION,
            "options": dict(self.options),
            "partner": None if self.partner is None else dict(self.partner),
            "start_boundary": self.start_boundary,
            "training_names": None if self.training_names is None else len(self.training_names),
            "vocabulary": self.vocabulary.characters,
        }

    def to_bytes(self) -> bytes:
        """The whole file; the same content gives the same bytes."""
        from safetensors.numpy import save

        tensors = {
            name: np.ascontiguousarray(tensor) for name, tensor in self.all_tensors().items()
        }
        metadata = self.metadata()
        metadata["sha256"] = _digest(metadata, tensors)
        return save(tensors, metadata={KEY: canonical(metadata)})

    def write(self, path: FilePath) -> None:
        """Write the file in its place, whole or not at all.

        Raises:
            StorageError: the disk refused it.
        """
        from dino_names.storage import write_atomically  # reading a model writes nothing

        write_atomically(path, self.to_bytes())

    @classmethod
    def read(cls, path: FilePath) -> Bundle:
        """Read a file that anybody may have made.

        Raises:
            ModelFileError: it is missing, of another kind, damaged or not to be trusted.
        """
        try:
            with Container(path) as container:
                values = parse_metadata(container.metadata)
                architecture = Architecture(**values["architecture"])
                tensors = container.read(
                    expected_tensors(
                        architecture,
                        training_names=values["training_names"],
                        partner=values["partner"],
                    )
                )
            digest = values.pop("sha256")
            if digest != _digest(values, tensors):
                raise ModelFileError(
                    "expected the content that its SHA-256 names, received other: the file is "
                    "damaged; copy or export it again."
                )
            return cls(
                architecture=architecture,
                vocabulary=Vocabulary(values["vocabulary"]),
                training_names=tensors.pop(TRAINING_NAMES, None),
                tensors=tensors,
                **values["defaults"],
                **{name: values[name] for name in PLAIN},
            )
        except InputError as error:
            raise refusal(path, str(error)) from error
        except OSError as error:
            received = f"expected to read it, received {error.strerror!r}; copy it again."
            raise refusal(path, received) from error


# What is kept under the name that the dataclass has for it.
PLAIN = ("kind", "start_boundary", "longest_name", "options", "partner")


def read_as(path: FilePath, make: Callable[[Bundle], Model]) -> Model:
    """The model of a file.

    Arguments:
        path: of the file.
        make: the class of model, or what finds it out.

    Raises:
        ModelFileError: the file is missing, of another kind, or not to be trusted.
    """
    bundle = Bundle.read(path)
    try:
        return make(bundle)
    except InputError as error:
        raise refusal(path, str(error)) from error


def refusal(path: FilePath, reason: str) -> ModelFileError:
    """The error for a model file, its path first."""
    from dino_names.storage import show  # a file that is not refused does without

    return ModelFileError(f"{show(path)}: {reason}")


def _digest(metadata: Mapping[str, Any], tensors: Tensors) -> str:
    """SHA-256 of the metadata but for this entry, and of the tensors by name."""
    from hashlib import sha256  # slow to import

    digest = sha256(canonical(metadata).encode())
    for name in sorted(tensors):
        digest.update(np.ascontiguousarray(tensors[name]).data)
    return digest.hexdigest()
