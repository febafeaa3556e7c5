"""Counts in pieces: the n-gram of one count where none is left out, and one where some are."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus import Vocabulary
from dino_names.errors import CorpusError
from dino_names.ngram import Ngram, Windows, longest_order, windows
from dino_names.ngram.counts import assemble, count_levels
from dino_names.ngram.windows import FOR_EACH_ENTRY
from tests.helpers.paths import NAMES as DINOSAURS

NAMES = st.lists(st.text("abcé", min_size=1, max_size=9), min_size=1, max_size=12, unique=True)


def windows_of(names: list[str], vocabulary: Vocabulary, order: int) -> Windows:
    lengths = np.array([len(name) for name in names])
    ids, size = vocabulary.encode("".join(names)), len(vocabulary.characters)
    return Windows.of(ids, lengths, order=order, vocab_size=size)


def counted(
    names: list[str],
    vocabulary: Vocabulary,
    order: int,
    *,
    start_boundary: bool = True,
    max_entries: int = 1_000_000,
) -> Ngram:
    """The n-gram by the trie of whole names, which knows nothing of windows."""
    levels = count_levels(names, vocabulary, order, start_boundary)
    return Ngram(*assemble(levels, len(vocabulary.characters), max_entries))


def same(found: Ngram, expected: Ngram) -> bool:
    tensors = expected.to_tensors()
    assert found.section == expected.section
    return all(np.array_equal(tensors[name], t) for name, t in found.to_tensors().items())


@given(NAMES, st.integers(1, 6), st.booleans(), st.integers(1, 4), st.sampled_from([3, 20, 10**6]))
def test_pieces_come_to_the_same_n_gram(
    names: list[str], order: int, start_boundary: bool, pieces: int, max_entries: int
) -> None:
    vocabulary = Vocabulary.of(names)
    parts = [names[place::pieces] for place in range(pieces) if names[place::pieces]]
    joined = reduce(Windows.joined, (windows_of(part, vocabulary, order) for part in parts))
    options = {"start_boundary": start_boundary, "max_entries": max_entries}
    found = joined.ngram(**options)
    if len(joined) <= FOR_EACH_ENTRY * max_entries:
        assert same(found, counted(names, vocabulary, order, **options))
    else:
        assert sum(found.section["entries"]) <= max(max_entries, found.section["entries"][0])


@given(NAMES, st.integers(1, 6), st.integers(1, 6), st.integers(0, 11))
def test_lower_orders_and_fewer_names_follow(
    names: list[str], order: int, lower: int, gone: int
) -> None:
    vocabulary = Vocabulary.of(names)
    gone %= len(names)
    found = windows_of(names, vocabulary, order)
    if gone:
        found = found.without(windows_of(names[:gone], vocabulary, order))
    expected = counted(names[gone:], vocabulary, min(order, lower))
    assert same(found.shortened(lower).ngram(), expected)


@pytest.mark.parametrize("start_boundary", [True, False])
@pytest.mark.parametrize("most", [1, 10, 300, 3_000])
def test_of_too_many_windows_the_frequent_ones_stay(most: int, start_boundary: bool) -> None:
    names = DINOSAURS.read_text(encoding="utf-8").split()
    vocabulary = Vocabulary.of(names)
    found = windows_of(names[:1], vocabulary, 5)
    for start in range(1, len(names), 100):
        part = windows_of(names[start : start + 100], vocabulary, 5)
        found = found.joined(part, most=most)
        assert len(found) <= max(most, len(part))
    whole = windows_of(names, vocabulary, 5)
    places = np.searchsorted(whole.keys, found.keys)
    assert (whole.keys[places] == found.keys).all()
    assert (whole.counts[places] >= found.counts).all()
    few = whole.most_frequent(most)
    assert len(few) == min(most, len(whole))
    left = np.setdiff1d(whole.keys, few.keys)
    rest = whole.counts[np.searchsorted(whole.keys, left)]
    assert few.counts.min() >= rest.max(initial=0)
    ngram = found.ngram(start_boundary=start_boundary)  # refuses what is no trie
    shown = np.exp(ngram.logits(vocabulary.encode_names(names[:5], start=start_boundary)))
    assert np.allclose(shown.sum(axis=-1), 1, atol=1e-5)


def test_no_names_make_no_n_gram() -> None:
    found = windows_of(["Rex"], Vocabulary.of(["Rex"]), 3)
    with pytest.raises(CorpusError, match="at least one name"):
        found.without(found).ngram()


@pytest.mark.parametrize("order", [2, 16])
def test_fitting_counts_either_way(order: int) -> None:
    names = DINOSAURS.read_text(encoding="utf-8").split()[:50]
    vocabulary = Vocabulary.of(names)
    assert (longest_order(order, len(vocabulary.characters)) < order) == (order == 16)
    found = Ngram.fit(names, vocabulary, order=order)
    assert same(found, counted(names, vocabulary, order))


def test_many_names_are_counted_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    names = DINOSAURS.read_text(encoding="utf-8").split()
    vocabulary = Vocabulary.of(names)
    monkeypatch.setattr(windows, "AT_ONCE", 100)
    assert same(Ngram.fit(names, vocabulary), counted(names, vocabulary, 6))
    # Where it is pruned, what stays foretells others better than what pruning of contexts leaves.
    learned, others = names[::2], vocabulary.encode_names(names[1::2])
    ends = np.cumsum(others[:, 1:] == 0, axis=1) - (others[:, 1:] == 0) == 0
    nats = [
        -ngram.log_probs(others)[ends].mean()
        for ngram in (
            Ngram.fit(learned, vocabulary, max_entries=2_000),
            counted(learned, vocabulary, 6, max_entries=2_000),
        )
    ]
    assert nats[0] < nats[1]


def test_an_order_is_lowered_to_what_a_key_holds() -> None:
    assert longest_order(6, 100) == 6
    assert longest_order(6, 1_625) == 6 and 1_625**6 <= 2**64 < 1_626**6
    assert longest_order(6, 4_097) == 5
    assert longest_order(16, 2) == 16
    assert longest_order(16, 16) == 15  # 16 ** 16 would be one too many
