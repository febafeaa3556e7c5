"""How far a network and an n-gram are to be trusted, found on names that neither has seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dino_names.arrays import Float64s, Floats, Integers
from dino_names.engine.mixture import MAX_WEIGHT, Weights
from dino_names.record import Record

NEWTON_STEPS = 50
TOLERANCE = 1e-8
TINY = 1e-12


class Prior(Record):
    """What the weights are taken to be before any name was seen: a Gaussian.

    Arguments:
        mean: of the network's weight and the n-gram's, (2,).
        precision: the inverse of their covariance, (2, 2), in nats: what half the square of a
            distance of 1 costs.
    """

    mean: Float64s
    precision: Float64s


# Five characters' worth of pull towards a half each, so that a handful cannot carry them away.
WEAK = Prior(mean=np.array([0.5, 0.5]), precision=10.0 * np.eye(2))
# The weights of one list differ by about 0.2 from those of all.
NEAR: Float64s = 0.2**-2 * np.eye(2)


def fit_weights(
    network_logits: Floats, ngram_log_probs: Floats, targets: Integers, *, prior: Prior = WEAK
) -> tuple[Weights, float]:
    """The weights under which held-out characters are likeliest.

    The likelihood is concave in the two weights, so Newton's method finds its only maximum;
    a step that does not improve is halved.

    Arguments:
        network_logits: (characters, vocab_size), of the network alone.
        ngram_log_probs: the same of an n-gram that has not seen these names.
        targets: (characters,), what did follow.
        prior: what they were taken to be before.

    Returns:
        The weights and the nats per character that they give.
    """
    features = np.stack([network_logits, ngram_log_probs], axis=-1).astype(np.float64)
    features -= features.max(axis=1, keepdims=True)
    chosen = features[np.arange(len(targets)), targets]
    point, pull = prior.mean.copy(), prior.precision / (2 * len(targets))

    def derivatives(at: Float64s) -> tuple[float, Float64s, Float64s]:
        value, gradient, hessian = _derivatives(features, chosen, at)
        away = at - prior.mean
        return (
            value + float(away @ pull @ away),
            gradient + 2 * pull @ away,
            hessian + 2 * (pull + TINY * np.eye(2)),
        )

    value, gradient, hessian = derivatives(point)
    for _ in range(NEWTON_STEPS):
        step = np.linalg.solve(hessian, gradient)
        found = derivatives(point - step)
        while found[0] > value and np.abs(step).max() > TOLERANCE:
            step /= 2
            found = derivatives(point - step)
        point, (value, gradient, hessian) = point - step, found
        if np.abs(step).max() < TOLERANCE:
            break
    point = np.clip(point, -MAX_WEIGHT, MAX_WEIGHT)
    nats = _derivatives(features, chosen, point)[0]
    return Weights(network=float(point[0]), ngram=float(point[1])), nats


def fit_each(
    network_logits: Floats,
    ngram_log_probs: Floats,
    targets: Integers,
    lists: Integers,
    weights: Sequence[Weights],
) -> list[Weights]:
    """The weights for each of several lists, drawn towards some.

    Arguments:
        network_logits, ngram_log_probs, targets: as for `fit_weights`.
        lists: which list each character is of, (characters,).
        weights: what each list's are drawn to, and stay at where it has no characters.
    """
    found = []
    for number, usual in enumerate(weights):
        mine = np.flatnonzero(lists == number)
        prior = Prior(mean=np.array([usual.network, usual.ngram]), precision=NEAR)
        parts = network_logits[mine], ngram_log_probs[mine], targets[mine]
        found.append(fit_weights(*parts, prior=prior)[0] if len(mine) else usual)
    return found


def _derivatives(
    features: Float64s, chosen: Float64s, point: Float64s
) -> tuple[float, Float64s, Float64s]:
    """The mean loss, its gradient (2,) and its Hessian (2, 2)."""
    logits = features @ point
    peak = logits.max(axis=1, keepdims=True)
    odds = np.exp(logits - peak)
    totals = odds.sum(axis=1, keepdims=True)
    probabilities = odds / totals
    means = np.einsum("cv,cvf->cf", probabilities, features)
    squares = np.einsum("cv,cvf,cvg->fg", probabilities, features, features)
    loss = (np.log(totals) + peak)[:, 0].mean() - (chosen @ point).mean()
    gradient = (means - chosen).mean(axis=0)
    hessian = (squares - means.T @ means) / len(features)
    return float(loss), gradient, hessian
