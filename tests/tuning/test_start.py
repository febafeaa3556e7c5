from __future__ import annotations

import numpy as np
import pytest

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.generation import NameModel
from dino_names.modelfile import join_networks
from dino_names.tuning.base_model import directions_for, first_network, weights_for
from dino_names.tuning.start import UNKNOWN, columns_for, rows_for
from tests.helpers.tiny_base import LETTERS, tiny_base


def id_of(character: str) -> int:
    return int(LETTERS.encode(character)[0])


def test_each_character_takes_the_row_of_its_like() -> None:
    rows, other = rows_for(Vocabulary.of(["aÉèÀ1é"]), LETTERS)
    known = dict(
        zip(Vocabulary.of(["aÉèÀ1é"]).characters, zip(rows, other, strict=True), strict=True)
    )
    assert known["\n"] == (0, 0) and known["a"] == (id_of("a"), 0) and known["é"] == (id_of("é"), 0)
    assert known["É"] == (id_of("é"), 1)  # the other case
    assert known["è"] == (id_of("e"), 1) and known["À"] == (id_of("A"), 1)  # without its accent
    assert known["1"] == (UNKNOWN, 1)


def test_a_list_of_known_letters_begins_with_what_the_base_makes_of_it() -> None:
    base, names = tiny_base(directions=None), ["Abba", "Rex"]
    vocabulary = Vocabulary.of(names)
    weights = weights_for(base, vocabulary)
    sizes = base.architecture.changed(vocab_size=len(vocabulary))
    start = base.changed(
        architecture=sizes, vocabulary=vocabulary, tensors=join_networks([weights])
    )
    ours, theirs = NameModel(start).predictor, NameModel(base).predictor
    columns = [LETTERS.encode(c)[0] for c in vocabulary.characters]
    state, other = ours.initial_state(1), theirs.initial_state(1)
    for character in "\nAbba":
        logits = ours.step(vocabulary.encode(character), state)
        assert np.allclose(
            logits, theirs.step(LETTERS.encode(character), other)[:, columns], atol=1e-6
        )


def test_characters_of_no_likeness_begin_as_unlikely_as_any() -> None:
    base, vocabulary = tiny_base(), Vocabulary.of(["ab1"])
    weights = weights_for(base, vocabulary)
    place = vocabulary.characters.index("1")
    others = [i for i in range(len(vocabulary)) if i != place]
    bias = weights["output.bias"]
    assert bias[place] == bias[others].min() and not weights["output.kernel"][:, place].any()
    mean = weights["encoder.embedding"][others].mean(axis=0)
    assert np.allclose(weights["encoder.embedding"][place], mean)
    ways = directions_for(base, vocabulary, faster=1.0)
    assert ways is not None and not ways.output_bias[:, place].any()


def test_directions_follow_the_characters() -> None:
    base, vocabulary = tiny_base(), Vocabulary.of(["zab"])
    ways = directions_for(base, vocabulary, faster=3.0)
    assert ways is not None and base.directions is not None and ways.faster == 3.0
    assert np.array_equal(ways.input_bias, base.directions[0])
    columns = [0, id_of("a"), id_of("b"), id_of("z")]
    assert np.array_equal(ways.output_bias, base.directions[1][:, columns])
    assert directions_for(tiny_base(directions=None), vocabulary, faster=1.0) is None


def test_nothing_of_the_base_is_changed_by_what_starts_from_it() -> None:
    base = tiny_base()
    before = {name: tensor.copy() for name, tensor in base.tensors.items()}
    weights = weights_for(base, Vocabulary.of(["ab"]))
    for weight in weights.values():
        weight += 1
    columns_for(base.directions[1], LETTERS, LETTERS)[...] = 0
    assert all(np.array_equal(base.tensors[name], tensor) for name, tensor in before.items())
    assert first_network(base)["output.bias"] is base.tensors["network0.output.bias"]
    assert base.directions[1].any()


@pytest.mark.parametrize("name", ["\u0130", "ß", "ﬁ"])
def test_letters_whose_other_case_is_several_letters_are_no_trouble(name: str) -> None:
    weights = weights_for(tiny_base(), Vocabulary.of([name, "ab"]))
    assert len(weights["output.bias"]) == 4
