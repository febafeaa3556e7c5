"""What a run learns from, a list of names or a text: read, split and made into batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from dino_names.config import Config, Kind
from dino_names.corpus import (
    MAX_NAMES,
    PLAIN,
    Names,
    PreparedNames,
    Reading,
    Source,
    Text,
    Vocabulary,
    read_to_train,
    vocabulary_of,
)
from dino_names.errors import CorpusError
from dino_names.modelfile import KnownNames, remember_names
from dino_names.runs import describe_names
from dino_names.training.batches import BlockBatches, Chunks, Measured, NameBatches, Streams
from dino_names.training.batches import Source as Batches
from dino_names.training.ngram_mixing import NgramPartner, check_prepared, prepared_partner


class Parts(NamedTuple):
    """What a session needs of the data.

    Arguments:
        train: what to learn from.
        valid: what is held out, or None.
        partner: the n-gram beside the network, or None.
    """

    train: Batches
    valid: Measured | None
    partner: NgramPartner | None


Listed = TypeVar("Listed", Names, PreparedNames)


@dataclass(frozen=True)
class ListData(Generic[Listed]):
    """A list of names to learn from."""

    names: Listed

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the names, whatever their order."""
        return self.names.fingerprint

    @property
    def warnings(self) -> Sequence[str]:
        """What looks wrong in the list and may be right."""
        return self.names.warnings

    def __len__(self) -> int:
        return len(self.names)

    def vocabulary(self) -> Vocabulary:
        """The characters of all names."""
        return vocabulary_of(self.names)


@dataclass(frozen=True)
class NamesData(ListData[Names]):
    """One that is in memory."""

    def parts(self, config: Config, vocabulary: Vocabulary) -> Parts:
        """Split the list and make batches of it."""
        names, seed = self.names.names, config.train.seed
        train, valid = self.names.split(fraction=config.data.valid_fraction, seed=seed)
        source = NameBatches.of(train, vocabulary, config.data, seed=seed)
        if not len(valid):
            return Parts(source, None, None)
        partner = None
        if config.model.ngram_order:
            partner = NgramPartner.of(
                train,
                self.names.chosen(names),
                vocabulary,
                order=config.model.ngram_order,
                start_boundary=config.data.start_boundary,
            )
        return Parts(source, NameBatches.held_out(valid, vocabulary, config.data), partner)

    def facts(self, config: Config) -> dict[str, Any]:
        """What a model file says of the data."""
        return describe_names(self.names.names, config, self.names.categories)


@dataclass(frozen=True)
class PreparedData(ListData[PreparedNames]):
    """One that is too long for memory, a block of it at a time."""

    def parts(self, config: Config, vocabulary: Vocabulary) -> Parts:
        """Hold names out and make batches of the others.

        Raises:
            CorpusError: the folder is not as it was made.
            OptionError: a choice that such a list cannot be learned with.
        """
        names, seed, data = self.names, config.train.seed, config.data
        check_prepared(names, config)
        names.verify()
        rows = names.held_out(fraction=data.valid_fraction, seed=seed)
        source = BlockBatches(names, data, seed, rows)
        if not len(rows):
            return Parts(source, None, None)
        held_out = names.at(rows)
        partner = prepared_partner(names, held_out, config) if config.model.ngram_order else None
        return Parts(source, NameBatches.held_out(held_out, vocabulary, data), partner)

    def facts(self, config: Config) -> dict[str, Any]:
        """What a model file says of the data."""
        return {
            "kind": "names",
            "start_boundary": config.data.start_boundary,
            "longest_name": self.names.longest,
            "training_names": self._known,
        }

    @cached_property
    def _known(self) -> KnownNames | None:
        return remember_names(self.names) if len(self) <= MAX_NAMES else None


@dataclass(frozen=True)
class TextData:
    """A running text to learn from."""

    text: Text

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text."""
        return self.text.fingerprint

    @property
    def warnings(self) -> Sequence[str]:
        """What looks wrong in the text and may be right."""
        return self.text.warnings

    def __len__(self) -> int:
        return len(self.text)

    def vocabulary(self) -> Vocabulary:
        """The characters of the whole text."""
        return vocabulary_of(self.text)

    def parts(self, config: Config, vocabulary: Vocabulary) -> Parts:
        """Split the text and make batches of it.

        Raises:
            CorpusError: a part is shorter than one sequence.
        """
        data = config.data
        train, valid = self.text.split(fraction=data.valid_fraction)
        if valid and len(valid) <= data.seq_length:
            raise CorpusError(
                f"text: expected a held-out part of at least seq_length + 1, "
                f"{data.seq_length + 1} characters, received {len(valid)} beside {len(train)}; "
                "give a longer text, raise --valid-fraction (0 holds nothing out) or lower "
                "--seq-length."
            )
        ids = vocabulary.encode(train)
        source: Chunks | Streams
        if data.layout == "streams":
            source = Streams(ids, data)
        else:
            source = Chunks(ids, data, config.train.seed)
        held_out = source.for_validation(vocabulary.encode(valid)) if valid else None
        return Parts(source, held_out, None)

    def facts(self, config: Config) -> dict[str, Any]:
        """What a model file says of the data."""
        return {"kind": "text", "start_boundary": False, "longest_name": 0}


Data = NamesData | PreparedData | TextData


def training_data(source: Source, kind: Kind, reading: Reading = PLAIN) -> Data:
    """Read what a run is to learn from.

    Arguments:
        source: a file, names, or what was read; None for the built-in text.
        kind: of what is in it.
        reading: how lists are to be read.

    Raises:
        CorpusError: the file cannot be read as such, or there is none for names.
    """
    data = read_to_train(source, kind, reading)
    if isinstance(data, PreparedNames):
        return PreparedData(data)
    return NamesData(data) if isinstance(data, Names) else TextData(data)
