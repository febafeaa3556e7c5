from __future__ import annotations

from typing import Any

import pytest

from dino_names.evaluation.intervals import Rate
from dino_names.evaluation.likeness import Distance
from dino_names.evaluation.near_copies import Originality
from dino_names.evaluation.verdict import course, on_copying, on_duration, on_likeness, on_ngram


def originality(names: int, new: float | None, within_1: float | None = None) -> Originality:
    return Originality(names=names, new=new, repeats=0.0, within_1=within_1)


@pytest.mark.parametrize(
    ("interval", "sentence"),
    [
        ((-0.06, -0.02), "Better than the 6-gram, by 0.040 nats per character (0.020 to 0.060)."),
        ((0.02, 0.06), "Worse than the 6-gram, by 0.040 nats per character (0.020 to 0.060)."),
        ((-0.01, 0.09), "(-0.010 to +0.090) may be chance."),
        (None, "There are too few names to tell it from the 6-gram."),
    ],
)
def test_better_or_worse_only_beyond_noise(
    interval: tuple[float, float] | None, sentence: str
) -> None:
    point = -0.04 if interval and interval[1] < 0 else 0.04
    found = on_ngram(Rate(nats_per_char=point, interval=interval), 6, listed=0.1)
    assert found.endswith(sentence)


def test_on_names_of_its_own_list_nothing_is_said_of_new_ones() -> None:
    rate = Rate(nats_per_char=-0.5, interval=(-0.6, -0.4))
    assert on_ngram(rate, 6, listed=0.7).startswith("70.0 % of these names are in its training")
    assert on_ngram(None, None, listed=None) == ""


@pytest.mark.parametrize(
    ("generated", "real", "sentence"),
    [
        ((1000, 0.62), None, "It copies: only 62.0 % of its names are new."),
        ((1000, 0.97), None, "It does not copy: 97.0 % of its names are new."),
        # Real names are in the list as often: that is the language, and no copying.
        ((1000, 0.86), (1000, 0.85), "It does not copy: 86.0 %"),
        ((1000, 0.70), (1000, 0.85), "It copies: only 70.0 %"),
        # Names of the list itself are no measure.
        ((1000, 0.40), (1000, 0.20), "It copies: only 40.0 %"),
        ((1000, 0.96, 0.103), (154, 1.0, 0.026), "It stays close to its list: 96.0 %"),
        ((1000, 0.96, 0.04), (154, 1.0, 0.026), "It does not copy: 96.0 %"),
        ((1000, None), None, ""),
    ],
)
def test_copying_is_measured_against_real_names(generated, real, sentence: str) -> None:
    found = on_copying(originality(*generated), real and originality(*real))
    assert found.startswith(sentence)
    assert bool(found) == bool(sentence)


@pytest.mark.parametrize(
    ("lengths", "pairs", "sentence"),
    [
        (0.03, 0.03, "Its names are like real ones in length and in character pairs."),
        (0.05, 0.05, "Its names differ from real ones in length and in character pairs by more"),
        (0.05, 0.03, "Its names are like real ones in character pairs, but differ in length by"),
        (0.03, 0.05, "Its names are like real ones in length, but differ in character pairs by"),
    ],
)
def test_likeness_is_measured_against_real_names(
    lengths: float, pairs: float, sentence: str
) -> None:
    found = [
        Distance(generated=bits, real=0.02, real_interval=(0.01, 0.04), names=100)
        for bits in (lengths, pairs)
    ]
    assert on_likeness(*found).startswith(sentence)
    assert on_likeness(None, found[1]) == on_likeness(found[0], None) == ""


def rows(loss: list[float], alone: list[float], mixed: list[float] | None = None) -> list[Any]:
    found: list[dict[str, Any]] = [
        {"epoch": epoch, "loss": one, "val_nats_per_char": other}
        for epoch, (one, other) in enumerate(zip(loss, alone, strict=True), 1)
    ]
    for row, figure in zip(found, mixed or [], strict=False):
        row["val_nats_with_ngram"] = figure
    return found


def test_validation_that_turned_while_training_fell_is_too_long() -> None:
    history = rows([2.0, 1.5, 1.0, 0.5], [1.9, 1.6, 1.7, 1.9])
    assert on_duration(history) == (
        "Trained too long: validation was best after epoch 2 of 4 and has become worse by 0.300 "
        "nats per character, while the training loss went on falling to 0.500; epoch 2 was kept."
    )


def test_validation_that_still_fell_is_too_short() -> None:
    sentence = on_duration(rows([2.0, 1.9, 1.8], [2.0, 1.8, 1.6]))
    assert sentence.startswith("Trained too short: the last epoch, 3, was the best")
    assert "by 0.200 nats per character over the last epoch." in sentence
    many = on_duration(rows([1.0] * 30, [2.0 - 0.01 * epoch for epoch in range(30)]))
    assert "by 0.030 nats per character over the last 3 epochs." in many


def test_what_the_ngram_hides_is_too_short_all_the_same() -> None:
    history = rows([2.0, 1.9], [2.0, 1.8], [1.502, 1.501])
    assert on_duration(history).startswith("Trained too short")


def test_validation_at_rest_is_long_enough() -> None:
    history = rows([2.0, 1.5, 1.4, 1.4], [1.9, 1.6, 1.603, 1.604])
    assert on_duration(history) == (
        "Trained long enough: validation was best after epoch 2 of 4, and has come to rest."
    )
    # Without any gap to its own names there was more to learn.
    rested = rows([2.0, 1.9, 1.9], [2.0, 1.801, 1.8])
    assert on_duration(rested).startswith("Trained long enough")
    assert on_duration(rested, on_training=1.79, on_new=1.8).startswith("Trained too short")


def test_without_validation_the_gap_to_its_own_names_tells() -> None:
    history = [{"epoch": 1, "loss": 0.3}, {"epoch": 2, "loss": 0.2}]
    assert on_duration(history) == ""
    assert on_duration(history, on_training=0.4, on_new=1.9).startswith("Trained too long")
    assert "knows its list far better" in on_duration((), on_training=0.4, on_new=1.9)
    assert on_duration((), on_training=1.88, on_new=1.9).startswith("Perhaps trained too short")
    assert on_duration((), on_training=1.5, on_new=1.9) == ""


def test_a_history_that_somebody_changed_is_no_trouble() -> None:
    history = [{"epoch": "1", "loss": 1.0}, {"loss": 2.0}, {"epoch": 3, "loss": None}]
    assert course(history, "loss") == {}
    assert on_duration(history) == ""
    assert course([*history, {"epoch": 4, "loss": 1}], "loss") == {4: 1.0}
