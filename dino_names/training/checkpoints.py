"""The checkpoints of a run folder: save, find the latest, restore.

`ckpt_<epoch>.weights.h5` are Keras's own files, written by its ModelCheckpoint, but beside
their place and moved into it; `manifest.json` keeps the SHA-256 of each, and one that does not
match is passed over. Only files of the user's own run folder are read, and only after their
hash has matched.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import keras

from dino_names.architecture import Architecture
from dino_names.errors import RunError
from dino_names.files import replace_atomically, write_atomically
from dino_names.runs import Run, read_json

MANIFEST_FILE = "manifest.json"
CHECKPOINT = re.compile(r"ckpt_(\d{1,9})\.weights\.h5")


class RunCheckpoint(keras.callbacks.ModelCheckpoint):
    """Keras's ModelCheckpoint with files that are whole or not there.

    Arguments:
        folder: the run folder.
        every: epochs between checkpoints.
    """

    def __init__(self, folder: Path, *, every: int = 1) -> None:
        super().__init__(str(folder / "ckpt_{epoch}.weights.h5"), save_weights_only=True)
        self.folder = folder
        self.every = every

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save the weights as `ckpt_<epoch + 1>.weights.h5` where an epoch is due."""
        if (epoch + 1) % self.every == 0:
            self.save(epoch, logs)

    def save(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save the weights after this epoch, counted from 0, due or not."""

        def write(path: Path) -> None:
            # Braces in the folder's own name are no format fields.
            self.filepath = str(path).replace("{", "{{").replace("}", "}}")
            keras.callbacks.ModelCheckpoint.on_epoch_end(self, epoch, logs or {})

        path = self.folder / f"ckpt_{epoch + 1}.weights.h5"
        replace_atomically(path, write)
        manifest = read_manifest(self.folder)
        manifest[path.name] = sha256(path)
        write_atomically(
            self.folder / MANIFEST_FILE, (json.dumps(manifest, indent=1) + "\n").encode()
        )


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, str]:
    """The hashes by file name; none where there is no manifest yet."""
    if not (folder / MANIFEST_FILE).exists():
        return {}
    return {str(name): str(digest) for name, digest in read_json(folder / MANIFEST_FILE).items()}


def list_checkpoints(folder: str | Path) -> dict[int, Path]:
    """The checkpoint files of a run by epoch, in the order of their epochs as numbers."""
    found = {}
    for path in Path(folder).iterdir() if Path(folder).is_dir() else ():
        match = CHECKPOINT.fullmatch(path.name)
        if match and path.is_file() and not path.is_symlink():
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def find_checkpoint(
    folder: str | Path, epoch: int | None = None
) -> tuple[int, Path, tuple[str, ...]]:
    """A chosen checkpoint, or the newest whose content matches the manifest.

    Arguments:
        folder: the run folder.
        epoch: which, or None for the newest.

    Returns:
        Its epoch, its path, and a sentence for each newer one that was passed over.

    Raises:
        RunError: there is none, or the chosen one is missing or damaged.
    """
    folder = Path(folder)
    found, manifest = list_checkpoints(folder), read_manifest(folder)
    if epoch is not None and epoch not in found:
        known = ", ".join(map(str, found)) or "none"
        raise RunError(f"{folder}: expected a checkpoint of epoch {epoch}, found those of {known}.")
    passed_over: list[str] = []
    for number in reversed(found) if epoch is None else [epoch]:
        path = found[number]
        if manifest.get(path.name) == sha256(path):
            return number, path, tuple(passed_over)
        passed_over.append(
            f"{path}: passed over, its content is "
            + ("not what was saved." if path.name in manifest else "not in the manifest.")
        )
    raise RunError(
        " ".join(passed_over)
        or f"{folder}: expected checkpoints (ckpt_<epoch>.weights.h5), found none; train first."
    )


def restore(model: keras.Sequential, run: Run, epoch: int | None = None) -> int:
    """Load a checkpoint of a run into a model of the same architecture.

    Arguments:
        model: built, at any batch size.
        run: whose weights.
        epoch: which, or None for the newest good one.

    Returns:
        The epoch that was loaded.

    Raises:
        RunError: no checkpoint, or its shapes do not match; names both sizes.
    """
    number, path, _ = find_checkpoint(run.folder, epoch)
    expected = run.config.model.architecture(len(run.vocabulary))
    check_shapes(model, expected, path)
    try:
        model.load_weights(path)
    except (ValueError, OSError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise RunError(
            f"{path}: expected the weights of a vocabulary of {len(run.vocabulary)} characters "
            f"and {expected.rnn_units} units, received others: {reason}"
        ) from error
    return number


def check_shapes(model: keras.Sequential, expected: Architecture, path: Path) -> None:
    """Refuse a model whose tensors are not those of the run's architecture.

    Raises:
        RunError: names the first shape that differs, of the model and of the run.
    """
    received = [tuple(variable.shape) for variable in model.trainable_variables]
    for (name, shape), other in zip(expected.shapes().items(), received, strict=False):
        if shape != other:
            raise RunError(
                f"{path}: the run's {name} has shape {shape}, the model's {other}; "
                "build the model from the run's own configuration and vocabulary."
            )
