"""Whether what a training will save fits on the disk, asked before it begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dino_names.runs.exact_state import Groups, Variable
from dino_names.storage import check_space

# What the other files of a run take, generously.
OTHER_BYTES = 1 << 20


def check_room(folder: Path, groups: Groups, *, model: str, checkpoints: int = 0) -> None:
    """Refuse to begin a training whose files will not fit on the disk of its folder.

    Arguments:
        folder: the run folder; what is there already needs no more room.
        groups: every variable that training changes.
        model: the group of what the model file holds.
        checkpoints: how many it will leave.

    Raises:
        StorageError: says how much is needed and how much is free.
    """
    weights = sum(map(_bytes, groups[model]))
    state = sum(_bytes(variable) for variables in groups.values() for variable in variables)
    # The state, the one before it and the one being written; the model file and its successor.
    needed = 3 * state + (checkpoints + 2) * weights + OTHER_BYTES
    there = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    check_space(folder, needed - there)


def _bytes(variable: Variable) -> int:
    return np.asarray(variable).nbytes
