from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus.names import check_names
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.predictor import log_softmax
from dino_names.generation import NameModel
from dino_names.modelfile import join_networks
from dino_names.ngram import Ngram
from dino_names.tuning.base_model import weights_for
from dino_names.tuning.mixing import LESS_NETWORK, MORE_NGRAM, CrossFit, cut, without
from tests.helpers.tiny_base import tiny_base


@given(
    st.lists(st.text("abc", min_size=1), min_size=1, max_size=30, unique=True), st.integers(1, 5)
)
def test_parts_are_all_of_a_list_of_like_size(names: list[str], folds: int) -> None:
    parts = cut(names, folds=folds, seed=1)
    sizes = [len(part) for part in parts]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert len(parts) == folds and max(sizes) - min(sizes) <= 1
    assert parts == cut(names, folds=folds, seed=1)
    for part in parts:
        assert sorted((*part, *without(names, part))) == sorted(names)


def test_parts_differ_from_seed_to_seed() -> None:
    names = [str(i) for i in range(20)]
    assert cut(names, folds=3, seed=0) != cut(names, folds=3, seed=1)


def test_each_part_is_read_by_what_has_not_seen_it(twenty: list[str]) -> None:
    vocabulary, parts = Vocabulary.of(twenty), cut(twenty, folds=3, seed=0)
    starts = [weights_for(tiny_base(), vocabulary) for _ in parts]
    for number, weights in enumerate(starts):
        weights["output.bias"] = weights["output.bias"] + np.float32(0.3 * number)
        weights["output.bias"][number + 1] += 1
    fitted = CrossFit(check_names(twenty), parts, starts, vocabulary, order=3)
    network_nats, ngram_nats, characters = 0.0, 0.0, 0
    for part, weights in zip(parts, starts, strict=True):
        sizes = tiny_base().architecture.changed(vocab_size=len(vocabulary))
        bundle = tiny_base(
            architecture=sizes,
            vocabulary=vocabulary,
            tensors=join_networks([weights]),
            directions=None,
        )
        scores = NameModel(bundle).score_many(part)
        network_nats += sum(score.nats for score in scores)
        ngram = Ngram.fit([name for name in twenty if name not in part], vocabulary, order=3)
        for name in part:
            ids = vocabulary.encode(f"\n{name}\n")[None]
            ngram_nats -= float(ngram.log_probs(ids).sum())
        characters += sum(len(name) + 1 for name in part)
    assert len(fitted.targets) == characters
    assert fitted.network_nats == pytest.approx(network_nats / characters, abs=1e-5)
    assert fitted.ngram_nats == pytest.approx(ngram_nats / characters, abs=1e-5)


def test_what_the_mixture_scores_is_said(twenty: list[str]) -> None:
    vocabulary, parts = Vocabulary.of(twenty), cut(twenty, folds=3, seed=0)
    starts = [weights_for(tiny_base(), vocabulary)] * 3
    fitted = CrossFit(check_names(twenty), parts, starts, vocabulary, order=3)
    weights, nats = fitted.mix()
    found = (weights.network + LESS_NETWORK) * fitted.logits
    found += (weights.ngram - MORE_NGRAM) * fitted.log_probs
    chosen = log_softmax(found)[np.arange(len(fitted.targets)), fitted.targets]
    assert nats == pytest.approx(-chosen.mean())
    assert nats < fitted.network_nats
