"""The network and the n-gram together, as a product of experts.

    p(character) is in proportion to  p_network ** a  *  p_ngram ** b

with two weights a and b, found on held-out names. The product (Hinton 2002, "Training products
of experts by minimizing contrastive divergence") wants both to agree, where a sum is content
with one; and it costs one multiplication and one addition of logits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names.arrays import Float32s, Floats, Integers
from dino_names.engine.predictor import Predictor, States
from dino_names.errors import ModelFileError, OptionError
from dino_names.ngram import Ngram
from dino_names.record import Record

MAX_WEIGHT = 100.0
NEWTON_STEPS = 50
TOLERANCE = 1e-8
TINY = 1e-12
START = np.array([0.5, 0.5])


class Weights(Record):
    """The exponents of the two experts.

    Arguments:
        network: a.
        ngram: b.

    Raises:
        OptionError: a weight is not a number between -100 and 100.
    """

    network: float
    ngram: float

    def check(self) -> None:
        """Refuse what is no number, or too large a one."""
        for name, value in vars(self).items():
            if type(value) is not float or not abs(value) <= MAX_WEIGHT:
                raise OptionError(
                    f"weight of the {name}: expected a number from {-MAX_WEIGHT} to {MAX_WEIGHT}, "
                    f"received {value!r}."
                )


class Mixture:
    """A network and an n-gram that step as one.

    Arguments:
        network: what gives logits.
        ngram: what gives logarithms of probabilities, over the same characters.
        weights: of the two.
    """

    def __init__(self, network: Predictor, ngram: Ngram, weights: Weights) -> None:
        self.network, self.ngram, self.weights = network, ngram, weights
        self.vocab_size = network.vocab_size
        self._network, self._ngram = np.float32(weights.network), np.float32(weights.ngram)

    @classmethod
    def from_bundle(
        cls, network: Predictor, partner: Mapping[str, Any], tensors: Mapping[str, Any]
    ) -> Mixture:
        """The mixture that a model file describes.

        Arguments:
            network: what the rest of the file describes.
            partner: the sections `ngram` and `mixing`.
            tensors: those of the n-gram among them.

        Raises:
            ModelFileError: a section is not what it must be.
        """
        mixing = partner["mixing"]
        if set(mixing) != {"network", "ngram"}:
            raise ModelFileError(
                f"mixing: expected the weights network and ngram, received {sorted(mixing)}."
            )
        try:
            weights = Weights(**mixing)
        except OptionError as error:
            raise ModelFileError(f"mixing: {error}") from error
        return cls(network, Ngram.from_tensors(partner["ngram"], tensors), weights)

    def initial_state(self, batch: int) -> States:
        """The states of both before anything was read."""
        return States([self.network.initial_state(batch), self.ngram.initial_state(batch)])

    def step(self, ids: Integers, state: Any) -> Float32s:
        """Read one character of each name; see `Network.step`."""
        network, ngram = state.states
        logits = self.network.step(ids, network)
        logits *= self._network
        logits += self._ngram * self.ngram.step(ids, ngram)
        return logits


def fit_weights(
    network_logits: Floats, ngram_log_probs: Floats, targets: Integers, *, prior: float = 5.0
) -> tuple[Weights, float]:
    """The weights under which held-out characters are likeliest.

    The likelihood is concave in the two weights, so Newton's method finds its only maximum;
    a step that does not improve is halved.

    Arguments:
        network_logits: (characters, vocab_size), of the network alone.
        ngram_log_probs: the same of an n-gram that has not seen these names.
        targets: (characters,), what did follow.
        prior: how many characters' worth of pull keeps the weights near a half each, so that
            a handful of names cannot carry them away.

    Returns:
        The weights and the nats per character that they give.
    """
    features = np.stack([network_logits, ngram_log_probs], axis=-1).astype(np.float64)
    features -= features.max(axis=1, keepdims=True)
    chosen = features[np.arange(len(targets)), targets]
    point, pull = START.copy(), prior / len(targets)
    value, gradient, hessian = _derivatives(features, chosen, point, pull)
    for _ in range(NEWTON_STEPS):
        step = np.linalg.solve(hessian, gradient)
        found = _derivatives(features, chosen, point - step, pull)
        while found[0] > value and np.abs(step).max() > TOLERANCE:
            step /= 2
            found = _derivatives(features, chosen, point - step, pull)
        point, (value, gradient, hessian) = point - step, found
        if np.abs(step).max() < TOLERANCE:
            break
    point = np.clip(point, -MAX_WEIGHT, MAX_WEIGHT)
    nats = _derivatives(features, chosen, point, 0.0)[0]
    return Weights(network=float(point[0]), ngram=float(point[1])), nats


def _derivatives(
    features: Floats, chosen: Floats, point: Floats, pull: float
) -> tuple[float, Floats, Floats]:
    """The mean loss with its prior, its gradient (2,) and its Hessian (2, 2)."""
    logits = features @ point
    peak = logits.max(axis=1, keepdims=True)
    odds = np.exp(logits - peak)
    totals = odds.sum(axis=1, keepdims=True)
    probabilities = odds / totals
    means = np.einsum("cv,cvf->cf", probabilities, features)
    squares = np.einsum("cv,cvf,cvg->fg", probabilities, features, features)
    away = point - START
    loss = (np.log(totals) + peak)[:, 0].mean() - (chosen @ point).mean()
    gradient = (means - chosen).mean(axis=0) + 2 * pull * away
    hessian = (squares - means.T @ means) / len(features) + 2 * (pull + TINY) * np.eye(2)
    return float(loss + pull * away @ away), gradient, hessian
