"""What an evaluation found, as values, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dino_names.evaluation import verdict as verdict
from dino_names.evaluation.character_nats import CharacterNats
from dino_names.evaluation.intervals import Rate
from dino_names.evaluation.likeness import Distance
from dino_names.evaluation.near_copies import Originality


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """How likely names are.

    Arguments:
        source: which names.
        names, characters: how many; the boundary that ends a name is a character.
        model: its rate, as `generate` uses it.
        network: that of the network alone; None where that is the model.
        ngram: that of the n-gram alone; None where there is none to count.
        order: of the n-gram.
        difference: the model's rate minus the n-gram's.
        in_training_list: how many of the names; None where nobody knows.
        unlisted: the model's nats per character on the others, where there are both kinds.
        network_unlisted: the network's on those that are not in the list as far as is known;
            None where all are.
        weighted: the model's nats per character where each name counts as often as it weighs.
    """

    source: str
    names: int
    characters: int
    model: Rate
    network: Rate | None = None
    ngram: Rate | None = None
    order: int | None = None
    difference: Rate | None = None
    in_training_list: int | None = None
    unlisted: float | None = None
    network_unlisted: float | None = None
    weighted: float | None = None


@dataclass(frozen=True, kw_only=True)
class Category:
    """How likely the names of one list are, in a model of several.

    Arguments:
        label: the category.
        names, characters: how many.
        nats_per_char: in the model of this category.
        recognised: the share that Bayes' rule finds to be of it; None where that was not asked.
    """

    label: str
    names: int
    characters: int
    nats_per_char: float
    recognised: float | None = None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What generated names are like, and beside them real ones.

    Arguments:
        temperature, seed: of the draw.
        generated: what is new in them.
        real: the same of the held-out names; None without any.
        lengths, pairs: distances from the held-out names; None with too few.
    """

    temperature: float
    seed: int
    generated: Originality
    real: Originality | None = None
    lengths: Distance | None = None
    pairs: Distance | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What the pictures are drawn from.

    Arguments:
        readings: of the held-out names, by system.
        generated, real: names.
    """

    readings: Mapping[str, CharacterNats] = field(default_factory=dict)
    generated: Sequence[str] = ()
    real: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """All of it.

    Arguments:
        likelihood: None without names to measure it on.
        categories: a row for each that the names are of, in a model of several lists.
        on_training: the network's nats per character on names it was trained on.
        sample: None where no names were generated.
        history: rows as in `history.jsonl`.
        notes: sentences that a reader of the figures should know.
        evidence: for pictures.
    """

    likelihood: Likelihood | None = None
    categories: Sequence[Category] = ()
    on_training: float | None = None
    sample: Sample | None = None
    history: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def verdict(self) -> str:
        """Against the n-gram, copying or not, like real names or not, trained long enough."""
        sentences = []
        on_new = None
        found = self.likelihood
        few = found is not None and found.names < verdict.FEW_NAMES
        if found and few:
            sentences.append(verdict.on_few(found.names))
        elif found:
            listed = found.in_training_list
            share = None if listed is None else listed / found.names
            sentences.append(verdict.on_ngram(found.difference, found.order, listed=share))
            on_new = found.network_unlisted
        if self.sample:
            real = None if few else self.sample.real
            sentences.append(verdict.on_copying(self.sample.generated, real))
            sentences.append(verdict.on_likeness(self.sample.lengths, self.sample.pairs))
        if not few:
            sentences.append(
                verdict.on_duration(self.history, on_training=self.on_training, on_new=on_new)
            )
        return " ".join(filter(None, sentences))

    def to_json(self) -> dict[str, Any]:
        """Plain values, those that were not measured None."""
        found = self.likelihood
        return {
            **_likelihood_json(found),
            "network": None if found is None else _rate_json(found.network),
            "ngram": None if found is None or found.ngram is None else _ngram_json(found),
            "difference": None if found is None else _rate_json(found.difference),
            "weighted_nats_per_char": found and found.weighted,
            "categories": [asdict(category) for category in self.categories],
            "training_nats_per_char": self.on_training,
            "sample": None if self.sample is None else _sample_json(self.sample),
            "notes": list(self.notes),
            "verdict": self.verdict,
        }


def _likelihood_json(found: Likelihood | None) -> dict[str, Any]:
    return {
        "source": found and found.source,
        "names": found.names if found else 0,
        "characters": found.characters if found else 0,
        "nats_per_char": found and found.model.nats_per_char,
        "interval": found and found.model.interval,
        "bits_per_char": found and found.model.bits_per_char,
        "perplexity": found and found.model.perplexity,
        "in_training_list": found and found.in_training_list,
        "unlisted_nats_per_char": found and found.unlisted,
    }


def _rate_json(rate: Rate | None) -> dict[str, Any] | None:
    return None if rate is None else asdict(rate)


def _ngram_json(found: Likelihood) -> dict[str, Any]:
    return {"order": found.order, **(_rate_json(found.ngram) or {})}


def _sample_json(sample: Sample) -> dict[str, Any]:
    return {
        "temperature": sample.temperature,
        "seed": sample.seed,
        **_originality_json(sample.generated),
        "closest": [asdict(each) for each in sample.generated.closest],
        "real": None if sample.real is None else _originality_json(sample.real),
        "lengths": _distance_json(sample.lengths),
        "pairs": _distance_json(sample.pairs),
    }


def _originality_json(found: Originality) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("names", "new", "repeats", "within_1", "read")}


def _distance_json(distance: Distance | None) -> dict[str, Any] | None:
    if distance is None:
        return None
    return {
        "names": distance.names,
        "bits": distance.generated,
        "real_bits": distance.real,
        "real_interval": distance.real_interval,
    }
