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

from dino_names.arrays import Float32s, Integers
from dino_names.engine.predictor import Predictor, States
from dino_names.errors import ModelFileError, OptionError
from dino_names.ngram import Ngram
from dino_names.record import Record

MAX_WEIGHT = 100.0


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
        if set(mixing) - {"categories"} != {"network", "ngram"}:
            raise ModelFileError(
                f"mixing: expected the weights network and ngram, received {sorted(mixing)}."
            )
        try:
            weights = Weights(network=mixing["network"], ngram=mixing["ngram"])
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
