"""Several kinds of network for the same time each."""

from __future__ import annotations

import json
import math
import time

import pytest

from dino_names.commands.main import run
from dino_names.config.presets import choose
from dino_names.corpus.builtin_text import SNIPPET
from dino_names.corpus.splits import split_text
from dino_names.errors import CorpusError, OptionError
from dino_names.training.comparison import SAMPLE_LENGTH, compare, configure, rate
from dino_names.training.network.model import build_model

pytestmark = pytest.mark.tensorflow

SMALL = {"rnn_units": 8, "embedding_dim": 4, "seq_length": 16, "batch_size": 8}


def test_each_gets_the_same_time_and_is_measured_on_what_was_held_out() -> None:
    began = time.monotonic()
    rows = list(compare(None, ["rnn", "gpt"], budget=0.3, precision="float32", **SMALL))
    assert time.monotonic() - began >= 0.6
    assert [row.cell for row in rows] == ["rnn", "gpt"]
    for row in rows:
        config = configure(row.cell, **SMALL)
        expected = build_model(49, config=config.model).count_params()
        assert row.parameters == expected
        assert row.nats_per_char < math.log(49) + 0.2
        assert row.bits_per_char == pytest.approx(row.nats_per_char / math.log(2))
        assert row.batches > 0 and row.characters_per_second > 0
        assert len(row.sample) == SAMPLE_LENGTH


def test_the_rate_rises_and_falls_within_the_time() -> None:
    rates = [rate(share / 100) for share in range(101)]
    peak = rates.index(max(rates))
    assert 3 <= peak <= 7 and max(rates) > 0.98
    assert rates[:peak] == sorted(rates[:peak]) and rates[0] > 0
    assert rates[peak:] == sorted(rates[peak:], reverse=True) and rates[-1] == pytest.approx(0)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(OptionError, match="cell: expected one of"):
        compare(None, ["gru", "elman"])
    with pytest.raises(OptionError, match="at least one kind"):
        compare(None, [])
    with pytest.raises(OptionError, match="budget"):
        compare(None, ["gru"], budget=0)
    with pytest.raises(CorpusError, match="held out"):
        compare(None, ["gru"], valid_fraction=0.0)


def test_the_command_prints_a_table_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compare", "--cells", "rnn", "--budget", "0.1"]
    assert run([*arguments, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert set(row) == {
        "cell",
        "parameters",
        "batches",
        "characters_per_second",
        "nats_per_char",
        "bits_per_char",
        "sample",
    }
    assert run(arguments) == 0
    out = capsys.readouterr().out
    assert out.startswith("cell    nats   bits  parameters") and f"{row['parameters']:,}" in out
    assert "\nrnn:\n" in out


def test_the_text_compared_on_is_split_as_in_training() -> None:
    fraction = configure("gru").data.valid_fraction
    assert fraction == choose(kind="text").data.valid_fraction
    assert len(split_text(SNIPPET, fraction=fraction)[1]) > configure("gru").data.seq_length
