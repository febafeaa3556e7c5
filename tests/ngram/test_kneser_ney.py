"""The n-gram against a textbook one made of dictionaries, and against files that lie."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from safetensors.numpy import load, save

from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import CorpusError, ModelFileError, OptionError, PromptError
from dino_names.ngram.counts import estimate_discounts
from dino_names.ngram.kneser_ney import Ngram
from dino_names.ngram.trie import expected_tensors

Ids = npt.NDArray[np.int32]

VOCABULARY = Vocabulary("\nabcd")
START = "start of the name"

lists_of_names = st.lists(st.text("abcd", min_size=1, max_size=7), min_size=1, max_size=12)
matrices = st_numpy.arrays(
    np.int32, st.tuples(st.integers(1, 4), st.integers(2, 9)), elements=st.integers(0, 4)
)


@pytest.fixture
def many() -> list[str]:
    """A few hundred names over four letters, some pairs of which are common."""
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.full(4, 0.7), size=4)
    names = []
    for length in rng.integers(3, 12, size=300):
        letters = [0]
        for _ in range(length):
            letters.append(int(rng.choice(4, p=shares[letters[-1]])))
        names.append("".join("abcd"[letter] for letter in letters))
    return names


def walk(ngram: Ngram, ids: Ids) -> npt.NDArray[Any]:
    """The logits after each character of names, read step by step."""
    state = ngram.initial_state(len(ids))
    return np.stack([ngram.step(column, state) for column in ids.T])


class Textbook:
    """Interpolated Kneser-Ney as it is written down, one dictionary per order."""

    def __init__(self, names: Sequence[str], alphabet: str, order: int, start: bool) -> None:
        self.alphabet, self.order, self.start = alphabet, order, start
        self.counts: list[dict[str, Counter[str]]] = [defaultdict(Counter) for _ in range(order)]
        before: list[dict[tuple[str, str], set[str]]] = [defaultdict(set) for _ in range(order)]
        for name in names:
            text = "\n" * start + name + "\n"
            for place in range(int(start), len(text)):
                for length in range(min(order - 1, place) + 1):
                    context, target = text[place - length : place], text[place]
                    preceding = text[place - length - 1] if place > length else START
                    before[length][context, target].add(preceding)
                    if length == order - 1 or context.startswith("\n" if start else START):
                        self.counts[length][context][target] += 1
        for length in range(order - 1):
            for (context, target), seen in before[length].items():
                if not (start and context.startswith("\n")):
                    self.counts[length][context][target] = len(seen)

    def discount(self, length: int, count: int) -> float:
        found = Counter(n for row in self.counts[length].values() for n in row.values())
        n1, n2, n3, n4 = (found[number] for number in (1, 2, 3, 4))
        y = n1 / (n1 + 2 * n2) if n1 and n2 else 0.5
        if not (n1 and n2 and n3 and n4):
            return max(y, 0.05)
        d = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
        return max(d[min(count, 3) - 1], 0.05)

    def probability(self, target: str, context: str) -> float:
        if context not in self.counts[len(context)] and context:
            return self.probability(target, context[1:])
        lower = self.probability(target, context[1:]) if context else 1 / len(self.alphabet)
        row = self.counts[len(context)][context]
        total = sum(row.values())
        left = sum(self.discount(len(context), count) for count in row.values())
        own = row[target] - self.discount(len(context), row[target]) if row[target] else 0.0
        return own / total + left / total * lower

    def row(self, text: str) -> list[float]:
        """The distribution after a text that begins at the start of a name."""
        context = text[max(0, len(text) - self.order + 1) :]
        return [self.probability(target, context) for target in self.alphabet]


@settings(max_examples=60, deadline=None)
@given(lists_of_names, st.integers(1, 6), st.booleans(), st.text("abcd", max_size=7))
def test_equals_the_textbook(names: list[str], order: int, start: bool, unseen: str) -> None:
    ngram = Ngram.fit(names, VOCABULARY, order=order, start_boundary=start)
    exact = Ngram(ngram.section, ngram.to_tensors(), dtype=np.float64)
    textbook = Textbook(names, VOCABULARY.characters, order, start)
    for text in ("\n" * start + name for name in [*names[:3], unseen]):
        expected = [textbook.row(text[: end + 1]) for end in range(len(text))]
        ids = VOCABULARY.encode(text)[None]
        if text:
            assert np.allclose(np.exp(exact.logits(ids)[0]), expected, rtol=0, atol=1e-9)
            assert np.allclose(np.exp(ngram.logits(ids)[0]), expected, rtol=0, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(lists_of_names, st.integers(1, 7), st.integers(1, 200), matrices)
def test_every_distribution_is_positive_and_sums_to_one(
    names: list[str], order: int, max_entries: int, ids: Ids
) -> None:
    ngram = Ngram.fit(names, VOCABULARY, order=order, max_entries=max_entries)
    logits = ngram.logits(ids)
    assert logits.dtype == np.float32
    assert np.isfinite(logits).all()
    assert np.allclose(np.exp(logits).sum(axis=2), 1, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(lists_of_names, st.integers(1, 6), matrices)
def test_stepping_equals_the_whole_matrix(names: list[str], order: int, ids: Ids) -> None:
    ngram = Ngram.fit(names, VOCABULARY, order=order)
    whole, state = ngram.logits(ids), ngram.initial_state(len(ids))
    for time in range(ids.shape[1]):
        assert (ngram.step(ids[:, time], state) == whole[:, time]).all()
    chosen = np.take_along_axis(whole[:, :-1], ids[:, 1:, None], axis=2)[:, :, 0]
    assert (ngram.log_probs(ids) == chosen).all()


@settings(max_examples=40, deadline=None)
@given(lists_of_names, st.integers(1, 7), st.integers(0, 2000), matrices)
def test_small_tables_give_the_same_bits(
    names: list[str], order: int, table_bytes: int, ids: Ids
) -> None:
    ngram = Ngram.fit(names, VOCABULARY, order=order)
    small = Ngram(ngram.section, ngram.to_tensors(), max_table_bytes=table_bytes)
    assert (small.logits(ids) == ngram.logits(ids)).all()
    assert (small.log_probs(ids) == ngram.log_probs(ids)).all()


def test_tables_that_grow_on_the_way_change_nothing(
    many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dino_names.ngram.kneser_ney.FIRST_TABLE_BYTES", 1000)
    ngram = Ngram.fit(many, VOCABULARY, order=10)
    ids = VOCABULARY.encode_names(many[:30])
    first = Ngram.from_tensors(ngram.section, ngram.to_tensors())
    assert first._dense < len(first.trie)
    walked = [walk(first, ids) for _ in range(len(first.trie) // ids.size + 2)]
    assert first._dense == len(first.trie)
    assert all((other == walked[0]).all() for other in walked)


def test_a_state_keeps_rows_and_tiles(twenty: list[str]) -> None:
    vocabulary = Vocabulary.of(twenty)
    ngram = Ngram.fit(twenty, vocabulary)
    ids = vocabulary.encode_names(twenty)
    state, prompt = ngram.initial_state(20), ngram.initial_state(1)
    for time in range(4):
        ngram.step(ids[:, time], state)
        ngram.step(ids[7:8, time], prompt)
    rows, copies = np.array([7, 3]), prompt.pick(np.zeros(2, int))
    state.keep(rows)
    after = ngram.step(ids[rows, 4], state)
    assert (after[0] == ngram.step(ids[[7, 7], 4], copies)).all()
    assert (after[0] != after[1]).any()
    assert len(prompt.nodes) == 1


def test_contexts_end_at_the_start_of_the_name() -> None:
    ngram = Ngram.fit(["ab", "abd", "cab"], VOCABULARY, order=4)
    ids = VOCABULARY.encode("\nabd\n")[None]
    counts, lengths = ngram.describe(ngram.contexts(ids))
    assert lengths.tolist() == [[1, 2, 3, 3, 1]]
    # Two names begin with a and with ab; abd is never preceded by anything but the start.
    assert counts[0, :3].tolist() == [3, 2, 2]
    state = ngram.initial_state(1)
    ngram.step(ids[:, 0], state)
    assert [int(value[0]) for value in ngram.context_counts(state)] == [3, 1]


def test_without_start_boundary_the_first_letter_is_the_first_context() -> None:
    ngram = Ngram.fit(["ab", "ab"], VOCABULARY, order=3, start_boundary=False)
    state = ngram.initial_state(1)
    after = np.exp(ngram.step(VOCABULARY.encode("a"), state)[0])
    assert ngram.context_counts(state)[1].tolist() == [1]
    assert after.argmax() == VOCABULARY.encode("b")[0]


def test_discounts_are_those_of_chen_and_goodman() -> None:
    counts = np.repeat([1, 2, 3, 4, 9], [40, 20, 10, 5, 3])
    y = 40 / 80
    expected = (1 - 2 * y * 20 / 40, 2 - 3 * y * 10 / 20, 3 - 4 * y * 5 / 10)
    assert estimate_discounts(counts) == pytest.approx(expected)
    assert estimate_discounts(counts[:60]) == (y, y, y)
    assert estimate_discounts(np.array([7])) == (0.5, 0.5, 0.5)


def test_names_seen_very_often_leave_something_for_others() -> None:
    ngram = Ngram.fit(["abcabc"] * 70_000, VOCABULARY, order=8)
    assert ngram.section["count_type"] == "int32"
    logits = ngram.logits(VOCABULARY.encode_names(["abcabc", "dddddd"]))
    assert np.isfinite(logits).all()


def test_a_large_vocabulary_does_not_overflow() -> None:
    vocabulary = Vocabulary("\n" + "".join(map(chr, range(0x4E00, 0x4E00 + 50_000))))
    names = [vocabulary.characters[at] * 2 for at in range(1, 50_000)]
    ngram = Ngram.fit(names, vocabulary, order=4)
    ids, state, lengths = vocabulary.encode_names(names[-3:]), ngram.initial_state(3), []
    for column in ids.T:
        logits = ngram.step(column, state)
        assert np.allclose(np.exp(logits).sum(axis=1), 1, atol=1e-4)
        lengths.append(ngram.context_counts(state)[1].tolist())
    assert lengths == [[1] * 3, [2] * 3, [3] * 3, [1] * 3]


def test_round_trip(twenty: list[str]) -> None:
    vocabulary = Vocabulary.of(twenty)
    ngram = Ngram.fit(twenty, vocabulary)
    data = save({"other": np.zeros(3, np.float32), **ngram.to_tensors()})
    back = Ngram.from_tensors(json.loads(json.dumps(ngram.section)), load(data))
    ids = vocabulary.encode_names(twenty)
    assert (back.logits(ids) == ngram.logits(ids)).all()
    assert back.section == ngram.section
    assert {name: (str(a.dtype), a.shape) for name, a in back.to_tensors().items()} == (
        expected_tensors(ngram.section)
    )


def test_pruning_drops_the_rarest_of_the_longest_contexts(many: list[str]) -> None:
    whole = Ngram.fit(many, VOCABULARY, order=5)
    lower = sum(whole.section["entries"][:-1])
    bound = lower + whole.section["entries"][-1] // 2
    pruned = Ngram.fit(many, VOCABULARY, order=5, max_entries=bound)
    assert lower < sum(pruned.section["entries"]) <= bound
    kept = pruned.trie.totals[pruned.trie.levels[4] :]
    before = whole.trie.totals[whole.trie.levels[4] :]
    assert len(kept) == (before >= kept.min()).sum()
    assert pruned.section["entries"][:-1] == whole.section["entries"][:-1]
    ids = VOCABULARY.encode_names(many[:50])
    short = Ngram.fit(many, VOCABULARY, order=4)
    assert short.log_probs(ids).sum() < pruned.log_probs(ids).sum() < whole.log_probs(ids).sum()


def test_pruning_goes_on_to_lower_orders(many: list[str]) -> None:
    pruned = Ngram.fit(many, VOCABULARY, order=6, max_entries=40)
    assert sum(pruned.section["entries"]) <= 40
    assert pruned.section["entries"][3:] == [0, 0, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"order": 0},
        {"order": 10**9},
        {"order": 2},
        {"order": True},
        {"vocab_size": 0},
        {"vocab_size": 3},
        {"vocab_size": 2**40},
        {"entries": [5, 5]},
        {"entries": "555"},
        {"entries": [5, -5, 5]},
        {"entries": [0, 0, 0]},
        {"entries": [2**40, 2**40, 2**40]},
        {"entries": [5, 5.0, 5]},
        {"count_type": "float64"},
        {"count_type": ["uint8"]},
        {"more": 1},
    ],
)
def test_a_hostile_section_is_refused(change: dict[str, Any]) -> None:
    ngram = Ngram.fit(["abcd", "bcd"], VOCABULARY, order=3)
    with pytest.raises(ModelFileError, match="n-gram"):
        Ngram.from_tensors({**ngram.section, **change}, ngram.to_tensors())


@pytest.mark.parametrize("section", [None, [], {}, "order"])
def test_what_is_no_section_is_refused(section: Any) -> None:
    with pytest.raises(ModelFileError, match="n-gram section"):
        expected_tensors(section)


@pytest.mark.parametrize(
    ("name", "at", "value", "says"),
    [
        ("ngram.chars", 0, 255, "chars"),
        ("ngram.chars", 1, 0, "chars"),
        ("ngram.counts", 2, 0, "counts"),
        ("ngram.sizes", 0, 0, "sizes"),
        ("ngram.sizes", 0, 255, "sizes"),
        ("ngram.discounts", (0, 0), np.nan, "discounts"),
        ("ngram.discounts", (0, 0), 0.0, "discounts"),
        ("ngram.discounts", (1, 1), 2.1, "discounts"),
        ("ngram.discounts", (2, 2), -np.inf, "discounts"),
    ],
)
def test_a_hostile_value_is_refused(name: str, at: Any, value: float, says: str) -> None:
    ngram = Ngram.fit(["abcd", "bcd"], VOCABULARY, order=3)
    tensors = {key: tensor.copy() for key, tensor in ngram.to_tensors().items()}
    tensors[name][at] = value
    with pytest.raises(ModelFileError, match=f"n-gram {says}"):
        Ngram.from_tensors(ngram.section, tensors)


def test_a_tensor_that_is_missing_or_of_another_kind_is_refused() -> None:
    ngram = Ngram.fit(["abcd", "bcd"], VOCABULARY, order=3)
    for name, tensor in ngram.to_tensors().items():
        for other in (None, tensor[:-1], tensor.astype(np.float32), tensor[None]):
            changed = {**ngram.to_tensors(), name: other}
            kept = {key: value for key, value in changed.items() if value is not None}
            with pytest.raises(ModelFileError, match=name.replace("ngram.", "n-gram ")):
                Ngram.from_tensors(ngram.section, kept)


def test_a_context_whose_end_is_no_context_is_refused() -> None:
    # The contexts are a and aa, but the entry of aa is moved under b, and b is no context.
    section = {"order": 3, "vocab_size": 3, "entries": [2, 1, 1], "count_type": "uint8"}
    tensors = {
        "ngram.chars": np.array([1, 2, 2, 0], np.uint8),
        "ngram.counts": np.ones(4, np.uint8),
        "ngram.sizes": np.array([1, 0, 1], np.uint8),
        "ngram.discounts": np.full((3, 3), 0.5),
    }
    with pytest.raises(ModelFileError, match="end of each context"):
        Ngram.from_tensors(section, tensors)
    tensors["ngram.chars"][2] = 1
    assert len(Ngram.from_tensors(section, tensors).trie) == 3


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["chars", "counts", "sizes", "discounts"]), matrices)
def test_damage_is_refused_or_harmless(data: st.DataObject, name: str, ids: Ids) -> None:
    ngram = Ngram.fit(["abcd", "bcd", "abd", "dab"], VOCABULARY, order=4)
    tensors = {key: tensor.copy() for key, tensor in ngram.to_tensors().items()}
    raw = tensors[f"ngram.{name}"].reshape(-1).view(np.uint8)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        damaged = Ngram.from_tensors(ngram.section, tensors)
    except ModelFileError:
        return
    logits = damaged.logits(ids)
    assert np.isfinite(logits).all()
    assert np.allclose(np.exp(logits).sum(axis=2), 1, atol=1e-5)


def test_what_cannot_be_fitted_is_refused(twenty: list[str]) -> None:
    vocabulary = Vocabulary.of(twenty)
    with pytest.raises(CorpusError, match="at least one name"):
        Ngram.fit([], vocabulary)
    with pytest.raises(OptionError, match="order"):
        Ngram.fit(twenty, vocabulary, order=0)
    with pytest.raises(OptionError, match="max_entries"):
        Ngram.fit(twenty, vocabulary, max_entries=0)
    with pytest.raises(PromptError, match="'1'"):
        Ngram.fit(["Rex1"], vocabulary)


def test_known_quality(reference: Path) -> None:
    train, test = (
        (reference / f"dinos-{part}.txt").read_text(encoding="utf-8").split()
        for part in ("train", "test")
    )
    vocabulary = Vocabulary.of(train)
    ngram = Ngram.fit(train, vocabulary)
    ids = vocabulary.encode_names(test)
    counted = np.arange(ids.shape[1] - 1) <= np.array([len(name) for name in test])[:, None]
    assert -ngram.log_probs(ids)[counted].mean() < 1.49
    assert sum(tensor.nbytes for tensor in ngram.to_tensors().values()) < 100_000
