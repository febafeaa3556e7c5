"""The checkpoints of a run folder: save and restore.

`ckpt_<epoch>.weights.h5` are Keras's own files, as its ModelCheckpoint writes them, but beside
their place and moved into it. A checkpoint is opened after its hash has matched the manifest,
and read after `plain_hdf5` has found nothing but the arrays in it. HDF5's own reader remains
unsafe with a forged file, so restore from folders of your own alone.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from dino_names.config import Architecture
from dino_names.errors import RunError, StorageError
from dino_names.runs import Run, find_checkpoint, read_manifest, write_manifest
from dino_names.storage import read_regular, show, write_atomically
from dino_names.training.saving.plain_hdf5 import check_plain

# What HDF5 and Keras raise where a file is not what they expect.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, RuntimeError)
# HDF5's own bookkeeping beside the weights, generously.
OVERHEAD_BYTES = 1 << 22


class CheckpointWarning(UserWarning):
    """A checkpoint was passed over; the message says which and why."""


class MemoryFile(io.BytesIO):
    """Where Keras writes and reads weights instead of at a path, which it looks like.

    HDF5 cannot be trusted with a disk: where a write fails as it closes a file, it ends the
    process with a segmentation fault. What it wrote to memory is then put in its place like
    every other file.
    """

    def __str__(self) -> str:
        return "memory.weights.h5"


class RunCheckpoint(keras.callbacks.ModelCheckpoint):
    """Keras's ModelCheckpoint with files that are whole or not there.

    Arguments:
        folder: the run folder.
        model: built; whose weights.
        every: epochs between checkpoints.
        run: the run's digest, kept beside the hashes.
    """

    def __init__(
        self, folder: Path, model: keras.Sequential, *, every: int = 1, run: str = ""
    ) -> None:
        super().__init__(str(folder / "ckpt_{epoch}.weights.h5"), save_weights_only=True)
        self.folder, self.every, self.run = folder, every, run
        # A Sequential of the same layers, not compiled: its checkpoints hold weights alone.
        ids = keras.Input(batch_shape=model.input_shape, dtype="int32")
        self.set_model(keras.Sequential([ids, *model.layers], name=model.name))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save the weights as `ckpt_<epoch + 1>.weights.h5` where an epoch is due."""
        if (epoch + 1) % self.every == 0:
            self.save(epoch)

    def save(self, epoch: int) -> None:
        """Save the weights after this epoch, counted from 0, due or not.

        Raises:
            StorageError: the disk refused it; earlier checkpoints are as they were.
        """
        path = self.folder / f"ckpt_{epoch + 1}.weights.h5"
        file = MemoryFile()
        self.model.save_weights(file, overwrite=True)
        content = file.getvalue()
        if not _same_weights(content, self.model):
            raise StorageError(f"{show(path)}: expected HDF5 to hold the weights, received others.")
        digest = write_atomically(path, content)
        write_manifest(self.folder, self.run, {**self._known(), path.name: digest})

    def _known(self) -> dict[str, str]:
        """The hashes of those there are; none where the manifest is damaged or of another run."""
        try:
            known = read_manifest(self.folder, run=self.run)
        except RunError:
            return {}
        return {name: digest for name, digest in known.items() if (self.folder / name).exists()}


def _same_weights(content: bytes, model: keras.Model) -> bool:
    """Whether a file of this content holds the weights of a model, and nothing else."""
    found: list[tuple[Any, bytes]] = []

    def collect(_: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found.append((item.shape, item[()].tobytes()))

    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(collect)
    weights = [np.asarray(variable) for variable in model.trainable_variables]
    return sorted(found) == sorted((weight.shape, weight.tobytes()) for weight in weights)


def restore(model: keras.Sequential, run: Run, epoch: int | None = None) -> int:
    """Load a checkpoint of a run into a model of the same architecture.

    A checkpoint that had to be passed over is warned of (`CheckpointWarning`).

    Arguments:
        model: built, at any batch size.
        run: whose weights; a folder of your own.
        epoch: which, or None for the newest good one.

    Returns:
        The epoch that was loaded.

    Raises:
        RunError: no checkpoint, or its shapes do not match; names both sizes.
    """
    number, path, passed_over = find_checkpoint(run.folder, epoch, run=run.digest)
    for sentence in passed_over:
        warnings.warn(sentence, CheckpointWarning, stacklevel=2)
    expected = run.config.model.architecture(len(run.vocabulary))
    check_shapes(model, expected, path)
    try:
        content = read_regular(path, limit=4 * expected.parameters() + OVERHEAD_BYTES)
        check_plain(content, expected.shapes().values())
        model.load_weights(MemoryFile(content))
    except UNREADABLE as error:
        received = " ".join(str(error).split())[:200]
        raise RunError(
            f"{show(path)}: expected the weights of a vocabulary of {len(run.vocabulary)} "
            f"characters and {expected.rnn_units} units, received others: {received}"
        ) from error
    return number


def check_shapes(model: keras.Sequential, expected: Architecture, path: Path) -> None:
    """Refuse a model whose tensors are not those of the run's architecture.

    Raises:
        RunError: names the first shape that differs, of the model and of the run.
    """
    received = [tuple(variable.shape) for variable in model.trainable_variables]
    shapes = expected.shapes()
    if len(received) != len(shapes):
        raise RunError(
            f"{show(path)}: the run has {len(shapes)} tensors, the model {len(received)}; "
            "build the model from the run's own configuration and vocabulary."
        )
    for (name, shape), other in zip(shapes.items(), received, strict=True):
        if shape != other:
            raise RunError(
                f"{show(path)}: the run's {name} has shape {shape}, the model's {other}; "
                "build the model from the run's own configuration and vocabulary."
            )
