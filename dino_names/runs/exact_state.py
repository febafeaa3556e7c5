"""What going on exactly needs and a checkpoint of weights leaves out, as one file.

`state.safetensors` holds every variable of the model (the states of dropout's generators and of
stateful layers among them), of the optimizer and of the weight average, where in the training
they were, and the history so far; a SHA-256 of it all; and the digest of the run it belongs to.
It is written beside its place and moved, and the one before it is kept: from either, training
goes on to the same weights.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import safetensors
import safetensors.numpy

from dino_names.errors import DivergedError, ModelFileError, RunError
from dino_names.runs.bookmark import Bookmark
from dino_names.storage import open_regular, reason, show, strict_json, write_atomically

STATE_FILE = "state.safetensors"
PREVIOUS_FILE = "state.previous.safetensors"
METADATA_KEY = "training"
HISTORY = "history"
DAMAGE = (OSError, ValueError, KeyError, TypeError, ModelFileError, safetensors.SafetensorError)
Tensors = Mapping[str, np.ndarray]
Rows = list[dict[str, Any]]


class Variable(Protocol):
    """Numbers that training changes: Keras's variables, or anything else that has these."""

    @property
    def shape(self) -> Any:
        """Its extents."""

    def __array__(self, dtype: Any = None) -> Any:
        """The numbers."""

    def assign(self, value: Any) -> Any:
        """Take other numbers of this shape."""


Groups = Mapping[str, Sequence[Variable]]


@dataclass(frozen=True)
class State:
    """What was saved, read back.

    Arguments:
        bookmark: where the training stood.
        history: a row for each epoch that had ended.
        passed_over: a sentence for each file that could not be used.
    """

    bookmark: Bookmark
    history: Rows
    passed_over: tuple[str, ...] = ()


def save_state(
    folder: Path, groups: Groups, bookmark: Bookmark, history: Rows, *, run: str
) -> None:
    """Write every variable, its place and the history; keep the file that was there.

    Arguments:
        folder: the run folder.
        groups: every variable that training changes.
        bookmark: where it stands.
        history: a row for each epoch that has ended.
        run: the run's digest.

    Raises:
        DivergedError: a variable holds NaN or infinity; nothing was written.
        StorageError: the disk refused it; the file before is still there.
    """
    check_finite(groups, bookmark)
    tensors = {name: np.asarray(variable) for name, variable in _named(groups)}
    rows = json.dumps(history).encode()
    tensors[HISTORY] = np.frombuffer(rows, np.uint8)
    record = {"position": asdict(bookmark), "run": run}
    record["sha256"] = _digest(record, tensors)
    metadata = {METADATA_KEY: json.dumps(record, sort_keys=True)}
    content = safetensors.numpy.save(tensors, metadata=metadata)
    write_atomically(folder / STATE_FILE, content, keep=PREVIOUS_FILE)


def check_finite(groups: Groups, bookmark: Bookmark) -> None:
    """Refuse to save what a diverged training has left.

    Raises:
        DivergedError: names the epoch and the batch after which it was found.
    """
    for name, variable in _named(groups):
        tensor = np.asarray(variable)
        if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
            raise DivergedError(
                f"training: {name.partition('.')[0]} variables became NaN or infinite in epoch "
                f"{bookmark.epoch + 1}, batch {bookmark.batch}; expected finite ones. Lower "
                "--learning-rate or set --clip-norm; what was saved before is as it was."
            )


def has_state(folder: Path) -> bool:
    """Whether a folder holds anything to go on from."""
    return any((folder / name).exists() for name in (STATE_FILE, PREVIOUS_FILE))


def load_state(folder: Path, groups: Groups, *, run: str, loose: bool = False) -> State:
    """Set every variable to what was saved last; to what was saved before that, if damaged.

    Arguments:
        folder: the run folder.
        groups: every variable that training changes.
        run: the run's digest, which the file must have.
        loose: whether variables of other shapes may stay as they are, which is then said.

    Raises:
        RunError: no such file, or none of this run, model and optimizer that is whole.
    """
    refused: list[str] = []
    for name in (STATE_FILE, PREVIOUS_FILE):
        try:
            state, tensors = _read(folder / name, dict(_named(groups)), run, loose)
        except FileNotFoundError:
            refused.append(f"{name} is missing")
        except DAMAGE as error:
            refused.append(f"{name} is damaged ({reason(error)})")
        else:
            kept = [key for key, v in _named(groups) if tensors[key].shape != tuple(v.shape)]
            for key, variable in _named(groups):
                if key not in kept:
                    variable.assign(tensors[key])
            said = _promote(folder, name, refused)
            if kept:
                said += (f"{show(folder)}: {len(kept)} states of another shape begin anew.",)
            return replace(state, passed_over=said)
    raise RunError(
        f"{show(folder)}: expected a saved state to go on from, but {' and '.join(refused)}. What "
        "its epochs reached can still be had with dino-names export; to train on, choose "
        "another folder."
    )


def _promote(folder: Path, name: str, refused: list[str]) -> tuple[str, ...]:
    """Give a file that had to stand in its place, so that no damaged one is kept in its stead."""
    if name == STATE_FILE:
        return ()
    with contextlib.suppress(OSError):  # where this fails, so will the next save, and say why
        (folder / name).replace(folder / STATE_FILE)
    return tuple(
        f"{show(folder)}: {sentence}; going on from the state saved before it, which comes to the "
        "same weights a little later."
        for sentence in refused
    )


def _read(
    path: Path, expected: dict[str, Variable], run: str, loose: bool
) -> tuple[State, dict[str, np.ndarray]]:
    open_regular(path).close()
    with safetensors.safe_open(path, "numpy") as file:
        record = strict_json(file.metadata()[METADATA_KEY])
        if record["run"] != run:
            raise RunError(
                f"{show(path)}: expected the state of the configuration, vocabulary, data and base "
                "in run.json, received that of others; put back the file that was changed."
            )
        _check_shapes(path, file, expected, loose=loose)
        tensors = {name: file.get_tensor(name) for name in [*expected, HISTORY]}
    if record.pop("sha256") != _digest(record, tensors):
        raise ValueError("its SHA-256 names other content")
    bookmark = Bookmark(**record["position"])
    bookmark.check()
    return State(bookmark, strict_json(tensors[HISTORY].tobytes().decode())), tensors


def _check_shapes(path: Path, file: Any, expected: dict[str, Variable], *, loose: bool) -> None:
    wanted = {name: list(variable.shape) for name, variable in expected.items()}
    names = [name for name in file.keys() if name != HISTORY]  # noqa: SIM118
    received = {name: file.get_slice(name).get_shape() for name in names}
    if wanted != received and not (loose and set(wanted) == set(received)):
        raise RunError(
            f"{show(path)}: expected {len(wanted)} variables of this model and optimizer, received "
            f"{len(received)} that differ; go on with the version the run began with."
        )


def _named(groups: Groups) -> Iterator[tuple[str, Variable]]:
    for group, variables in groups.items():
        for number, variable in enumerate(variables):
            yield f"{group}.{number}", variable


def _digest(record: Mapping[str, Any], tensors: Tensors) -> str:
    """SHA-256 of the record and of each tensor with its name and type."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype.str} {tensor.shape}".encode())
        digest.update(np.ascontiguousarray(tensor).data)
    return digest.hexdigest()
