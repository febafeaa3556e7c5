"""How good a model is: on names it has not seen, and by the names it invents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Booleans, Float64s, Int64s
from dino_names.checks import check_range
from dino_names.corpus import Rows
from dino_names.errors import NotEnoughNamesError
from dino_names.evaluation.character_nats import CharacterNats, read
from dino_names.evaluation.held_out_names import EvaluationNames
from dino_names.evaluation.intervals import rates
from dino_names.evaluation.likeness import compare, name_lengths, name_pairs
from dino_names.evaluation.many_lists import Experts, by_category, systems_for, weighted_nats
from dino_names.evaluation.near_copies import measure
from dino_names.evaluation.report import Evidence, Likelihood, Report, Sample
from dino_names.evaluation.systems import draw_names
from dino_names.generation import NameModel
from dino_names.modelfile import contains, corpus_filter
from dino_names.record import plain

MAX_SAMPLE = 1_000_000
# So many training names say how well a network knows them.
TRAINING_SAMPLE = 1_000

FEW_ENDED = "the sample holds {found:,} of {asked:,} names: {reason}"
NO_LETTERS = (
    "no names were generated: this model needs a first letter, and takes it from real names; "
    "add --names FILE or --train FILE."
)
NO_NGRAM = (
    "no n-gram to compare with: the model file holds none; add --train FILE with the list it was "
    "trained on, to count one."
)
NO_LIST = "nearest training names need the list itself: add --train FILE."
NO_FIRST = "first letters are not counted, since this model does not predict them."


def evaluate_names(model: NameModel, names: Sequence[str]) -> tuple[Float64s, Int64s]:
    """Nats and characters of each name, for a model as `generate` uses it.

    Arguments:
        model: the model.
        names: at least one, as `read_names` gives them: NFC, no blanks around.

    Returns:
        Minus the logarithm of each name's probability, and over how many characters: the
        boundary that ends it counted, the first letter not where the model does not predict it.
        (names,) each; the sum of the first over the sum of the second is nats per character.

    Raises:
        PromptError: a name has characters that the model does not know.
        DinoNamesError: the model gives NaN or inf.

    Example:
        >>> nats, characters = evaluate_names(model, ["Rex", "Ajax"])  # doctest: +SKIP
        >>> nats.sum() / characters.sum()  # doctest: +SKIP
    """
    reading = read(
        model.predictor, model.vocabulary, names, start_boundary=model.bundle.start_boundary
    )
    return reading.per_name(), reading.lengths


def evaluate(
    model: NameModel,
    material: EvaluationNames,
    *,
    sample: int = 1_000,
    temperature: float = 1.0,
    seed: int = 0,
    history: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """Measure a model.

    Arguments:
        model: the model.
        material: what to measure it on, from `choose_names`.
        sample: how many names to generate; 0 for none.
        temperature: to generate them at.
        seed: of the generated names, the resamples and the samples.
        history: of its run, to say whether it was trained too long.

    Raises:
        OptionError: sample, temperature or seed out of range.
        MissingExtraError: there is a training list, and rapidfuzz is not installed.
        DinoNamesError: the model gives NaN or inf.
    """
    sample, temperature, seed = plain(sample), plain(temperature), plain(seed)
    check_range("sample", sample, low=0, high=MAX_SAMPLE, whole=True)
    check_range("seed", seed, low=0, high=2**63 - 1, whole=True)
    experts, notes = systems_for(model, material), list(material.notes)
    likelihood, readings = None, dict[str, CharacterNats]()
    if material.held_out:
        readings = experts.read_all(material.rows or material.held_out)
        likelihood = _likelihood(experts, material, readings, seed)
        notes += _remarks(experts, likelihood)
    drawn = _draw(experts, material, sample, temperature, seed, notes) if sample else []
    found = None
    if drawn:
        found = _sample(experts.model, material, drawn, temperature, seed)
        notes += [] if material.training else [NO_LIST]
    return Report(
        likelihood=likelihood,
        categories=by_category(experts.model, material, readings),
        on_training=_on_training(experts, material, seed),
        sample=found,
        history=history,
        notes=notes,
        evidence=Evidence(readings=readings, generated=drawn, real=material.held_out),
    )


def _likelihood(
    experts: Experts,
    material: EvaluationNames,
    readings: Mapping[str, CharacterNats],
    seed: int,
) -> Likelihood:
    characters = readings["model"].lengths
    nats = np.stack([reading.per_name() for reading in readings.values()])
    found = rates(nats, characters, seed=seed)
    by_system = dict(zip(readings, found, strict=False))
    listed = _listed(experts.model, material, material.held_out)
    new = ~listed if listed is not None else np.ones(len(characters), np.bool_)
    unlisted = nats[:, new].sum(axis=1) / characters[new].sum() if new.any() else None
    ngram = by_system.get("ngram")
    return Likelihood(
        source=material.source,
        names=len(characters),
        characters=int(characters.sum()),
        model=by_system["model"],
        network=by_system.get("network"),
        ngram=ngram,
        order=experts.ngram.order if experts.ngram else None,
        # The n-gram is the last of them, so the first difference is the model's from it.
        difference=found[len(readings)] if ngram else None,
        in_training_list=None if listed is None else int(listed.sum()),
        unlisted=None if unlisted is None or new.all() else float(unlisted[0]),
        weighted=None if material.rows is None else weighted_nats(material.rows, readings["model"]),
        # The second system is the network where it is not the model.
        network_unlisted=None if unlisted is None else float(unlisted[int("network" in readings)]),
    )


def _remarks(experts: Experts, likelihood: Likelihood) -> list[str]:
    """What a reader of the likelihood should know."""
    remarks = []
    if likelihood.in_training_list:
        listed, names = likelihood.in_training_list, likelihood.names
        remark = f"{listed:,} of the {names:,} names are in its training list, which flatters it"
        if likelihood.unlisted is not None:
            others = f"on the {names - listed:,} others"
            remark += f"; {others}: {likelihood.unlisted:.3f} nats per character"
        remarks.append(f"{remark}.")
    if not experts.model.bundle.start_boundary:
        remarks.append(NO_FIRST)
    return remarks if experts.ngram else [*remarks, NO_NGRAM]


def _listed(model: NameModel, material: EvaluationNames, names: Sequence[str]) -> Booleans | None:
    """Which names are in the training list; what was held out of it is not."""
    known = model.bundle.training_names
    if known is not None and not material.split:
        return contains(known, names)
    if not material.training:
        return None
    training = set(material.training)
    return np.array([name in training for name in names])


def _draw(
    experts: Experts,
    material: EvaluationNames,
    sample: int,
    temperature: float,
    seed: int,
    notes: list[str],
) -> list[str]:
    """The generated names; what stood in their way is added to the notes."""
    real = material.training or material.held_out
    if not real and not experts.model.bundle.start_boundary:
        notes.append(NO_LETTERS)
        return []
    try:
        return draw_names(experts.model, n=sample, temperature=temperature, seed=seed, real=real)
    except NotEnoughNamesError as error:
        notes.append(FEW_ENDED.format(found=len(error.names), asked=sample, reason=error))
        return error.names


def _sample(
    model: NameModel, material: EvaluationNames, drawn: Sequence[str], temperature: float, seed: int
) -> Sample:
    real = material.held_out

    def originality(names: Sequence[str]) -> Any:
        listed = _listed(model, material, names)
        return measure(
            names,
            listed=None if listed is None else listed.tolist(),
            training=material.training,
            read=_read_by_base(model, names),
        )

    lengths, pairs = (
        compare(drawn, real, material.training, features=features, seed=seed)
        for features in (name_lengths, name_pairs)
    )
    return Sample(
        temperature=temperature,
        seed=seed,
        generated=originality(drawn),
        real=originality(real) if real else None,
        lengths=lengths,
        pairs=pairs,
    )


def _read_by_base(model: NameModel, names: Sequence[str]) -> list[bool] | None:
    """Which names the base has read that the model started from."""
    if model.bundle.origin is None:
        return None
    return [bool(found) for found in corpus_filter().contains([n.casefold() for n in names])]


def _on_training(experts: Experts, material: EvaluationNames, seed: int) -> float | None:
    """The network's nats per character on some of the names that it learned from."""
    names: Sequence[str] | Rows = material.learned_rows or material.learned
    if not len(names):
        return None
    if len(names) > TRAINING_SAMPLE:
        rows = np.random.default_rng(seed).permutation(len(names))[:TRAINING_SAMPLE]
        names = names.at(rows) if isinstance(names, Rows) else tuple(names[row] for row in rows)
    return experts.network_nats(names)
