from __future__ import annotations

import numpy as np
import pytest

import dino_names
from dino_names.config import Architecture
from dino_names.engine.assembly import build
from dino_names.engine.exact import ExactSampler, build_exact
from dino_names.engine.sampling import KeyedUniforms, Sampler, Uniforms


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
@pytest.mark.parametrize("encoder", ["embedding", "onehot", "tanh"])
@pytest.mark.parametrize(("layers", "networks"), [(1, 1), (2, 1), (1, 3)])
def test_it_says_what_the_engine_says(cell: str, encoder: str, layers: int, networks: int) -> None:
    architecture = Architecture(
        vocab_size=7,
        cell=cell,
        encoder=encoder,
        embedding_dim=3,
        rnn_units=6,
        num_layers=layers,
        networks=networks,
    )
    rng = np.random.default_rng(2)
    tensors = {
        name: rng.normal(0, 0.9, shape).astype(np.float32)
        for name, shape in architecture.all_shapes().items()
    }
    usual, exact = build(architecture, tensors), build_exact(architecture, tensors, None)
    state, own = usual.initial_state(2), exact.initial_state(2)
    for ids in rng.integers(0, 7, (9, 2)):
        expected = Sampler().probabilities(usual.step(ids, state))
        found = ExactSampler().probabilities(exact.step(ids, own))
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-7)


def test_a_mixture_too() -> None:
    bundle = dino_names.load().bundle
    exact = build_exact(bundle.architecture, bundle.tensors, bundle.partner)
    usual = dino_names.load().predictor
    state, own = usual.initial_state(1), exact.initial_state(1)
    for character in dino_names.load()._maker.encode("Ramosaurus"):
        ids = np.array([character])
        expected = Sampler().probabilities(usual.step(ids, state))
        found = ExactSampler().probabilities(exact.step(ids, own))
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-9)


def test_a_row_does_not_depend_on_the_others() -> None:
    bundle = dino_names.load().bundle
    exact = build_exact(bundle.architecture, bundle.tensors, bundle.partner)
    ids = np.arange(1, 20)
    many = exact.initial_state(19)
    rows = exact.step(ids, many)
    rows = exact.step(ids, many)
    for row in (0, 7, 18):
        one = exact.initial_state(1)
        exact.step(ids[row : row + 1], one)
        np.testing.assert_array_equal(exact.step(ids[row : row + 1], one)[0], rows[row])
    many.keep(np.array([7]))
    picked = many.pick(np.array([0, 0]))
    np.testing.assert_array_equal(*exact.step(np.array([3, 3]), picked))


def test_streams_side_by_side_are_those_of_each_seed() -> None:
    seeds = np.array([5, 0, 2**63], np.uint64)
    for position in (0, 3):
        block = KeyedUniforms(seeds, position).block(np.array([2, 0], np.uint64), 1, 4)
        for row, seed in zip(block, (2**63, 5), strict=True):
            alone = Uniforms(seed).block(np.array([position], np.uint64), 1, 4)
            np.testing.assert_array_equal(row, alone[0])
