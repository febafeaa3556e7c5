"""The model in one file: write, check, read.

The file is a `.safetensors` with one metadata key that holds canonical JSON. Nothing in it is
executed, imported or used as a path; its reader believes no number before it has been compared
with what the architecture implies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Array
from dino_names.checks import check_choice, check_range, check_sampling
from dino_names.config import Architecture
from dino_names.corpus import Vocabulary
from dino_names.errors import OptionError
from dino_names.modelfile.content_checks import (
    Scalar,
    check_options,
    check_values,
    check_vocabulary,
)
from dino_names.modelfile.metadata import KEY, NORMALISATION, canonical, digest_of
from dino_names.modelfile.tensors import (
    TRAINING_NAMES,
    Expected,
    Tensors,
    check_tensors,
    expected_tensors,
)
from dino_names.record import NOTHING, Record

if TYPE_CHECKING:
    from dino_names.modelfile.name_filter import NameFilter
    from dino_names.modelfile.name_hashes import KnownNames
    from dino_names.storage import FilePath


# Fields that format 1 does not know.
EXTRA_FIELDS = (
    *("precision", "origin", "categories", "left_out", "kept_names"),
    *("corpus_filter", "directions"),
)
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
        training_names: what is remembered of the training list, from `remember_names`.
        partner: the sections `ngram` and `mixing` of the n-gram beside the networks.
        precision: of the weights in the file; here they are 32-bit floats that it holds exactly.
        origin: what it was started from: plain values by name, or None.
        categories: lists that a name can come from and how many names each had, in the order of
            their ids, which follow those of the vocabulary.
        left_out: words that no name may contain, sorted.
        kept_names: the training names, sorted, where their owner chose to keep them.
        corpus_filter: of the names that a base has read, case folded.
        directions: in which lists differ, or with categories how each does: what each adds to the
            input's bias of the first layer, (directions, gates x units), and to the output's,
            (directions, vocab_size); or None.

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
    training_names: KnownNames | None = None
    partner: Mapping[str, Any] | None = None
    precision: str = "float32"
    origin: Mapping[str, Scalar] | None = None
    categories: tuple[tuple[str, int], ...] = ()
    left_out: tuple[str, ...] = ()
    kept_names: tuple[str, ...] = ()
    corpus_filter: NameFilter | None = None
    directions: tuple[Array, ...] | None = None

    def check(self) -> None:
        """Refuse values that do not fit together."""
        check_choice("kind", self.kind, KINDS)
        if not isinstance(self.start_boundary, bool):
            raise OptionError("start_boundary: expected true or false.")
        shortest = 1 if self.kind == "names" else 0
        check_range("longest_name", self.longest_name, low=shortest, high=MAX_NAME, whole=True)
        check_sampling(self.temperature, self.top_k, self.top_p)
        width = self.architecture.vocab_size - len(self.categories)
        check_vocabulary(self.vocabulary.characters, self.kind, width)
        if self.categories and not self.start_boundary:
            raise OptionError("start_boundary: expected true with categories, received false.")
        check_options(self.options)
        check_tensors(self.expected_tensors(), self.all_tensors())
        check_values(self.all_tensors())
        if self.has_extras:
            self._check_extras()

    def _check_extras(self) -> None:
        from dino_names.modelfile.extras import (
            TEXTS,
            check_directions,
            check_sections,
            check_texts,
            round_directions,
            round_weights,
            sections_of,
        )

        check_sections(sections_of(self))
        for name in TEXTS:
            check_texts(name, getattr(self, name))
        check_directions(self)
        if self.precision != "float32":
            weights, others = self._split_tensors()
            self.tensors = {**round_weights(weights, self.precision), **others}
            self.directions = round_directions(self.directions)

    def _split_tensors(self) -> tuple[dict[str, Array], dict[str, Array]]:
        """The weights of the networks, and the tensors of their partner."""
        weights: dict[str, Array] = {}
        others: dict[str, Array] = {}
        for name, tensor in self.tensors.items():
            (weights if name.startswith("network") else others)[name] = tensor
        return weights, others

    @property
    def has_extras(self) -> bool:
        """Whether there is anything that only a file of format 2 holds."""
        return any(getattr(self, name) != getattr(Bundle, name) for name in EXTRA_FIELDS) or (
            self.training_names is not None and not isinstance(self.training_names, np.ndarray)
        )

    def all_tensors(self) -> dict[str, Array]:
        """Every tensor of a file of format 1, sorted by name."""
        tensors = dict(self.tensors)
        if isinstance(self.training_names, np.ndarray):
            tensors[TRAINING_NAMES] = self.training_names
        return dict(sorted(tensors.items()))

    def expected_tensors(self) -> Expected:
        """The type and shape that each of these must have."""
        count = self._hashed_names()
        return expected_tensors(
            self.architecture,
            training_names=count,
            partner=self.partner,
            categories=len(self.categories),
        )

    def _hashed_names(self) -> int | None:
        known = self.training_names
        return len(known) if isinstance(known, np.ndarray) else None

    def with_tensors(self, tensors: Tensors) -> Bundle:
        """The same with other weights, under the names of `Architecture.all_shapes`."""
        kept = {name: self.tensors[name] for name in self.tensors if name.startswith("ngram.")}
        return self.changed(tensors={**kept, **tensors})

    def metadata(self) -> dict[str, Any]:
        """What the file says beside its tensors, as plain values."""
        extras: dict[str, Any] = {}
        if self.has_extras:
            from dino_names.modelfile.extras import sections_of

            extras = sections_of(self)
        return {
            "architecture": self.architecture.to_json(),
            "defaults": {
                "temperature": self.temperature,
                "top_k": self.top_k,
                "top_p": self.top_p,
            },
            "format": 2 if extras else 1,
            "kind": self.kind,
            "longest_name": self.longest_name,
            "normalisation": NORMALISATION,
            "options": dict(self.options),
            "partner": None if self.partner is None else dict(self.partner),
            "start_boundary": self.start_boundary,
            "training_names": self._hashed_names(),
            "vocabulary": self.vocabulary.characters,
            **extras,
        }

    @property
    def digest(self) -> str:
        """The SHA-256 that the file holds of all the rest of it."""
        return str(self._metadata_and_tensors()[0]["sha256"])

    def to_bytes(self) -> bytes:
        """The whole file; the same content gives the same bytes."""
        from safetensors.numpy import save

        metadata, tensors = self._metadata_and_tensors()
        return save(tensors, metadata={KEY: canonical(metadata)})

    def _metadata_and_tensors(self) -> tuple[dict[str, Any], dict[str, Array]]:
        tensors = self.all_tensors()
        if self.has_extras:
            from dino_names.modelfile.extras import to_stored

            weights, _ = self._split_tensors()
            others = {name: tensor for name, tensor in tensors.items() if name not in weights}
            tensors = {**others, **to_stored(self, weights)}
        tensors = {name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}
        metadata = self.metadata()
        metadata["sha256"] = digest_of(metadata, tensors)
        return metadata, tensors

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
        from dino_names.modelfile.reader import read_bundle

        return read_bundle(path)
