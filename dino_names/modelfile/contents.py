"""The model in one file: write, check, read.

The file is a `.safetensors` with one metadata key that holds canonical JSON. Nothing in it is
executed, imported or used as a path; its reader believes no number before it has been compared
with what the architecture implies.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dino_names.checks import check_choice, check_range
from dino_names.config.architecture import Architecture
from dino_names.corpus.characters import FORBIDDEN
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.sampling import Sampler
from dino_names.errors import InputError, ModelFileError, OptionError
from dino_names.modelfile import tensors as layout
from dino_names.modelfile.container import Container
from dino_names.modelfile.metadata import FORMAT, KEY, NORMALISATION, canonical, parse_metadata
from dino_names.storage.atomic import write_atomically

FilePath = str | os.PathLike[str]
Scalar = str | int | float | bool | None
Tensors = Mapping[str, npt.NDArray[Any]]
Model = TypeVar("Model")

KINDS = ("names", "text")
MAX_NAME = 1_000
MAX_OPTIONS = 256
MAX_OPTION_LENGTH = 4_096


@dataclass(frozen=True, kw_only=True, eq=False)
class Bundle:
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
        training_names: hashes of the names of the training list, from `novelty.hash_names`.
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
    options: Mapping[str, Scalar] = field(default_factory=dict)
    training_names: npt.NDArray[np.uint64] | None = None
    partner: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, KINDS)
        if not isinstance(self.start_boundary, bool):
            raise OptionError("start_boundary: expected true or false.")
        shortest = 1 if self.kind == "names" else 0
        check_range("longest_name", self.longest_name, low=shortest, high=MAX_NAME, whole=True)
        Sampler(temperature=self.temperature, top_k=self.top_k, top_p=self.top_p)
        _check_vocabulary(self.vocabulary.characters, self.kind)
        if len(self.vocabulary) != self.architecture.vocab_size:
            raise OptionError(
                f"vocabulary: expected {self.architecture.vocab_size} characters as the "
                f"architecture says, received {len(self.vocabulary)}."
            )
        _check_options(self.options)
        layout.check_tensors(self.expected_tensors(), self.all_tensors())
        _check_values(self.all_tensors())

    def all_tensors(self) -> dict[str, npt.NDArray[Any]]:
        """Every tensor of the file, sorted by name."""
        tensors = dict(self.tensors)
        if self.training_names is not None:
            tensors[layout.TRAINING_NAMES] = self.training_names
        return dict(sorted(tensors.items()))

    def expected_tensors(self) -> layout.Expected:
        """The type and shape that each tensor of the file must have."""
        count = None if self.training_names is None else len(self.training_names)
        return layout.expected_tensors(
            self.architecture, training_names=count, partner=self.partner
        )

    def with_tensors(self, tensors: Tensors) -> Bundle:
        """The same with other weights, under the names of `Architecture.all_shapes`."""
        kept = {name: self.tensors[name] for name in self.tensors if name.startswith("ngram.")}
        return replace(self, tensors={**kept, **tensors})

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
                    layout.expected_tensors(
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
                training_names=tensors.pop(layout.TRAINING_NAMES, None),
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
    from dino_names.storage.paths import show  # a file that is not refused does without

    return ModelFileError(f"{show(path)}: {reason}")


def forbidden(text: str, *, allowed: str = "") -> list[str]:
    """The characters of a text that cannot be seen: control, format, bidirectional ones."""
    found = {c for c in set(text) if unicodedata.category(c) in FORBIDDEN}
    return sorted(found - set(allowed))


def _digest(metadata: Mapping[str, Any], tensors: Tensors) -> str:
    """SHA-256 of the metadata but for this entry, and of the tensors by name."""
    from hashlib import sha256  # slow to import

    digest = sha256(canonical(metadata).encode())
    for name in sorted(tensors):
        digest.update(np.ascontiguousarray(tensors[name]).data)
    return digest.hexdigest()


def _check_vocabulary(characters: str, kind: str) -> None:
    allowed = "\n\t" if kind == "text" else "\n"
    if found := forbidden(characters, allowed=allowed):
        raise OptionError(f"vocabulary: expected visible characters, received {found[:5]}.")
    if len(characters) < 2:
        raise OptionError("vocabulary: expected at least one character beside the boundary.")


def _check_options(options: Mapping[str, Scalar]) -> None:
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


def _check_values(tensors: Tensors) -> None:
    for name, tensor in tensors.items():
        if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
            raise ModelFileError(
                f"tensor {name}: expected finite numbers, received NaN or infinity: the training "
                "diverged; train again with a lower learning rate."
            )
        if name == layout.TRAINING_NAMES and (tensor[1:] <= tensor[:-1]).any():
            raise ModelFileError(f"tensor {name}: expected ascending hashes, received others.")
