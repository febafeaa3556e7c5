"""What a notebook is shown while a training goes on."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from dino_names.config import preset
from dino_names.progress import notebook as module
from dino_names.progress.choice import choose_progress
from dino_names.progress.notebook import Notebook


class Shown:
    """A display that keeps what it was shown."""

    def __init__(self) -> None:
        self.drawings: list[str] = []
        self.texts: list[str] = []

    def show(self, drawing: str, text: str) -> None:
        ElementTree.fromstring(drawing)  # well-formed
        self.drawings.append(drawing)
        self.texts.append(text)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    clock = iter(range(10_000))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    progress = Notebook()
    progress.display = Shown()  # type: ignore[assignment]
    return progress


def row(epoch: int, loss: float, held_out: float) -> dict[str, float]:
    figures = {"val_nats_per_char": held_out, "names_per_second": 123.4, "seconds": 9.9}
    return {"epoch": epoch, "loss": loss, **figures}


def test_curve_time_left_and_names_come_in_one_output(told: Notebook) -> None:
    shown = told.display
    assert isinstance(shown, Shown)
    told.begin(preset("default", epochs=4), 10, 300, "names")
    for epoch in range(3):
        for batch in range(1, 11):
            told.batch(epoch, batch, 2.5)
            if told.curious():
                told.sample(batch, "Rex\n<b>&\n\n")
        told.epoch(row(epoch + 1, 3.0 - epoch, 3.1 - epoch))
    assert re.search(r"epoch 3 of 4, loss 2\.500, \d+ s left", shown.texts[-1])
    assert "Rex, <b>&" in shown.texts[-1] and "&lt;b&gt;&amp;" in shown.drawings[-1]
    assert shown.drawings[-1].count("<polyline") == 2
    told.end()
    assert shown.texts[-1].startswith("epoch 3 of 4: loss 1.000, held out 1.100 nats")
    for text in (shown.texts[-1], shown.drawings[-1]):  # nothing that differs from run to run
        assert "left" not in text and "names/s" not in text and "9.9" not in text


def test_epochs_that_nobody_tells_of_are_in_the_curve_too(told: Notebook) -> None:
    told.begin(preset("default", epochs=4), 2, 6, "names")
    for epoch in range(4):
        for batch in (1, 2):
            told.batch(epoch, batch, 4.0 - epoch - batch / 4)
        if epoch == 3:
            told.epoch(row(4, 0.5, 1.0))
    assert told.curves["loss"] == [(1, 3.5), (2, 2.5), (3, 1.5), (4, 0.5)]


def test_notes_and_losses_that_are_no_numbers_do_no_harm(told: Notebook) -> None:
    shown = told.display
    assert isinstance(shown, Shown)
    told.found("names.txt", 3, "names", ["'A' <comes> twice"])
    told.waiting("starting TensorFlow")
    assert shown.texts[0].startswith("starting TensorFlow\nwarning: 'A' <comes> twice")
    told.begin(preset("default", epochs=2), 1, 3, "names")
    told.resumed(1, 0)
    for epoch, loss in enumerate((float("nan"), 1.0, 1.0), 1):
        told.epoch(row(epoch, loss, float("inf")))
    told.note("something")
    told.round(1, 5, {})
    told.end()
    assert "warning: something" in shown.texts[-1] and "--resume" in shown.texts[-1]


def test_only_a_kernel_is_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not module.in_notebook()
    monkeypatch.setattr(module, "in_notebook", lambda: True)
    assert type(choose_progress("auto")) is Notebook
    assert type(choose_progress(True)) is Notebook
