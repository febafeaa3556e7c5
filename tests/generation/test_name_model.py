from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import (
    DinoNamesError,
    ModelFileError,
    NotEnoughNamesError,
    OptionError,
    PromptError,
)
from dino_names.generation.name_maker import BATCH
from dino_names.generation.name_model import NameModel
from dino_names.generation.selection import DRAWS, DRAWS_PER_NAME
from dino_names.modelfile.contents import Bundle
from tests.helpers.fake_predictor import Trie, trie_model

EVEN = dict.fromkeys(
    ["".join(letters) for n in (1, 2, 3) for letters in itertools.product("abc", repeat=n)], 1.0
)
UNEVEN = {"rex": 8.0, "rexia": 4.0, "ramo": 2.0, "ramosaurus": 1.0, "zu": 1.0}


def network_model(seed: int = 0, **changes: Any) -> NameModel:
    architecture = Architecture(vocab_size=6, embedding_dim=3, rnn_units=8)
    rng = np.random.default_rng(seed)
    tensors = {
        name: rng.normal(0, 0.8, shape).astype(np.float32)
        for name, shape in architecture.all_shapes().items()
    }
    bundle = Bundle(
        architecture=architecture,
        vocabulary=Vocabulary("\nabcde"),
        tensors=tensors,
        longest_name=8,
        **changes,
    )
    return NameModel(bundle)


@pytest.mark.parametrize("prompt", ["", "a", "cb", "abc"])
def test_every_name_that_exists_is_found_and_then_it_ends(prompt: str) -> None:
    model, existing = trie_model(EVEN), {name for name in EVEN if name.startswith(prompt)}
    found = model.generate_many(prompt, n=len(existing), seed=1)
    assert set(found) == existing
    assert len(found) == len(existing)
    with pytest.raises(NotEnoughNamesError) as caught:
        model.generate_many(prompt, n=len(existing) + 1, seed=1)
    assert caught.value.names == found
    assert caught.value.asked == len(existing) + 1
    message = str(caught.value)
    assert message.startswith(f"expected {len(existing) + 1} names, found {len(existing)} (")
    assert "repeats had to go, and what was never drawn has a probability of " in message
    assert message.endswith("; ask for fewer or raise the temperature.")
    assert "\n" not in message


def test_names_come_as_often_as_they_are_likely() -> None:
    count = 4_000
    names = trie_model(UNEVEN).generate_many("", n=count, unique=False, seed=3)
    counts = Counter(names)
    assert set(counts) == set(UNEVEN)
    expected = {name: weight / 16 * count for name, weight in UNEVEN.items()}
    chi_square = sum((counts[name] - e) ** 2 / e for name, e in expected.items())
    assert chi_square < 18.5  # the 99.9th percentile at 4 degrees of freedom


def test_length_limits_leave_names_out_and_change_none() -> None:
    model = trie_model(UNEVEN)
    limits = [(0, 4, {"rex", "ramo", "zu"}), (3, 5, {"rex", "ramo", "rexia"}), (2, 2, {"zu"})]
    for low, high, expected in limits:
        found = model.generate_many(n=len(expected), min_length=low, max_length=high, seed=0)
        assert set(found) == expected
    with pytest.raises(NotEnoughNamesError, match=r"found 1 \(zu\).*; ask for fewer, for less"):
        model.generate_many(n=2, max_length=2, seed=0)


def test_lengths_leave_the_others_in_their_shares() -> None:
    model = trie_model({"ab": 1, "abcd": 3, "abcdef": 4})
    counts = Counter(model.generate_many(n=2_000, unique=False, min_length=3, seed=0))
    assert abs(counts["abcd"] / 2_000 - 3 / 7) < 0.04
    assert counts["abcd"] + counts["abcdef"] == 2_000
    counts = Counter(model.generate_many(n=2_000, unique=False, max_length=5, seed=0))
    assert abs(counts["ab"] / 2_000 - 1 / 4) < 0.04
    assert counts["ab"] + counts["abcd"] == 2_000


def test_the_default_max_length_is_twice_the_longest() -> None:
    model = trie_model({"a" * 6: 1, "a" * 7: 1}, longest_name=3)
    assert model.generate_many(n=1, seed=0) == ["a" * 6]
    with pytest.raises(NotEnoughNamesError, match="found 1"):
        model.generate_many(n=2, seed=0)
    assert len(model.generate_many(n=2, seed=0, max_length=7)) == 2
    assert model.generate(min_length=7, seed=0) == "a" * 7


def test_training_names_are_left_out_unless_asked_for() -> None:
    model = trie_model(UNEVEN, training_names=["rex", "rexia", "tyto"])
    assert set(model.generate_many(n=3, seed=0)) == {"ramo", "ramosaurus", "zu"}
    assert set(model.generate_many(n=5, allow_training_names=True, seed=0)) == set(UNEVEN)
    with pytest.raises(
        NotEnoughNamesError, match="in the training list had to go.*allow training names"
    ):
        model.generate_many("rex", n=1, seed=0)
    assert model.generate("rex", allow_training_names=True, seed=0) in {"rex", "rexia"}


def test_a_narrow_distribution_ends_early() -> None:
    model = trie_model(UNEVEN)
    trie = model.predictor
    assert isinstance(trie, Trie)
    for options in ({"temperature": 0}, {"top_k": 1}, {"temperature": 0.01}, {"top_p": 0.1}):
        trie.rows_stepped = 0
        with pytest.raises(NotEnoughNamesError) as caught:
            model.generate_many(n=3, **options)
        assert caught.value.names == ["rex"]
        assert trie.rows_stepped < 50
    assert model.generate(temperature=0, max_length=2) == "zu"
    assert model.generate_many(n=3, temperature=0, unique=False) == ["rex"] * 3


def test_draws_are_bounded_where_names_are_too_unlikely() -> None:
    # The listed name comes nearly always, and the other may come in the draws that are left.
    model = trie_model({"ab": 1.0, "ac": 2e-4}, training_names=["ab"])
    with pytest.raises(NotEnoughNamesError) as caught:
        model.generate_many(n=1, seed=3)
    drawn = int(re.search(r"of ([\d,]+) drawn", str(caught.value))[1].replace(",", ""))
    assert 2_000 < drawn <= DRAWS + DRAWS_PER_NAME
    # Here it can hardly come, which is known as soon as the first has been seen.
    model = trie_model({"ab": 1.0, "ac": 1e-6}, training_names=["ab"])
    with pytest.raises(NotEnoughNamesError, match="found 0: of 1 drawn"):
        model.generate_many(n=1, seed=3)
    # And here many can come, but not as many as were asked for.
    rare = {"".join(letters): 1e-7 for letters in itertools.product("abc", repeat=6)}
    with pytest.raises(NotEnoughNamesError) as caught:
        trie_model({"zz": 1.0, **rare}).generate_many(n=700, seed=3)
    assert int(re.search(r"of ([\d,]+) drawn", str(caught.value))[1].replace(",", "")) < 2_000


def test_batches_grow_with_what_is_missing_and_stay_bounded() -> None:
    model = trie_model(EVEN)
    trie = model.predictor
    assert isinstance(trie, Trie)
    model.generate(seed=0)
    assert trie.largest_batch == 1
    model.generate_many(n=1_000, unique=False, seed=0)
    assert trie.largest_batch == BATCH


@pytest.mark.parametrize("options", [{}, {"unique": False}, {"temperature": 2.0, "top_k": 3}])
@pytest.mark.parametrize("make", [lambda: trie_model(EVEN, training_names=["a"]), network_model])
def test_the_same_seed_gives_the_same_names_and_more_only_adds(
    make: Any, options: dict[str, Any]
) -> None:
    model = make()
    longest = model.generate_many(n=20, seed=7, **options)
    for n in (1, 2, 7, 19):
        assert model.generate_many(n=n, seed=7, **options) == longest[:n]
    assert make().generate_many(n=20, seed=7, **options) == longest
    assert model.generate_many(n=20, seed=8, **options) != longest
    assert model.generate(seed=7) == model.generate_many(n=1, seed=7)[0]


def test_no_seed_gives_other_names_and_zero_is_a_seed() -> None:
    model = network_model()
    assert model.generate_many(n=20) != model.generate_many(n=20)
    assert model.generate_many(n=20, seed=0) == model.generate_many(n=20, seed=0)


def test_a_batch_gives_what_names_alone_give() -> None:
    model = network_model()
    together = model.generate_many(n=BATCH + 40, unique=False, seed=2)
    few = model.generate_many(n=BATCH + 1, unique=False, seed=2)
    assert together[: BATCH + 1] == few
    assert all(1 <= len(name) <= 16 for name in together)


def test_a_tiny_temperature_is_the_greedy_name() -> None:
    for seed in (0, 1, 4, 7, 9, 11):
        model, letters = network_model(seed), [0]
        state = model.predictor.initial_state(1)
        while len(letters) < 200:
            logits = model.predictor.step(np.array(letters[-1:], np.int32), state)
            logits[0, 0] = -np.inf if len(letters) == 1 else logits[0, 0]
            letters.append(int(logits.argmax()))
            if letters[-1] == 0:
                break
        options = {"max_length": 198}
        if letters[-1] != 0:  # a greedy name may go round in circles
            assert len(model.generate(temperature=1e-5, seed=5, **options)) <= 198
            continue
        for temperature in (0, 1e-5):
            name = model.generate(temperature=temperature, seed=5, **options)
            assert name == model.vocabulary.decode(letters[1:-1])


def test_defaults_come_from_the_model_file() -> None:
    model = trie_model(UNEVEN, temperature=0.0)
    assert {model.generate() for _ in range(5)} == {"rex"}
    assert len({*model.generate_many(n=5, temperature=1, seed=0)}) == 5
    model = trie_model(UNEVEN, top_k=1)
    assert {model.generate() for _ in range(5)} == {"rex"}


def test_prompts_are_normalised() -> None:
    model = trie_model({"éa": 1.0, "éb": 1.0})
    assert model.generate("e\u0301a") == "éa"
    assert model.generate(" é b ".replace(" b", "b")) == "éb"
    assert model.generate("éb\n") == "éb"


def test_candidates_that_no_list_would_hold_are_drawn_again() -> None:
    model = trie_model({"a b": 1, "a ": 5, " a": 5, "e\u0301": 5, "é": 1})
    assert set(model.generate_many(n=2, seed=0)) == {"a b", "é"}
    with pytest.raises(NotEnoughNamesError, match="with a blank or half a character at an end"):
        model.generate_many(n=3, seed=0)


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("q", "received 'q' in 'q'"),
        ("re\nx", "prompt: expected it on one line"),
        ("r" * 21, "prompt: expected at most max_length, 20 characters, received 21"),
    ],
)
def test_prompts_that_will_not_do_are_refused(prompt: str, message: str) -> None:
    with pytest.raises(PromptError) as caught:
        trie_model(UNEVEN).generate(prompt)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_prompt_may_be_a_whole_name() -> None:
    model = trie_model(UNEVEN)
    assert model.generate("zu") == "zu"
    assert model.generate("ramosaurus", max_length=10) == "ramosaurus"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n: expected a whole number at least 1"),
        ({"n": 2.0}, "n: expected a whole number"),
        ({"n": 10**9}, "n: .* at most 10000000"),
        ({"min_length": -1}, "min_length: .* at least 0"),
        ({"min_length": 9, "max_length": 8}, "max_length: .* at least 9 .*, received 8"),
        ({"max_length": 0}, "max_length: .* at least 1"),
        ({"max_length": 10**9}, "max_length: .* at most 1000"),
        ({"temperature": -1}, "temperature: "),
        ({"top_k": 0}, "top_k: "),
        ({"top_p": 2}, "top_p: "),
        ({"seed": -1}, "seed: "),
    ],
)
def test_options_out_of_range_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        trie_model(UNEVEN).generate_many(**options)


def test_a_model_without_start_boundary_needs_a_first_letter() -> None:
    model = trie_model(UNEVEN, start_boundary=False)
    assert set(model.generate_many("r", n=4, seed=0)) == set(UNEVEN) - {"zu"}
    with pytest.raises(PromptError, match="at least one character"):
        model.generate()


def test_scores_are_minus_the_logarithm_of_the_probability() -> None:
    model = trie_model(UNEVEN, training_names=["rex"])
    scores = model.score_many(UNEVEN)
    assert [score.name for score in scores] == list(UNEVEN)
    for score in scores:
        nats = -math.log(UNEVEN[score.name] / 16)
        assert math.isclose(score.nats, nats, rel_tol=1e-6)
        assert math.isclose(score.nats_per_char, nats / (len(score.name) + 1), rel_tol=1e-6)
        assert score.in_training_list is (score.name == "rex")
    assert model.score(" rex ") == scores[0]
    assert trie_model(UNEVEN).score("rex").in_training_list is None


def test_without_start_boundary_the_first_letter_is_not_counted() -> None:
    score = trie_model(UNEVEN, start_boundary=False).score("rexia")
    assert math.isclose(score.nats, -math.log(4 / 15), rel_tol=1e-6)
    assert math.isclose(score.nats_per_char, -math.log(4 / 15) / 5, rel_tol=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("abcde", min_size=1, max_size=9), min_size=1, max_size=40))
def test_scores_in_a_batch_are_those_alone(names: list[str]) -> None:
    model = network_model()
    together = model.score_many(names)
    for name, score in zip(names, together, strict=True):
        state, nats = model.predictor.initial_state(1), 0.0
        for read, next_ in itertools.pairwise("\n" + name + "\n"):
            logits = model.predictor.step(model.vocabulary.encode(read), state)[0]
            shares = np.exp(logits.astype(np.float64))
            nats -= math.log(shares[model.vocabulary.encode(next_)[0]] / shares.sum())
        assert math.isclose(score.nats, nats, rel_tol=1e-5)


def test_probabilities_of_all_names_sum_to_one() -> None:
    model = network_model()
    texts = ["".join(t) for n in (1, 2, 3) for t in itertools.product("abcde", repeat=n)]
    ended = sum(math.exp(-score.nats) for score in model.score_many(texts))
    # What is longer, or empty, by the same network.
    state = model.predictor.initial_state(1)
    logits = model.predictor.step(np.array([0], np.int32), state).astype(np.float64)
    empty = np.exp(logits[0, 0]) / np.exp(logits).sum()
    assert 0 < ended < 1 - empty


def test_samples_come_with_their_scores() -> None:
    model = trie_model(UNEVEN)
    sample = model.sample("r", n=3, seed=4, temperature=0.5)
    assert [score.name for score in sample] == model.generate_many(
        "r", n=3, seed=4, temperature=0.5
    )
    assert sample == model.score_many([score.name for score in sample])


@pytest.mark.parametrize("name", ["", " ", "a\nb", "q", "a" * 1001])
def test_names_that_cannot_be_scored_are_refused(name: str) -> None:
    with pytest.raises(PromptError) as caught:
        trie_model(EVEN).score(name)
    assert "\n" not in str(caught.value)


def test_a_network_that_gives_nan_is_refused() -> None:
    class Broken(Trie):
        def step(self, ids: np.ndarray, state: Any) -> np.ndarray:
            return super().step(ids, state) * np.float32(np.nan)

    known = trie_model(EVEN)
    model = NameModel(known.bundle, predictor=Broken(EVEN, known.vocabulary))
    for call in (model.generate, lambda: model.score("a")):
        with pytest.raises(DinoNamesError, match="expected finite numbers"):
            call()


def test_a_model_of_text_is_refused() -> None:
    with pytest.raises(OptionError, match="expected one of names, received one of text"):
        network_model(kind="text")


def test_a_partner_has_its_say(tmp_path: Path) -> None:
    from dino_names.ngram.kneser_ney import Ngram

    alone = network_model()
    ngram = Ngram.fit(["abc", "abd", "ace"], alone.vocabulary, order=3)
    bundle = alone.bundle.changed(
        tensors={**alone.bundle.tensors, **ngram.to_tensors()},
        partner={"ngram": ngram.section, "mixing": {"network": 0.0, "ngram": 1.0}},
    )
    NameModel(bundle).write(tmp_path / "m.safetensors")
    together = NameModel.read(tmp_path / "m.safetensors")
    ids = alone.vocabulary.encode_names(["abc"])
    expected = -ngram.log_probs(ids).sum()
    assert math.isclose(together.score("abc").nats, expected, rel_tol=1e-5)
    # A section that only the mixture can judge is refused with the path too.
    bad = bundle.changed(partner={**bundle.partner, "mixing": {"network": 1.0}})
    bad.write(tmp_path / "bad.safetensors")
    with pytest.raises(ModelFileError, match=r"bad\.safetensors: mixing: "):
        NameModel.read(tmp_path / "bad.safetensors")


def test_a_model_file_of_text_is_refused_with_its_path(tmp_path: Path) -> None:
    network = network_model().bundle
    network.changed(kind="text").write(tmp_path / "m.safetensors")
    with pytest.raises(ModelFileError, match=r"m\.safetensors: model: expected one of names"):
        NameModel.read(tmp_path / "m.safetensors")


def test_it_is_written_and_read(tmp_path: Path) -> None:
    model = network_model()
    model.write(tmp_path / "m.safetensors")
    back = NameModel.read(tmp_path / "m.safetensors")
    assert back.generate_many(n=20, seed=0) == model.generate_many(n=20, seed=0)
    assert back.describe() == model.describe()
    assert back.describe()["parameters"] == model.bundle.architecture.parameters()
