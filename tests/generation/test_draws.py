from __future__ import annotations

import numpy as np
import pytest

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.sampling import Sampler, Uniforms
from dino_names.generation.draws import BLOCK_STEPS, Draws
from tests.helpers.fake_predictor import Trie

WEIGHTS = {"rex": 8.0, "rexia": 4.0, "ramo": 2.0, "ra" + "mo" * 30: 1.0, "zu": 1.0}
VOCABULARY = Vocabulary.of(WEIGHTS)


def draws(prompt: str = "", *, shortest: int = 0, longest: int = 70) -> Draws:
    return Draws(
        predictor=Trie(WEIGHTS, VOCABULARY),
        prompt=VOCABULARY.encode("\n" + prompt),
        sampler=Sampler(),
        uniforms=Uniforms(4),
        shortest=shortest,
        longest=longest,
    )


@pytest.mark.parametrize("prompt", ["", "r", "rex"])
def test_each_name_comes_with_its_probability_after_the_prompt(prompt: str) -> None:
    source = draws(prompt)
    letters, probabilities, _ = source.draw(source.warm_up(), 0, 200)
    total = sum(weight for name, weight in WEIGHTS.items() if name.startswith(prompt))
    seen = set()
    for row, probability in zip(letters, probabilities, strict=True):
        length = int(np.flatnonzero(row == 0)[0])
        assert not row[length:].any()
        name = prompt + VOCABULARY.decode(row[:length])
        seen.add(name)
        assert probability == pytest.approx(WEIGHTS[name] / total, rel=1e-5)
    assert seen == {name for name in WEIGHTS if name.startswith(prompt)}


def test_a_name_that_grows_too_long_fills_its_row() -> None:
    source = draws(longest=4)
    letters, probabilities, _ = source.draw(source.warm_up(), 0, 300)
    too_long = letters[letters[:, -1] != 0]
    assert letters.shape == (300, 5)
    assert {VOCABULARY.decode(row) for row in too_long} == {"rexia", "ramom"}
    # It stands for all that begin so.
    expected = {"rexia": 4 / 16, "ramom": 1 / 16}
    for row, probability in zip(letters, probabilities, strict=True):
        if row[-1]:
            assert probability == pytest.approx(expected[VOCABULARY.decode(row)], rel=1e-5)


def test_before_the_shortest_no_name_ends() -> None:
    source = draws("re", shortest=2)
    letters, _, _ = source.draw(source.warm_up(), 0, 100)
    assert {VOCABULARY.decode(row[row != 0]) for row in letters} == {"xia"}


def test_a_candidate_depends_on_its_number_alone() -> None:
    source = draws()
    warm = source.warm_up()
    letters, probabilities, _ = source.draw(warm, 0, 60)
    assert (letters[:, BLOCK_STEPS] != 0).any()  # some need more than one block of numbers
    for first, count in ((0, 1), (7, 2), (10, 50)):
        some, chances, _ = source.draw(warm, first, count)
        np.testing.assert_array_equal(some, letters[first : first + count])
        np.testing.assert_allclose(chances, probabilities[first : first + count])


def test_names_leave_the_batch_when_they_end() -> None:
    source = draws()
    warm = source.warm_up()
    trie = source.predictor
    assert isinstance(trie, Trie)
    trie.rows_stepped = 0
    letters, _, _ = source.draw(warm, 0, 80)
    assert trie.rows_stepped == np.count_nonzero(letters)
