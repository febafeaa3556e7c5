"""What a run learns from, a list of names or a text: read, split and made into batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dino_names.config import Config, Kind
from dino_names.corpus import (
    PLAIN,
    Names,
    Reading,
    Source,
    Text,
    Vocabulary,
    read_data,
    vocabulary_of,
)
from dino_names.errors import CorpusError
from dino_names.runs import describe_names
from dino_names.training.batches import Chunks, Measured, NameBatches, Streams
from dino_names.training.batches import Source as Batches
from dino_names.training.ngram_mixing import NgramPartner


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


@dataclass(frozen=True)
class NamesData:
    """A list of names to learn from."""

    names: Names

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

    def parts(self, config: Config, vocabulary: Vocabulary) -> Parts:
        """Split the list and make batches of it."""
        names, seed = self.names.names, config.train.seed
        train, valid = self.names.split(fraction=config.data.valid_fraction, seed=seed)
        source = NameBatches.of(train, vocabulary, config.data, seed=seed)
        if not len(valid):
            return Parts(source, None, None)
        partner = None
        if config.model.ngram_order:
            partner = NgramPartner(
                train,
                self.names.chosen(names),
                vocabulary,
                order=config.model.ngram_order,
                start_boundary=config.data.start_boundary,
            )
        return Parts(source, source.for_validation(valid, vocabulary), partner)

    def facts(self, config: Config) -> dict[str, Any]:
        """What a model file says of the data."""
        return describe_names(self.names.names, config, self.names.categories)


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


def training_data(source: Source, kind: Kind, reading: Reading = PLAIN) -> NamesData | TextData:
    """Read what a run is to learn from.

    Arguments:
        source: a file, names, or what was read; None for the built-in text.
        kind: of what is in it.
        reading: how lists are to be read.

    Raises:
        CorpusError: the file cannot be read as such, or there is none for names.
    """
    data = read_data(source, kind, reading)
    return NamesData(data) if isinstance(data, Names) else TextData(data)
