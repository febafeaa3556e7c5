"""What is told while training, and where."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from dino_names.config.presets import preset
from dino_names.progress.terminal import Bar, Lines, for_terminal
from dino_names.progress.words import describe
from dino_names.training.trainer import train

pytestmark = pytest.mark.tensorflow


def test_nothing_is_printed_by_the_api(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    train(names_file, out=tmp_path / "run", **tiny)
    assert capfd.readouterr() == ("", "")


def test_lines_go_to_standard_error(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    train(names_file, out=tmp_path / "run", progress=Lines(), **{**tiny, "batch_size": 1})
    out, err = capsys.readouterr()
    assert out == ""
    first, *epochs = err.splitlines()
    assert first == "training on 16 names: 2 epochs of 16 batches"
    assert [line.split(":")[0] for line in epochs] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert all("nats per character" in line and "names/s" in line for line in epochs)


def test_every_hundredth_batch_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.begin(preset("tutorial"), 250, 16_000, "names")
    capsys.readouterr()
    for batch in range(1, 251):
        lines.batch(0, batch, 1.5)
    assert capsys.readouterr().err.splitlines() == [
        "epoch 1, batch 100 of 250: loss 1.5000",
        "epoch 1, batch 200 of 250: loss 1.5000",
    ]


def test_a_terminal_gets_a_bar_with_the_figures(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    progress = for_terminal()
    assert isinstance(progress, Bar)
    train(names_file, out=tmp_path / "run", progress=progress, **tiny)
    shown = screen.getvalue()
    assert all(word in shown for word in ("epoch", "2/2", "loss", "validation", "names/s"))


def test_no_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(for_terminal(), Lines)


def test_the_figure_with_the_n_gram_is_told_beside_the_network_s() -> None:
    row = {"epoch": 1, "seconds": 1.0, "loss": 1.0, "val_nats_per_char": 2.0}
    assert "n-gram" not in describe(row)
    assert describe({**row, "val_nats_with_ngram": 1.75}).startswith(
        "loss 1.0000, validation 2.0000 nats per character (2.8854 bits), 1.7500 with the n-gram"
    )
