"""How good a model of several lists is on names of each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.arrays import Int64s
from dino_names.corpus import Rows, Vocabulary
from dino_names.evaluation.character_nats import CharacterNats
from dino_names.evaluation.held_out_names import EvaluationNames
from dino_names.evaluation.report import Category
from dino_names.evaluation.systems import Systems
from dino_names.generation import CategoryModel, NameModel
from dino_names.ngram import DEFAULT_ORDER, CategoryNgrams, Ngram

# So many names are read by the model of every category, to see which it takes them for.
MOST_READ = 200_000


@dataclass(frozen=True, kw_only=True)
class ListSystems:
    """What can read names of several lists, each by the model of its own.

    Arguments:
        model: as `generate` uses it; where its n-grams have seen the names held out, with some
            that have not.
        parts: the systems of each category that there are names of, by its number.
    """

    model: NameModel
    parts: dict[int, Systems]

    @classmethod
    def of(cls, model: CategoryModel, material: EvaluationNames) -> ListSystems:
        """The systems that a model file and perhaps its training lists give.

        Arguments:
            model: the model.
            material: names with their categories, see `EvaluationNames.rows`.
        """
        counted = _count(model, material.learned_rows) if material.learned_rows else None
        if counted is not None and material.split and model.bundle.partner is not None:
            model = _recounted(model, counted)
        assert material.rows is not None
        parts = {}
        for tag in sorted(set(material.rows.tags)):
            found = Systems.of(model.of_tag(tag), EvaluationNames())
            if found.ngram is None and counted is not None:
                found = Systems(model=found.model, network=found.network, ngram=counted.of(tag))
            parts[tag] = found
        return cls(model=model, parts=parts)

    @property
    def ngram(self) -> Ngram | None:
        """That of one category, or None where there is none of any."""
        return next(iter(self.parts.values())).ngram

    def read_all(self, names: Sequence[str] | Rows) -> dict[str, CharacterNats]:
        """What each system makes of names, which come list after list."""
        rows = Rows.of(names)
        found = [
            part.read_all(rows.of_category(tag).names) for tag, part in sorted(self.parts.items())
        ]
        return {label: _joined([each[label] for each in found]) for label in found[0]}

    def network_nats(self, names: Sequence[str] | Rows) -> float:
        """Nats per character of the network alone."""
        rows = Rows.of(names)
        nats, characters = 0.0, 0
        for tag, part in self.parts.items():
            if some := rows.of_category(tag).names:
                read = part.read(part.network, some, calibrate=False)
                nats, characters = nats + float(read.nats.sum()), characters + len(read.nats)
        return nats / characters


def _joined(parts: Sequence[CharacterNats]) -> CharacterNats:
    tenths = [part.calibration for part in parts if part.calibration is not None]
    return CharacterNats(
        np.concatenate([part.nats for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        parts[0].skipped,
        np.sum(tenths, axis=0) if tenths else None,
    )


def _count(model: CategoryModel, rows: Rows) -> CategoryNgrams:
    """The n-grams of what was learned, trusted as far as the file's are."""
    partner = model.bundle.partner
    order = DEFAULT_ORDER if partner is None else int(partner["ngram"]["order"])
    tags = len(model.labels)
    vocabulary = Vocabulary(model.vocabulary.characters, tags)
    counted = CategoryNgrams.fit(rows, vocabulary, order=order, categories=tags)
    if partner is not None:
        counted.shrinks = list(partner["ngram"]["categories"]["shrinks"])
    return counted


def _recounted(model: CategoryModel, counted: CategoryNgrams) -> CategoryModel:
    """The model with other n-grams."""
    bundle = model.bundle
    assert bundle.partner is not None
    networks = {n: t for n, t in bundle.tensors.items() if not n.startswith("ngram.")}
    return CategoryModel(
        bundle.changed(
            partner={**bundle.partner, "ngram": counted.section},
            tensors={**networks, **counted.to_tensors()},
        )
    )


Experts = Systems | ListSystems


def systems_for(model: NameModel, material: EvaluationNames) -> Experts:
    """The systems that an evaluation compares, for a model of one list or of several."""
    if isinstance(model, CategoryModel) and material.rows is not None:
        return ListSystems.of(model, material)
    return Systems.of(model, material)


def by_category(
    model: NameModel, material: EvaluationNames, readings: Mapping[str, CharacterNats]
) -> tuple[Category, ...]:
    """A row for each category: how likely its names are, and how many are found to be of it.

    Arguments:
        model: none without categories.
        material: names, list after list.
        readings: what the model made of them, if it read them.
    """
    rows = material.rows
    if not readings or rows is None or not isinstance(model, CategoryModel):
        return ()
    reading, found, tags = readings["model"], _found(model, rows), np.array(rows.tags)
    nats, parts = reading.per_name(), []
    for tag in np.unique(tags):
        mine = tags == tag
        characters = int(reading.lengths[mine].sum())
        parts.append(
            Category(
                label=model.labels[tag],
                names=int(mine.sum()),
                characters=characters,
                nats_per_char=float(nats[mine].sum() / characters),
                recognised=None if found is None else float((found[mine] == tag).mean()),
            )
        )
    return tuple(parts)


def _found(model: CategoryModel, rows: Rows) -> Int64s | None:
    """The likeliest category of each name, by Bayes' rule; None where there is too much to read."""
    if len(rows) * len(model.labels) > MOST_READ:
        return None
    scores = model.score_many(rows.names)
    chances = np.array([[*(score.categories or {}).values()] for score in scores])
    return np.asarray(chances.argmax(axis=1))


def weighted_nats(rows: Rows, reading: CharacterNats) -> float | None:
    """Nats per character where each name counts as often as it weighs; None without weights."""
    if not rows.weights:
        return None
    weights = np.array(rows.weights)
    return float(weights @ reading.per_name() / (weights @ reading.lengths))
