"""Every benchmark runs, at a tiny size; no time is judged."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import quality
from benchmarks.__main__ import TABLES, main
from benchmarks.processes import measure
from benchmarks.timing import ratio, table, take_turns


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", TABLES)
def test_each_gives_tables_of_ratios(name: str, tmp_path: Path) -> None:
    path = tmp_path / "results.md"
    call = [name, "--quick", "--write", str(path)]
    result = CliRunner().invoke(main, call, catch_exceptions=False)
    assert result.exit_code == 0 and path.read_text(encoding="utf-8").strip() in result.stdout
    heading, line, *rows = [line for line in result.stdout.splitlines() if line.startswith("| ")]
    assert "times " in result.stdout and len(rows) >= 2
    assert heading.count("|") == line.count("|") == rows[0].count("|")


@pytest.mark.tensorflow
def test_the_published_tutorial_row_by_row(tmp_path: Path) -> None:
    from benchmarks.published import ROWS, as_published, main

    path = tmp_path / "names.txt"
    run_together = "LisboasaurusLiubangosaurus"
    path.write_text("\n".join(["Rex", "Rex", run_together, "AbCd", *["Aaron"] * 60]) + "\n")
    names = as_published(path)
    assert names[:5] == ["Rex", "Rex", "Lisboasaurus", "Liubangosaurus", "AbCd"]
    result = CliRunner().invoke(main, [str(path), "--epochs", "1"], catch_exceptions=False)
    lines = [line.split("|")[1:-1] for line in result.stdout.splitlines() if "`, epoch" in line]
    assert len(lines) == sum(epoch == 1 for epoch, *_ in ROWS)
    first = next(line for line in lines if "first batch" in line[0])
    untrained = np.log(len({*"".join(names)}) + 1)
    assert [float(cell) for cell in first[2:]] == pytest.approx([untrained] * 2, abs=0.1)


def test_contenders_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []
    seconds = take_turns({name: lambda name=name: calls.append(name) for name in "ab"}, rounds=2)
    assert calls == list("ababab") and set(seconds) == {"a", "b"}


def test_a_table_is_markdown_and_a_ratio_has_two_sides() -> None:
    shown = table(["what", "names/s"], [["slow", ratio(4, 2)], ["fast", ratio(None, 2)]])
    assert shown == "| what | names/s |\n| --- | ---: |\n| slow | 2.00 |\n| fast | - |\n"


def test_a_process_is_measured_alone_whatever_this_one_holds() -> None:
    ballast = b"x" * (200 << 20)
    cost = measure([sys.executable, "-I", "-S", "-c", "print('said')"])
    assert cost.said == "said\n" and cost.megabytes < 100 < len(ballast) >> 20
    more = measure([sys.executable, "-I", "-S", "-c", "b'x' * (200 << 20)"])
    assert more.megabytes > 200


def test_a_process_that_fails_is_named() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        measure([sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"])


def test_quality_splits_leave_nothing_out_and_the_ngram_is_counted_right() -> None:
    names = [f"n{letter}{other}" for letter in "abcdef" for other in "xyz"]
    train, test = quality.split(names, seed=3)
    assert sorted(train + test) == sorted(names) and len(test) == 2
    from dino_names.corpus.vocabulary import Vocabulary
    from dino_names.ngram.kneser_ney import Ngram

    vocabulary = Vocabulary.of(names)
    ngram = Ngram.fit(train, vocabulary, order=quality.ORDER)
    total = 0.0
    for name in test:
        state = ngram.initial_state(1)
        for before, after in zip("\n" + name, name + "\n", strict=True):
            total -= ngram.step(vocabulary.encode(before), state)[0, vocabulary.encode(after)[0]]
    characters = sum(len(name) + 1 for name in test)
    assert quality.ngram_nats(train, test) == pytest.approx(total / characters, rel=1e-5)
