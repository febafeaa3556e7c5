"""What going on exactly needs and a checkpoint of weights leaves out, as one file.

`state.safetensors` holds every variable of the model (the states of dropout's generators and of
stateful layers among them), of the optimizer and of the weight average, and where in the
training they were. It is written beside its place and moved, so it is whole or the one before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import safetensors
import safetensors.numpy

from dino_names.errors import RunError
from dino_names.files import write_atomically

STATE_FILE = "state.safetensors"
METADATA_KEY = "position"
Groups = dict[str, list[keras.Variable]]


@dataclass
class Position:
    """Where a training stands: the next batch to run, and what has been summed and decided.

    Arguments:
        epoch, batch: the next batch, both counted from 0.
        loss_sum: nats over the characters of this epoch so far.
        tokens: those characters.
        seconds: spent in this epoch so far.
        best: lowest validation figure so far.
        waited: epochs since then.
        finished: whether training has ended, by its epochs or by its patience.
    """

    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    tokens: int = 0
    seconds: float = 0.0
    best: float | None = None
    waited: int = 0
    finished: bool = False


def save_state(
    folder: Path, groups: Groups, position: Position, history: list[dict[str, Any]]
) -> None:
    """Write every variable, the position and the history.

    Raises:
        StorageError: the disk refused it; the file before is still there.
    """
    tensors = {
        f"{group}.{number}": np.asarray(variable)
        for group, variables in groups.items()
        for number, variable in enumerate(variables)
    }
    record = json.dumps({"position": asdict(position), "history": history})
    content = safetensors.numpy.save(tensors, metadata={METADATA_KEY: record})
    write_atomically(folder / STATE_FILE, content)


def load_state(folder: Path, groups: Groups) -> tuple[Position, list[dict[str, Any]]]:
    """Set every variable to what was saved.

    Raises:
        RunError: no such file, or not of this model and optimizer.
    """
    path = folder / STATE_FILE
    try:
        with safetensors.safe_open(path, "numpy") as file:
            record = json.loads(file.metadata()[METADATA_KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        position, history = Position(**record["position"]), list(record["history"])
    except FileNotFoundError as error:
        raise RunError(
            f"{folder}: expected {STATE_FILE} to go on from, found none; train without --resume."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
        reason = " ".join(str(error).split())[:200]
        raise RunError(
            f"{path}: expected the state of a training, received {reason}; "
            "its checkpoints can still be exported with dino-names export."
        ) from error
    _assign(path, groups, tensors)
    return position, history


def _assign(path: Path, groups: Groups, tensors: dict[str, np.ndarray]) -> None:
    expected = {
        f"{group}.{number}": variable
        for group, variables in groups.items()
        for number, variable in enumerate(variables)
    }
    shapes = {name: tuple(variable.shape) for name, variable in expected.items()}
    if shapes != {name: tensor.shape for name, tensor in tensors.items()}:
        raise RunError(
            f"{path}: expected {len(shapes)} variables of this model and optimizer, received "
            f"{len(tensors)} that differ; go on with the configuration the run began with."
        )
    for name, variable in expected.items():
        variable.assign(tensors[name])
