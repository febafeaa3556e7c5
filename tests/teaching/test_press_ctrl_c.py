"""Ctrl-C after a number of batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dino_names.errors import InterruptedRunError
from dino_names.teaching.press_ctrl_c import Interrupt
from dino_names.training.trainer import train


def test_presses_ctrl_c_after_so_many_batches_and_once() -> None:
    progress = Interrupt(after=2)
    progress.batch(0, 1, 1.0)
    with pytest.raises(KeyboardInterrupt):
        progress.batch(0, 2, 1.0)
    progress.batch(0, 3, 1.0)


@pytest.mark.tensorflow
def test_a_training_stops_there_with_everything_saved(
    names_file: Path, tmp_path: Path, tiny: dict[str, Any]
) -> None:
    with pytest.raises(InterruptedRunError, match="batch 3, everything saved"):
        train(names_file, out=tmp_path / "run", progress=Interrupt(after=3), **tiny)
    assert (tmp_path / "run" / "state.safetensors").is_file()
