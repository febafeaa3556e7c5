"""N-grams of several lists on one trie, against their definition worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dino_names.corpus import Rows, Vocabulary
from dino_names.errors import ModelFileError
from dino_names.ngram import CategoryNgrams, Ngram, choose_shrinks, fit_rows
from dino_names.ngram.categories import SHRINKS
from dino_names.ngram.category_blend import blend, expected_tensors

ELVES, DWARVES = ("ela", "elo", "eli", "sel"), ("dur", "dor", "gor")
ROWS = Rows((*ELVES, *DWARVES, "ela"), tags=(0,) * len(ELVES) + (1,) * len(DWARVES) + (1,))
VOCABULARY = Vocabulary.of(ROWS.names, tags=2)
ORDER = 3


@pytest.fixture
def ngrams() -> CategoryNgrams:
    found = fit_rows(ROWS, VOCABULARY, order=ORDER)
    assert isinstance(found, CategoryNgrams)
    return found


def probabilities(ngram: Ngram, name: str) -> np.ndarray:
    ids = np.concatenate([[0], VOCABULARY.encode(name)]).astype(np.int32)
    return np.exp(ngram.logits(ids[None]).astype(np.float64))[0]


def by_definition(ngrams: CategoryNgrams, tag: int, context: str) -> np.ndarray:
    """The chain of the module's docstring, from the empty context up, entry by entry."""
    own = Ngram.fit(ROWS.of_category(tag).names, VOCABULARY, order=ORDER)
    whole = ngrams.whole
    row = np.full(ngrams.vocab_size, 1 / ngrams.vocab_size)
    for length in range(len(context) + 1):
        part = context[len(context) - length :]
        if (at := node(whole, part)) is None:
            break
        shares = entries(whole, at)
        left, mine = 1.0, {}
        if (own_at := node(own, part)) is not None:
            mine, left = entries(own, own_at), float(own.trie.gamma[own_at])
        rest = 1 - ngrams.shrinks[tag] * (1 - left)
        row = row * rest * whole.trie.gamma[at]
        for char, share in shares.items():
            row[char] += rest * share + ngrams.shrinks[tag] * mine.get(char, 0.0)
    return row


def node(ngram: Ngram, context: str) -> int | None:
    at = 0
    for char in context:
        index = 0 if char == "\n" else int(VOCABULARY.encode(char)[0])
        at = int(ngram.trie.child(np.array([at]), np.array([index]))[0])
        if at < 0:
            return None
    return at


def entries(ngram: Ngram, at: int) -> dict[int, float]:
    part = slice(ngram.trie.offsets[at], ngram.trie.offsets[at + 1])
    chars = ngram.trie.keys[part] % ngram.vocab_size
    return dict(zip(chars.tolist(), ngram.trie.alpha[part].tolist(), strict=True))


@pytest.mark.parametrize("shrink", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("tag", [0, 1])
def test_each_follows_its_definition(ngrams: CategoryNgrams, tag: int, shrink: float) -> None:
    ngrams.shrinks = [shrink] * 2
    found = ngrams.of(tag)
    for name in ("ela", "dur", "sor"):
        shown = probabilities(found, name)
        for place in range(len(name) + 1):
            context = f"\n{name}"[: place + 1][-(ORDER - 1) :]
            wanted = by_definition(ngrams, tag, context)
            assert wanted.sum() == pytest.approx(1)
            np.testing.assert_allclose(shown[place], wanted, rtol=1e-5)


def test_without_trust_each_is_that_of_all(ngrams: CategoryNgrams) -> None:
    ngrams.shrinks = [0.0, 0.0]
    np.testing.assert_array_equal(
        ngrams.of(0).logits(np.zeros((1, 1), np.int32)),
        ngrams.whole.logits(np.zeros((1, 1), np.int32)),
    )


def test_a_tag_in_front_chooses_the_list(ngrams: CategoryNgrams) -> None:
    ids = VOCABULARY.encode_names(["ela", "dur"])
    ids[:, 0] = ROWS.starts(ngrams.vocab_size)[[0, len(ELVES)]]
    found = ngrams.logits(ids)
    plain = VOCABULARY.encode_names(["ela", "dur"])
    for row in (0, 1):
        np.testing.assert_array_equal(found[row], ngrams.of(row).logits(plain)[row])
    assert not np.allclose(found[0, 0], found[1, 0])


def test_held_out_names_settle_how_far_each_is_trusted(ngrams: CategoryNgrams) -> None:
    def batch(names: list[str], tag: int) -> tuple[Any, Any, Any]:
        ids = VOCABULARY.encode_names(names)
        ids[:, 0] = ngrams.vocab_size + tag
        return ids[:, :-1], ids[:, 1:], np.ones_like(ids[:, 1:], np.bool_)

    def settled(*batches: tuple[Any, Any, Any]) -> list[float]:
        nats, characters = ngrams.nats(batches)
        assert nats.shape == (len(SHRINKS), 2) and characters.sum() == 4 * len(batches) * 2
        return choose_shrinks(nats, characters)

    assert settled(batch(["ela", "eli"], 0), batch(["dur", "gor"], 1)) == [1.0, 1.0]
    assert settled(batch(["dur", "gor"], 0), batch(["eli", "ela"], 1)) == [0.25, 0.25]


def test_a_list_with_few_names_follows_the_others() -> None:
    nats = np.array([[100.0, 0.2], [110, 0.1], [120, 0.1], [130, 0.1]])
    assert choose_shrinks(nats, np.array([100, 1])) == [0.25, 0.25]
    nats[:, 1] = [900, 500, 400, 100]
    assert choose_shrinks(nats, np.array([100, 100])) == [1.0, 1.0]
    assert choose_shrinks(nats, np.array([100_000, 100])) == [0.25, 1.0]


def test_a_blend_lies_between_and_a_file_holds_it(ngrams: CategoryNgrams) -> None:
    section, tensors = ngrams.section, ngrams.to_tensors()
    assert np.array_equal(
        Ngram(section, tensors).logits(np.zeros((1, 1), np.int32)),
        ngrams.whole.logits(np.zeros((1, 1), np.int32)),
    )
    first = []
    for share in (0.0, 0.25, 0.5, 1.0):
        mixed = {**section, "categories": {**section["categories"], "blend": [share, 1 - share]}}
        first.append(probabilities(Ngram(mixed, tensors), "e")[0, VOCABULARY.encode("e")[0]])
    assert first == sorted(first) and first[0] < first[-1]
    one = probabilities(ngrams.of(0), "e")[0, VOCABULARY.encode("e")[0]]
    assert first[-1] == pytest.approx(one)


def test_a_category_without_names_is_read_as_all(ngrams: CategoryNgrams) -> None:
    found = CategoryNgrams.fit(ROWS, VOCABULARY, order=ORDER, categories=3)
    np.testing.assert_allclose(
        found.of(2).logits(np.zeros((1, 1), np.int32)),
        found.whole.logits(np.zeros((1, 1), np.int32)),
    )


def test_weights_count_in_each(ngrams: CategoryNgrams) -> None:
    heavy = Rows(ROWS.names, ROWS.tags, (20.0, *(1.0,) * (len(ROWS) - 1)))
    found = fit_rows(heavy, VOCABULARY, order=ORDER)
    assert isinstance(found, CategoryNgrams)
    more, before = (probabilities(each.of(0), "el")[2] for each in (found, ngrams))
    assert more[VOCABULARY.encode("a")[0]] > before[VOCABULARY.encode("a")[0]]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shrinks": [2.0, 0.0]}, "from 0 to 1 for each as shrinks"),
        ({"shrinks": 1.0}, "from 0 to 1 for each as shrinks"),
        ({"entries": [-1]}, "entries of each"),
        ({"entries": "all"}, "entries of each"),
        ({"count_type": "float64"}, "uint8"),
        ({"blend": [0.5]}, "from 0 to 1 for each as blend"),
        ({"more": 1}, "entries, count_type and shrinks"),
    ],
)
def test_a_section_that_is_none_is_refused(
    ngrams: CategoryNgrams, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ModelFileError, match=said):
        expected_tensors({**ngrams.section["categories"], **changes}, ORDER)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ngram.category_entries", 10**6, "ascending"),
        ("ngram.category_entries", -1, "ascending"),
        ("ngram.category_counts", 0, "counts of 1 or more"),
        ("ngram.category_discounts", 9.0, "discounts up to"),
        ("ngram.category_discounts", np.nan, "discounts up to"),
    ],
)
def test_numbers_that_no_count_gives_are_refused(
    ngrams: CategoryNgrams, name: str, value: float, said: str
) -> None:
    tensors = {key: tensor.copy() for key, tensor in ngrams.to_tensors().items()}
    tensors[name].reshape(-1)[-1] = value
    section = {**ngrams.section["categories"], "blend": [1.0, 0.0]}
    with pytest.raises(ModelFileError, match=said):
        blend(ngrams.whole.trie, section, tensors)
