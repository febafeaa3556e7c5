"""The product of experts: its step, its weights, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.mixture import Mixture, Weights
from dino_names.engine.network import Network
from dino_names.engine.predictor import log_softmax
from dino_names.errors import ModelFileError, OptionError
from dino_names.ngram.kneser_ney import Ngram


def experts(names: list[str]) -> tuple[Network, Ngram, Vocabulary]:
    vocabulary = Vocabulary.of(names)
    architecture = Architecture(vocab_size=len(vocabulary), embedding_dim=3, rnn_units=4)
    rng = np.random.default_rng(0)
    tensors = {
        name: rng.normal(size=shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    return Network(architecture, tensors), Ngram.fit(names, vocabulary, order=3), vocabulary


def test_a_step_is_the_product_of_both_probabilities(twenty: list[str]) -> None:
    network, ngram, vocabulary = experts(twenty)
    mixture = Mixture(network, ngram, Weights(network=0.4, ngram=0.7))
    states = [expert.initial_state(2) for expert in (network, ngram, mixture)]
    for character in "\nRam":
        ids = np.repeat(vocabulary.encode(character), 2)
        first, second = (
            log_softmax(expert.step(ids, state).astype(np.float64))
            for expert, state in zip((network, ngram), states[:2], strict=True)
        )
        product = np.exp(first) ** 0.4 * np.exp(second) ** 0.7
        product /= product.sum(axis=1, keepdims=True)
        mixed = np.exp(log_softmax(mixture.step(ids, states[2]).astype(np.float64)))
        np.testing.assert_allclose(mixed, product, rtol=1e-4, atol=1e-7)


def test_state_keeps_and_tiles_both(twenty: list[str]) -> None:
    network, ngram, vocabulary = experts(twenty)
    mixture = Mixture(network, ngram, Weights(network=0.5, ngram=0.5))

    def after(prefix: str) -> np.ndarray:
        state = mixture.initial_state(1)
        return [mixture.step(vocabulary.encode(c), state) for c in prefix][-1][0]

    state = mixture.initial_state(1)
    mixture.step(vocabulary.encode("\n"), state)
    state = state.pick(np.zeros(3, int))
    mixture.step(vocabulary.encode("ABC"), state)
    state.keep(np.array([2, 0]))
    logits = mixture.step(vocabulary.encode("ar"), state)
    np.testing.assert_allclose(logits, [after("\nCa"), after("\nAr")], atol=1e-5)


@pytest.mark.parametrize(
    "mixing", [{}, {"network": 1.0}, {"network": 1.0, "ngram": "1"}, {"network": 1e9, "ngram": 1.0}]
)
def test_a_files_section_is_checked(twenty: list[str], mixing: dict[str, object]) -> None:
    network, ngram, _ = experts(twenty)
    with pytest.raises(ModelFileError, match="mixing"):
        Mixture.from_bundle(network, {"mixing": mixing, "ngram": ngram.section}, ngram.to_tensors())


def test_weights_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(OptionError, match="weight of the ngram"):
        Weights(network=1.0, ngram=float("nan"))
