"""How likely a predictor finds names, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dino_names.arrays import Float64s, Int32s
from dino_names.corpus import BOUNDARY_ID
from dino_names.engine import Predictor
from dino_names.errors import DinoNamesError
from dino_names.generation.name_maker import BATCH, NameMaker
from dino_names.modelfile import contains


@dataclass(frozen=True)
class Score:
    """What a model makes of a name.

    Arguments:
        name: NFC-normalised, blanks stripped.
        nats: minus the logarithm of its probability, the boundary after it included.
        nats_per_char: that over its characters, the boundary counted; the first letter is not
            where the model has no boundary before it to predict it from.
        in_training_list: whether it was trained on; None where the model file does not say.
        categories: the probability that it is of each, where the model has some.
    """

    name: str
    nats: float
    nats_per_char: float
    in_training_list: bool | None
    categories: dict[str, float] | None = None


def of_categories(
    each: Sequence[Sequence[Score]], labels: Sequence[str], shares: Float64s
) -> list[Score]:
    """The scores of names in a model of several lists, by Bayes' rule.

    Arguments:
        each: for each category the scores of the names in its model.
        labels: of the categories.
        shares: how often each comes.
    """
    nats = np.array([[score.nats for score in scores] for scores in each])
    nats = nats - np.log(shares)[:, None]
    least = nats.min(axis=0)
    odds = np.exp(least - nats)
    totals = least - np.log(odds.sum(axis=0))
    chances = odds / odds.sum(axis=0)
    return [
        replace(
            score,
            nats=float(total),
            nats_per_char=float(total) / (len(score.name) + 1),
            categories=dict(zip(labels, column.tolist(), strict=True)),
        )
        for score, total, column in zip(each[0], totals, chances.T, strict=True)
    ]


def score_names(maker: NameMaker, names: Sequence[str]) -> list[Score]:
    """The scores of names; see `NameModel.score`.

    Arguments:
        maker: has the model.
        names: normalised.
    """
    bundle = maker.bundle
    nats = score_ids(maker.predictor, [maker.encode(name) for name in names], batch=BATCH)
    known = bundle.training_names
    listed = [None] * len(names) if known is None else contains(known, names).tolist()
    unscored = 0 if bundle.start_boundary else 1
    return [
        Score(
            name=name,
            nats=total,
            nats_per_char=total / (len(name) + 1 - unscored),
            in_training_list=is_listed,
        )
        for name, total, is_listed in zip(names, nats, listed, strict=True)
    ]


def score_ids(predictor: Predictor, sequences: Sequence[Int32s], *, batch: int) -> list[float]:
    """Nats of each sequence after its first id, a boundary at its end included.

    Arguments:
        predictor: says what may come next.
        sequences: ids, at least one each, without the boundary at the end.
        batch: how many at once.

    Returns:
        Minus the logarithm of each one's probability, in their order.

    Raises:
        DinoNamesError: the predictor gives NaN or inf.
    """
    nats = np.zeros(len(sequences))
    # Long ones first, so that a batch holds like lengths and the short ones leave at its end.
    order = np.argsort([-len(ids) for ids in sequences], kind="stable")
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, len(order), batch):
            rows = order[first : first + batch]
            nats[rows] = _score_batch(predictor, [sequences[row] for row in rows])
    if np.isnan(nats).any():
        raise DinoNamesError(
            "logits: expected finite numbers, received NaN or inf; the model's weights are "
            "damaged or its training diverged: train it again."
        )
    return nats.tolist()


def _score_batch(predictor: Predictor, sequences: list[Int32s]) -> Float64s:
    lengths = np.array([len(ids) for ids in sequences])
    ids = np.full((len(sequences), lengths[0] + 1), BOUNDARY_ID, np.int32)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
    nats = np.zeros(len(sequences))
    state: Any = predictor.initial_state(len(sequences))
    live = len(sequences)
    for time in range(lengths[0]):
        going = int(np.count_nonzero(lengths > time))
        if going < live:
            live = going
            state.keep(np.arange(live))
        logits = predictor.step(ids[:live, time], state)
        logits -= logits.max(axis=1, keepdims=True)
        chosen = logits[np.arange(live), ids[:live, time + 1]]
        totals = np.exp(logits).sum(axis=1, dtype=np.float64)
        nats[:live] += np.log(totals) - chosen
    return nats
