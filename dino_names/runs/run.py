"""A run: a folder under `training_checkpoints/`, its configuration and its history.

Reading one takes no TensorFlow, and no file of it is trusted: it may be a folder that somebody
sent. What its checkpoints hold is read by `training.saving`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dino_names.checks import check_range
from dino_names.config import Config, DataConfig
from dino_names.corpus import Source, Vocabulary, label_of
from dino_names.errors import InputError, RunError
from dino_names.generation import NameModel, TextModel, read_model
from dino_names.runs.history import read_history
from dino_names.runs.json_file import read_json
from dino_names.runs.workers import own_folder
from dino_names.storage import is_there, reason, show, write_atomically

RUNS = Path("training_checkpoints")
RUN_FILE = "run.json"
MODEL_FILE = "model.safetensors"
MAX_RUN_BYTES = 2**20


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
        categories: the lists that its names come from, as `Bundle` has them.
        begun: the choices that it began with, where they are others now.
        changes: what was changed on the way: `epoch`, `batch` and `step` from which on, and the
            `options`.
    """

    folder: Path
    config: Config
    vocabulary: Vocabulary
    fingerprint: str
    history: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    categories: tuple[tuple[str, int], ...] = ()
    begun: Config | None = None
    changes: tuple[dict[str, Any], ...] = ()

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
        if model.vocabulary.characters != self.vocabulary.characters:
            raise RunError(
                f"{show(self.folder)}: expected {RUN_FILE} and {MODEL_FILE} of one training, "
                f"received the vocabularies {self.vocabulary.known()!r} and "
                f"{model.vocabulary.known()!r}; put back the file that was changed."
            )
        return model

    @property
    def keras_history(self) -> dict[str, list[Any]]:
        """The history as Keras's `History.history` has it: a list for each figure.

        None stands where an epoch has no such figure.
        """
        names = dict.fromkeys(name for row in self.history for name in row)
        return {name: [row.get(name) for row in self.history] for name in names}

    def keras_model(self, **options: Any) -> Any:
        """Its network as a Keras model of stock layers; see `training.keras_model`.

        Arguments:
            options: `epoch` ("best"), `batch_size` (None), `stateful` (False), `stock` (True).

        Raises:
            MissingExtraError: TensorFlow is not installed.
        """
        from importlib import import_module

        # Above this room, and only for who has TensorFlow.
        return import_module("dino_names.training").keras_model(self, **options)

    def describe(self) -> dict[str, Any]:
        """What `run.json` says of how the run began, but for versions, which are the writer's."""
        categories = [list(category) for category in self.categories]
        return {
            "config": (self.begun or self.config).to_json(),
            "vocabulary": self.vocabulary.characters,
            "fingerprint": self.fingerprint,
            **({"categories": categories} if categories else {}),
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
            categories = tuple((str(n), int(count)) for n, count in values.get("categories", ()))
            vocabulary = Vocabulary(values["vocabulary"], len(categories))
            fingerprint = str(values["fingerprint"])
            config.model.architecture(len(vocabulary))  # checks them together
            changes = tuple(_change(change) for change in values.get("changes", ()))
            options = {n: v for change in changes for n, v in change["options"].items()}
            now = config.with_options(**options)
        except (KeyError, TypeError, ValueError, AttributeError, InputError) as error:
            raise RunError(
                f"{show(path)}: expected a configuration, a vocabulary and a fingerprint, "
                f"received {reason(error)}; restore the file, or train again into another folder."
            ) from error
        history = read_history(folder)
        about: Any = {"categories": categories, "changes": changes}
        begun = config if changes else None
        return cls(folder, now, vocabulary, fingerprint, history, begun=begun, **about)


def _change(value: Any) -> dict[str, Any]:
    """A change of a run on its way, checked."""
    for name in ("epoch", "batch", "step"):
        check_range(name, value[name], low=0, whole=True)
    places = {name: value[name] for name in ("epoch", "batch", "step")}
    return {**places, "options": dict(value["options"])}


def run_folder(
    source: Source, config: Config, out: str | Path | None, *, resume: bool = False
) -> Path:
    """Where a training goes: `out`, or a folder named after the data and the preset.

    One of several workers that is not the first has a folder of its own, with what is there where
    a run is to go on.
    """
    folder = RUNS / f"{label_of(source)}-{config.preset}" if out is None else Path(out)
    return own_folder(folder, resume=resume) if config.train.distribute else folder


def begun_data(folder: Path, config: Config, *, resume: bool) -> DataConfig:
    """How data is read: as for the run to go on with, or as the configuration has it."""
    begun = resume and is_there(folder / RUN_FILE)
    return Run.read(folder).config.data if begun else config.data


def write_run_file(run: Run, versions: dict[str, str]) -> None:
    """Write `run.json`: configuration, vocabulary, fingerprint of the data, versions.

    Arguments:
        run: in its folder.
        versions: of what trains, beside those of this package, Python and NumPy.
    """
    import platform

    import numpy as np

    from dino_names._version import __version__

    own = {
        "dino_names": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    changes = {"changes": list(run.changes)} if run.changes else {}
    values = {**run.describe(), **changes, "versions": {**own, **versions}}
    content = json.dumps(values, indent=1) + "\n"
    write_atomically(run.folder / RUN_FILE, content.encode())
