"""What moves while longer cells run."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from dino_names.teaching import live
from dino_names.teaching.live import Steps, live_curve, ticking


class Shown:
    texts: list[str] = []

    def show(self, drawing: str, text: str) -> None:
        ElementTree.fromstring(drawing)
        self.texts.append(text)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Shown.texts = []
    clock = iter(range(10_000))
    monkeypatch.setattr(live.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(live, "in_notebook", lambda: True)
    monkeypatch.setattr(live, "Display", Shown)
    return Shown.texts


def test_steps_are_counted_and_the_time_left_is_said(shown: list[str]) -> None:
    assert list(ticking("abcd", 4, "letters")) == list("abcd")
    assert shown[0].startswith("1 of 4 letters, ") and shown[0].endswith(" s left")
    assert shown[-1] == "4 of 4 letters"


def test_it_is_what_the_labs_training_reports_to(shown: list[str]) -> None:
    from dino_names.scratch import new_model, train

    text = "she sells sea shells " * 4
    train(new_model(text, units=4), text, steps=20, every=5, report=Steps(20, "steps"))
    assert shown[-1] == "20 of 20 steps" and len(shown) == 5


def test_nothing_is_shown_where_no_notebook_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "Display", None)
    assert list(ticking("ab", 2, "letters")) == ["a", "b"]
    assert live_curve(1, 1) is not None


@pytest.mark.tensorflow
def test_the_curve_of_fit(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import keras
    import numpy as np

    from dino_names.progress import notebook

    monkeypatch.setattr(notebook, "Display", Shown)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x: Any = np.ones((8, 2))
    options = {"validation_data": (x, x[:, :1]), "verbose": 0, "callbacks": [live_curve(3, 2)]}
    model.fit(x, x[:, :1], batch_size=4, epochs=3, **options)
    assert any(text.startswith("epoch 2 of 3, loss") for text in shown)
    assert shown[-1].startswith("epoch 3 of 3: loss") and "held out" in shown[-1]
