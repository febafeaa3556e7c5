"""What may go on where it was stopped, and what is another run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dino_names.config import Config
from dino_names.corpus import Vocabulary
from dino_names.errors import RunError
from dino_names.runs.bookmark import Bookmark
from dino_names.runs.run import RUN_FILE, Run
from dino_names.storage import show

# Choices that decide no number of what is trained, so going on may change them.
FREE = (
    *("rounds", "log_every", "sample_every", "sample_length", "save_batches", "save_seconds"),
    *("without", "keep_names", "keep_every", "distribute"),
)

# Choices that may be others from some epoch on, which `run.json` then says.
CHANGEABLE = ("epochs", "learning_rate", "batch_size")


def read_resumable(
    folder: Path,
    *,
    preset: str | None,
    options: dict[str, Any],
    fingerprint: str,
    vocabulary: Vocabulary,
) -> tuple[Run, Config]:
    """The run to go on with, and its choices, with those that may change as they are now.

    Arguments:
        folder: the run folder.
        preset, options: what its user named now.
        fingerprint, vocabulary: of the data now.

    Raises:
        RunError: the run began with other data, another preset or other choices.
    """
    run = Run.read(folder)
    check_preset(run, preset)
    config = check_resumable(run, fingerprint, options)
    check_vocabulary(run, vocabulary)
    return run, config


def check_preset(run: Run, preset: str | None) -> None:
    """Refuse to go on with another preset than a run began with.

    Raises:
        RunError: names both.
    """
    if preset not in (None, run.config.preset):
        raise RunError(
            f"{show(run.folder)}: expected preset {run.config.preset!r}, received {preset!r}; "
            "leave the option out to go on, or train into another folder."
        )


def check_resumable(run: Run, fingerprint: str, options: dict[str, Any]) -> Config:
    """Refuse to go on with other data or other choices than a run began with.

    Arguments:
        run: as its folder has it.
        fingerprint: of the data now.
        options: the choices named now; those not named are the run's.

    Returns:
        The run's configuration, with those choices that may change on the way as they are now.

    Raises:
        RunError: says what differs.
    """
    if fingerprint != run.fingerprint:
        raise RunError(
            f"{run.folder}: expected the data it began with (fingerprint "
            f"{run.fingerprint[:12]}), received others ({fingerprint[:12]}); "
            "restore the file, or train into another folder."
        )
    if options.get("precision") == "auto":  # it has been settled
        options = {name: value for name, value in options.items() if name != "precision"}
    # What NumPy tunes is done in seconds, and follows one plan.
    may = FREE if run.config.train.tuner == "numpy" else (*FREE, *CHANGEABLE)
    free = {name: value for name, value in options.items() if name in may}
    config = run.config.with_options(**free)
    wanted = config.with_options(**options)
    if wanted != config:
        known = config.flat()
        differing = [
            f"{name} {known[name]!r}, received {value!r}"
            for name, value in wanted.flat().items()
            if value != known[name]
        ]
        raise RunError(
            f"{run.folder}: expected {'; '.join(differing)}; "
            "leave the option out to go on, or train into another folder."
        )
    return config


def check_vocabulary(run: Run, vocabulary: Vocabulary) -> None:
    """Refuse a run whose vocabulary is not that of its data.

    Raises:
        RunError: names both.
    """
    if vocabulary != run.vocabulary:
        raise RunError(
            f"{show(run.folder)}: expected the vocabulary of its data, {vocabulary.known()!r}, "
            f"received {run.vocabulary.known()!r} in {RUN_FILE}; put back the file that was "
            "changed."
        )


def check_unfinished(folder: Path, bookmark: Bookmark) -> None:
    """Refuse to go on with a training that is finished.

    Raises:
        RunError: says what to do for more.
    """
    if bookmark.finished:
        raise RunError(
            f"{folder}: expected a run to go on with, but it is finished after epoch "
            f"{bookmark.epoch}; for more give more --epochs where Keras trained it, or train into "
            "another folder."
        )
