"""Every benchmark runs, at a tiny size; no time is judged."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from benchmarks import quality
from benchmarks.__main__ import TABLES, main
from benchmarks.timing import table, take_turns


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", TABLES)
def test_each_gives_a_table(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--quick"], catch_exceptions=False)
    rows = [line for line in result.output.splitlines() if re.match(r"\| \w", line)]
    assert result.exit_code == 0 and len(rows) >= 3
    assert any(row.endswith("| 1.00 |") for row in rows)


def test_contenders_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []
    seconds = take_turns({name: lambda name=name: calls.append(name) for name in "ab"}, rounds=2)
    assert calls == list("ababab") and set(seconds) == {"a", "b"}


def test_a_table_is_against_the_first() -> None:
    shown = table("what", {"slow": 2.0, "fast": 0.5}, work=10, unit="names")
    assert "| slow | 5 | 1.00 |" in shown and "| fast | 20 | 4.00 |" in shown


def test_quality_splits_leave_nothing_out_and_the_ngram_is_counted_right() -> None:
    names = [f"n{letter}{other}" for letter in "abcdef" for other in "xyz"]
    train, test = quality.split(names, seed=3)
    assert sorted(train + test) == sorted(names) and len(test) == 2
    from dino_names.ngram import Ngram
    from dino_names.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names)
    ngram = Ngram.fit(train, vocabulary, order=quality.ORDER)
    total = 0.0
    for name in test:
        state = ngram.initial_state(1)
        for before, after in zip("\n" + name, name + "\n", strict=True):
            total -= ngram.step(vocabulary.encode(before), state)[0, vocabulary.encode(after)[0]]
    characters = sum(len(name) + 1 for name in test)
    assert quality.ngram_nats(train, test) == pytest.approx(total / characters, rel=1e-5)
