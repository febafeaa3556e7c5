"""From a file of names to a run: what `dino_names.train` and `dino-names train` call."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dino_names._version import __version__
from dino_names.bundle import Bundle
from dino_names.config import preset as make_preset
from dino_names.corpus import Names, read_names, split_names
from dino_names.errors import RunError, StorageError
from dino_names.files import write_atomically
from dino_names.layout import join_networks
from dino_names.novelty import hash_names
from dino_names.runs import MODEL_FILE, RUN_FILE, Run
from dino_names.training.fit import train_fit
from dino_names.training.model import build_model, get_tensors
from dino_names.training.partner import Partner
from dino_names.training.pipeline import Pipeline
from dino_names.training.progress import Progress, Silent
from dino_names.training.session import Session
from dino_names.training.signals import StopRequest
from dino_names.training.tape import train_tape
from dino_names.vocabulary import Vocabulary

RUNS = Path("training_checkpoints")
LOCK_FILE = "run.lock"


def train(
    file: str | Path,
    *,
    preset: str = "default",
    out: str | Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> Run:
    """Train on a file of names.

    Arguments:
        file: one name a line.
        preset: which set of choices to start from.
        out: the run folder; by default `training_checkpoints/<file>-<preset>`.
        resume: go on where the run in that folder was interrupted.
        progress: what is told of each batch and epoch; nothing by default.
        options: any field of the configuration, `loop` and `epochs` among them.

    Returns:
        The run: folder, configuration, history.

    Raises:
        CorpusError, OptionError, RunError: the call was wrong.
        DivergedError, StorageError, InterruptedRunError: the work failed or was stopped.
    """
    config = make_preset(preset, **options)
    names = read_names(file)
    folder = Path(out) if out is not None else RUNS / f"{Path(file).stem}-{preset}"
    with locked(folder, resume=resume):
        if resume:
            run = check_resumable(Run.read(folder), names, options)
        else:
            vocabulary = Vocabulary.of(names.names)
            run = Run(folder, config, vocabulary, names.fingerprint)
            write_run_file(run)
        return _train(run, names, progress or Silent(), resume=resume)


def _train(run: Run, names: Names, progress: Progress, *, resume: bool) -> Run:
    config, vocabulary = run.config, run.vocabulary
    train_part, valid_part = split_names(
        names.names, fraction=config.data.valid_fraction, seed=config.train.seed
    )
    pipeline = Pipeline.of(train_part, vocabulary, config.data, seed=config.train.seed)
    model = build_model(len(vocabulary), config=config.model, seed=config.train.seed)
    partner = None
    if valid_part and config.model.ngram_order:
        partner = Partner(
            train_part,
            names.names,
            vocabulary,
            order=config.model.ngram_order,
            start_boundary=config.data.start_boundary,
        )

    def write_model() -> None:
        make_bundle(run, model, names.names, partner).write(run.folder / MODEL_FILE)

    stop = StopRequest()
    session = Session(
        run.folder,
        config,
        model,
        pipeline,
        pipeline.for_validation(valid_part, vocabulary) if valid_part else None,
        partner=partner,
        write_model=write_model,
        progress=progress,
        stop=stop,
    )
    with stop.listening():
        progress.begin(config, pipeline.batches, pipeline.names)
        try:
            if resume:
                session.resume()
                _check_unfinished(session)
            else:
                session.save()
            (train_fit if config.train.loop == "fit" else train_tape)(session)
        finally:
            progress.end()
    return Run(
        run.folder,
        config,
        vocabulary,
        run.fingerprint,
        tuple(session.history),
        names.warnings,
    )


def _check_unfinished(session: Session) -> None:
    if session.position.finished:
        raise RunError(
            f"{session.folder}: expected a run to go on with, but it is finished after epoch "
            f"{session.position.epoch}; train into another folder for more."
        )


def make_bundle(
    run: Run, model: keras.Sequential, names: tuple[str, ...], partner: Partner | None
) -> Bundle:
    """Gather what a model file holds from a trained Keras model."""
    architecture = run.config.model.architecture(len(run.vocabulary))
    config = run.config
    return Bundle(
        architecture=architecture,
        vocabulary=run.vocabulary,
        tensors={
            **join_networks([get_tensors(model, architecture)]),
            **(partner.tensors() if partner else {}),
        },
        partner=partner.sections() if partner else None,
        start_boundary=config.data.start_boundary,
        longest_name=max(map(len, names)),
        temperature=config.sample.temperature,
        top_k=config.sample.top_k,
        top_p=config.sample.top_p,
        options={"preset": config.preset, **config.flat()},
        training_names=hash_names(names),
    )


def write_run_file(run: Run) -> None:
    """Write `run.json`: configuration, vocabulary, fingerprint of the data, versions."""
    versions = {
        "dino_names": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "tensorflow": tf.__version__,
        "keras": importlib.metadata.version("keras"),
    }
    content = json.dumps({**run.describe(), "versions": versions}, indent=1) + "\n"
    write_atomically(run.folder / RUN_FILE, content.encode())


def check_resumable(run: Run, names: Names, options: dict[str, Any]) -> Run:
    """Refuse to go on with other data or other choices than a run began with.

    Arguments:
        run: as its folder has it.
        names: the data now.
        options: the choices named now; those not named are the run's.

    Raises:
        RunError: says what differs.
    """
    if names.fingerprint != run.fingerprint:
        raise RunError(
            f"{run.folder}: expected the names it began with (fingerprint "
            f"{run.fingerprint[:12]}), received others ({names.fingerprint[:12]}); "
            "restore the file, or train into another folder."
        )
    wanted = run.config.with_options(**options)
    if wanted != run.config:
        known = run.config.flat()
        differing = [
            f"{name} {known[name]!r}, received {value!r}"
            for name, value in wanted.flat().items()
            if value != known[name]
        ]
        raise RunError(
            f"{run.folder}: expected {'; '.join(differing)}; "
            "leave the option out to go on, or train into another folder."
        )
    return run


@contextlib.contextmanager
def locked(folder: Path, *, resume: bool) -> Iterator[None]:
    """Hold a run folder for this process alone, making it where it is new.

    Raises:
        RunError: another process holds it (names its id), it is taken by an earlier run, or
            there is none to resume.
        StorageError: it cannot be made or written.
    """
    if resume and not (folder / RUN_FILE).exists():
        raise RunError(f"{folder}: expected a run to resume, found none; leave --resume out.")
    if not resume and (folder / RUN_FILE).exists():
        raise RunError(
            f"{folder}: expected a new folder, received one that holds a run; add --resume to "
            "go on with it, or name another with --out."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK_FILE).open("a+", encoding="ascii")
    except OSError as error:
        raise StorageError(
            f"{folder}: expected a folder that can be written, received: {error.strerror}; "
            "name another with --out."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read(32).strip() or "unknown"
            raise RunError(
                f"{folder}: expected a run that nobody trains, but process {holder} does; wait "
                "for it, or name another folder with --out."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
