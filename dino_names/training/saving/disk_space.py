"""Whether what a training will save fits on the disk, asked before it begins."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from dino_names.runs import Groups
from dino_names.storage import check_space

# What the other files of a run take, generously.
OTHER_BYTES = 1 << 20


def check_room(folder: Path, groups: Groups, *, checkpoints: int) -> None:
    """Refuse to begin a training whose files will not fit on the disk of its folder.

    Arguments:
        folder: the run folder; what is there already needs no more room.
        groups: every variable that training changes, those of the `model` among them.
        checkpoints: how many it will leave.

    Raises:
        StorageError: says how much is needed and how much is free.
    """
    weights = sum(map(_bytes, groups["model"]))
    state = sum(_bytes(variable) for variables in groups.values() for variable in variables)
    # The state, the one before it and the one being written; the model file and its successor.
    needed = 3 * state + (checkpoints + 2) * weights + OTHER_BYTES
    there = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    check_space(folder, needed - there)


def _bytes(variable: keras.Variable) -> int:
    return np.asarray(variable).nbytes
