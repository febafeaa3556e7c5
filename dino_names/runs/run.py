"""A run: a folder under `training_checkpoints/`, its configuration and its history.

Reading one takes no TensorFlow, and no file of it is trusted: it may be a folder that somebody
sent. What its checkpoints hold is read by `training.checkpoints`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dino_names.config.configuration import Config
from dino_names.config.sections import Kind
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import InputError, RunError
from dino_names.generation.loading import read_model
from dino_names.generation.name_model import NameModel
from dino_names.generation.text_model import TextModel
from dino_names.storage.atomic import write_atomically
from dino_names.storage.paths import is_there, reason, show
from dino_names.storage.strict_json import strict_json
from dino_names.storage.untrusted import read_regular

RUNS = Path("training_checkpoints")
RUN_FILE = "run.json"
HISTORY_FILE = "history.jsonl"
MODEL_FILE = "model.safetensors"
# A manifest names thousands of checkpoints; run.json has a few characters and numbers.
MAX_JSON_BYTES = 16 * 2**20
MAX_RUN_BYTES = 2**20
# Small objects take a hundred times the room of their text, so these bound memory too.
MAX_HISTORY_BYTES = 16 * 2**20
MAX_ROWS = 100_000


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

    def model(self) -> NameModel | TextModel:
        """The best model so far, ready to generate.

        Raises:
            RunError: no epoch has ended yet, or the model is not of this run.
            ModelFileError: the model file is damaged or not to be trusted.
        """
        path = self.folder / MODEL_FILE
        if not path.exists():
            raise RunError(
                f"{show(self.folder)}: expected {MODEL_FILE}, which the first finished epoch "
                "writes; train on with --resume."
            )
        model = read_model(path)
        if model.vocabulary != self.vocabulary:
            raise RunError(
                f"{show(self.folder)}: expected {RUN_FILE} and {MODEL_FILE} of one training, "
                f"received the vocabularies {self.vocabulary.known()!r} and "
                f"{model.vocabulary.known()!r}; put back the file that was changed."
            )
        return model

    def describe(self) -> dict[str, Any]:
        """The content of `run.json` but for the versions, which belong to the writer."""
        return {
            "config": self.config.to_json(),
            "vocabulary": self.vocabulary.characters,
            "fingerprint": self.fingerprint,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of `describe()`: what is kept with all that belongs to this run alone."""
        from hashlib import sha256

        return sha256(json.dumps(self.describe(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def read(cls, folder: str | Path) -> Run:
        """A run from its folder.

        Raises:
            RunError: the folder is no run, or `run.json` is damaged.
        """
        folder = Path(folder)
        path = folder / RUN_FILE
        values = read_json(path, limit=MAX_RUN_BYTES)
        try:
            config = Config.from_json(values["config"])
            vocabulary = Vocabulary(values["vocabulary"])
            fingerprint = str(values["fingerprint"])
            config.model.architecture(len(vocabulary))  # checks them together
        except (KeyError, TypeError, AttributeError, InputError) as error:
            raise RunError(
                f"{show(path)}: expected a configuration, a vocabulary and a fingerprint, "
                f"received {_short(error)}; restore the file, or train again into another folder."
            ) from error
        return cls(folder, config, vocabulary, fingerprint, read_history(folder))


def run_folder(file: str | Path | None, config: Config, out: str | Path | None) -> Path:
    """Where a training goes: `out`, or a folder named after the file and the preset."""
    if out is not None:
        return Path(out)
    return RUNS / f"{'snippet' if file is None else Path(file).stem}-{config.preset}"


def begun_kind(folder: Path, config: Config, *, resume: bool) -> Kind:
    """The kind of data: that of the run to go on with, or of the configuration."""
    begun = resume and is_there(folder / RUN_FILE)
    return Run.read(folder).config.data.kind if begun else config.data.kind


def read_json(path: Path, *, limit: int = MAX_JSON_BYTES) -> dict[str, Any]:
    """A JSON object of a run folder, read as strictly as a model file's.

    Arguments:
        path: the file.
        limit: the most bytes it may have.

    Raises:
        RunError: missing, no regular file, unreadable, too large or not a JSON object.
    """
    try:
        values = strict_json(read_regular(path, limit=limit).decode())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RunError(
            f"{show(path.parent)}: expected a run folder with {path.name}, and it has none; "
            "name a folder that dino-names train made."
        ) from error
    except (OSError, ValueError, InputError) as error:
        raise RunError(
            f"{show(path)}: expected readable JSON, received {_short(error)}; "
            "restore the file or train again."
        ) from error
    if not isinstance(values, dict):
        raise RunError(f"{show(path)}: expected a JSON object; restore the file or train again.")
    return values


def read_history(folder: Path) -> tuple[dict[str, Any], ...]:
    """The rows of `history.jsonl`; none where there is no such file.

    Raises:
        RunError: it is too long, or a line is not a JSON object of plain values.
    """
    path = folder / HISTORY_FILE
    try:
        content = read_regular(path, limit=MAX_HISTORY_BYTES)
        if content.count(b"\n") > MAX_ROWS:
            raise ValueError(f"more than {MAX_ROWS:,} rows")
        rows = tuple(map(_row, content.decode().removesuffix("\n").split("\n") if content else ()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, InputError) as error:
        raise RunError(
            f"{show(path)}: expected one JSON object a line, received {_short(error)}; "
            "delete the file to go on without a history."
        ) from error
    return rows


def _row(line: str) -> dict[str, Any]:
    row = strict_json(line)
    if not isinstance(row, dict) or any(isinstance(value, (dict, list)) for value in row.values()):
        raise ValueError("a line that is none, or has more in it than numbers and words")
    return row


def write_history(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Write all rows anew, so that a crash leaves the old file or the new one."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    write_atomically(folder / HISTORY_FILE, text.encode())


def _short(error: Exception) -> str:
    if isinstance(error, OSError):
        return reason(error)
    return " ".join(str(error).split())[:200] or type(error).__name__
