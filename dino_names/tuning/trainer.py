"""From a list of names to a run, by tuning a base in NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dino_names.config import Config
from dino_names.corpus import Names, Vocabulary, split_names
from dino_names.modelfile import Bundle, remember_names
from dino_names.ngram import Ngram
from dino_names.progress import Progress
from dino_names.runs import (
    MODEL_FILE,
    Run,
    check_preset,
    check_resumable,
    check_vocabulary,
    locked,
    make_bundle,
    write_run_file,
)
from dino_names.signals import StopRequest
from dino_names.tuning.base_model import check_tunable, directions_for, read_base, weights_for
from dino_names.tuning.mixing import FASTER, weights_by_size
from dino_names.tuning.network import Weights
from dino_names.tuning.session import TuningSession


def tune(
    names: Names,
    config: Config,
    folder: Path,
    *,
    progress: Progress,
    resume: bool = False,
    preset: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Run:
    """Tune the base on a list.

    Arguments:
        names: the list.
        config: every choice, made to fit the list.
        folder: the run folder.
        progress: what is told of each batch and epoch.
        resume: go on where the run in that folder was interrupted.
        preset, options: what its user named, which must be what the run began with.

    Returns:
        The run: folder, configuration, history.

    Raises:
        OptionError, ModelFileError, RunError: the call was wrong.
        DivergedError, StorageError, InterruptedRunError: the work failed or was stopped.
    """
    vocabulary = Vocabulary.of(names.names)
    with locked(folder, resume=resume):
        if resume:
            run = Run.read(folder)
            check_preset(run, preset)
            config = check_resumable(run, names.fingerprint, dict(options or {}))
            check_vocabulary(run, vocabulary)
        else:
            run = Run(folder, config, vocabulary, names.fingerprint)
        base = read_base(config.train.base)
        check_tunable(base, config.train.base)
        if not resume:
            write_run_file(run, {})
        return _tune(run, config, names, base, progress, resume=resume)


def _tune(
    run: Run, config: Config, names: Names, base: Bundle, progress: Progress, *, resume: bool
) -> Run:
    fraction, seed = config.data.valid_fraction, config.train.seed
    learned, _ = split_names(names.names, fraction=fraction, seed=seed)

    def write_model(weights: Weights) -> None:
        bundle = assemble(run, config, names, weights, base)
        bundle.write(run.folder / MODEL_FILE)

    stop = StopRequest(progress.stopping)
    session = TuningSession(
        run,
        config,
        learned,
        weights_for(base, run.vocabulary),
        directions_for(base, run.vocabulary, faster=FASTER),
        write_model=write_model,
        progress=progress,
        stop=stop,
    )
    with stop.listening():
        progress.begin(config, len(session.batches), len(learned), "names")
        try:
            session.train(resume=resume)
        finally:
            progress.end()
    warnings = tuple(names.warnings)
    return replace(run, config=config, history=tuple(session.history), warnings=warnings)


def assemble(run: Run, config: Config, names: Names, weights: Weights, base: Bundle) -> Bundle:
    """The model of tuned weights with the n-gram of the list."""
    order = config.model.ngram_order
    sections = tensors = None
    if order:
        ngram = Ngram.fit(names.names, run.vocabulary, order=order)
        mixing = weights_by_size(len(names))
        sections = {
            "mixing": {"network": mixing.network, "ngram": mixing.ngram},
            "ngram": ngram.section,
        }
        tensors = ngram.to_tensors()
    facts = {
        "kind": "names",
        "start_boundary": True,
        "longest_name": max(map(len, names.names)),
        "training_names": remember_names(names.names),
        "origin": origin_of(base, config),
    }
    return make_bundle(
        config, run.vocabulary, weights, facts, partner=sections, partner_tensors=tensors
    )


def origin_of(base: Bundle, config: Config) -> dict[str, Any]:
    """What a model was started from, for `inspect`."""
    return {"base": config.train.base, "sha256": base.digest, "epochs": config.train.epochs}
