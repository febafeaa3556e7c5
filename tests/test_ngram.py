"""The n-gram against a textbook one made of dictionaries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.ngram import Ngram
from dino_names.vocabulary import Vocabulary

START = "start of the name"
lists_of_names = st.lists(st.text("abcd", min_size=1, max_size=7), min_size=1, max_size=12)


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


def exact(ngram: Ngram, **options: Any) -> Ngram:
    """The same n-gram in double precision."""
    return Ngram(ngram.section, ngram.to_tensors(), dtype=np.float64, **options)


@settings(max_examples=60, deadline=None)
@given(lists_of_names, st.integers(1, 6), st.booleans(), st.text("abcd", max_size=7))
def test_equals_the_textbook(names: list[str], order: int, start: bool, unseen: str) -> None:
    vocabulary = Vocabulary("\nabcd")
    ngram = Ngram.fit(names, vocabulary, order=order, start_boundary=start)
    textbook = Textbook(names, vocabulary.characters, order, start)
    for name in [*names[:3], unseen]:
        text = "\n" * start + name
        if not text:
            continue
        expected = [textbook.row(text[: end + 1]) for end in range(len(text))]
        ids = vocabulary.encode(text)[None]
        assert np.allclose(np.exp(exact(ngram).logits(ids)[0]), expected, rtol=0, atol=1e-9)
        assert np.allclose(np.exp(ngram.logits(ids)[0]), expected, rtol=0, atol=1e-6)
