"""A run: a folder under `training_checkpoints/`, its configuration and its history.

Reading one takes no TensorFlow; what its checkpoints hold is read by `training.checkpoints`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dino_names.config import Config
from dino_names.errors import InputError, RunError
from dino_names.files import write_atomically
from dino_names.generator import NameModel
from dino_names.vocabulary import Vocabulary

RUN_FILE = "run.json"
HISTORY_FILE = "history.jsonl"
MODEL_FILE = "model.safetensors"
MAX_JSON_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Run:
    """What a training made, or has made so far.

    Arguments:
        folder: where everything is.
        config: every choice it was trained with.
        vocabulary: its characters.
        fingerprint: SHA-256 of the names or the text.
        history: one dictionary an epoch, as in `history.jsonl`.
        warnings: what looked wrong in the data and was not.
    """

    folder: Path
    config: Config
    vocabulary: Vocabulary
    fingerprint: str
    history: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()

    def model(self) -> NameModel:
        """The best model so far, ready to generate.

        Raises:
            RunError: no epoch has ended yet.
        """
        path = self.folder / MODEL_FILE
        if not path.exists():
            raise RunError(
                f"{self.folder}: expected {MODEL_FILE}, which the first finished epoch writes; "
                "train on with --resume."
            )
        return NameModel.read(path)

    def describe(self) -> dict[str, Any]:
        """The content of `run.json` but for the versions, which belong to the writer."""
        return {
            "config": self.config.to_json(),
            "vocabulary": self.vocabulary.characters,
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def read(cls, folder: str | Path) -> Run:
        """A run from its folder.

        Raises:
            RunError: the folder is no run, or `run.json` is damaged.
        """
        folder = Path(folder)
        path = folder / RUN_FILE
        values = read_json(path)
        try:
            config = Config.from_json(values["config"])
            vocabulary = Vocabulary(values["vocabulary"])
            fingerprint = str(values["fingerprint"])
        except (KeyError, TypeError, AttributeError, InputError) as error:
            raise RunError(
                f"{path}: expected a configuration, a vocabulary and a fingerprint, "
                f"received {_short(error)}; train again into another folder."
            ) from error
        return cls(folder, config, vocabulary, fingerprint, read_history(folder))


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a run folder, of bounded size.

    Raises:
        RunError: missing, unreadable, too large or not a JSON object.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_JSON_BYTES + 1)
        values = json.loads(content) if len(content) <= MAX_JSON_BYTES else None
    except FileNotFoundError as error:
        raise RunError(
            f"{path.parent}: expected a run folder with {path.name}, and it has none; "
            "name a folder that dino-names train made."
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(
            f"{path}: expected readable JSON, received {_short(error)}; "
            "restore the file or train again."
        ) from error
    if not isinstance(values, dict):
        raise RunError(f"{path}: expected a JSON object; restore the file or train again.")
    return values


def read_history(folder: Path) -> tuple[dict[str, Any], ...]:
    """The rows of `history.jsonl`; none where there is no such file.

    Raises:
        RunError: a line is not a JSON object.
    """
    path = folder / HISTORY_FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = tuple(json.loads(line) for line in lines)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(
            f"{path}: expected one JSON object a line, received {_short(error)}; "
            "delete the file to go on without a history."
        ) from error
    if not all(isinstance(row, dict) for row in rows):
        raise RunError(f"{path}: expected one JSON object a line; delete it to go on without.")
    return rows


def write_history(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Write all rows anew, so that a crash leaves the old file or the new one."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    write_atomically(folder / HISTORY_FILE, text.encode())


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
