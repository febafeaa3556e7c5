"""From a file of names to a run: what `dino_names.train` and `dino-names train` call."""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from dino_names.config import Config, choose
from dino_names.corpus import Reading, Source, Vocabulary
from dino_names.errors import NotEnoughNamesError
from dino_names.generation import TextModel, open_model
from dino_names.modelfile import Bundle
from dino_names.progress import Progress, Silent
from dino_names.runs import (
    MODEL_FILE,
    Run,
    begun_data,
    copy_run,
    locked,
    read_resumable,
    run_folder,
    write_run_file,
)
from dino_names.runs import make_bundle as gather_bundle
from dino_names.signals import StopRequest
from dino_names.training.callbacks import check_callbacks
from dino_names.training.data import Data, Parts, TextData, training_data
from dino_names.training.going_on import resume as resume_run
from dino_names.training.network import build_model, get_tensors, set_tensors, settle_precision
from dino_names.training.ngram_mixing import NgramPartner
from dino_names.training.peers import Peers, find_peers, leaving_strategies
from dino_names.training.session import RoundEnded, Session
from dino_names.training.together import run_loop
from dino_names.tuning import choose_start, origin_of, read_base, weights_for

SAMPLE_NAMES = 5


class Where(NamedTuple):
    """Where a training begins: where it was stopped, or at an earlier epoch; and beside whom."""

    resume: bool
    from_epoch: int | None
    peers: Peers | None


@leaving_strategies()
def train(
    file: Source = None,
    *,
    preset: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    from_epoch: int | None = None,
    into: str | Path | None = None,
    progress: Progress | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    **options: Any,
) -> Run:
    """Train on names or on a text with Keras.

    Arguments:
        file: one name a line, or a running text; names; or for a text, None, which is a few
            built-in lines.
        preset: which set of choices to start from; None is `text` for `kind="text"` and
            `default` otherwise.
        out: the run folder; by default `training_checkpoints/<file>-<preset>`.
        resume: go on where the run in that folder was interrupted.
        overwrite: begin anew in a folder that holds a run, which is removed.
        from_epoch: with `resume`, go on from this checkpoint; what came after it is removed.
        into: go on from it in this folder, and leave the run as it is.
        progress: what is told of each batch and epoch; nothing by default.
        callbacks: of Keras, told of both loops as `fit` tells them; they begin anew where a run
            goes on. `val_loss` is that of the average weights, where there are some.
        options: any field of the configuration, `loop` and `epochs` among them.

    Returns:
        The run: folder, configuration, history.

    Raises:
        CorpusError, OptionError, RunError: the call was wrong.
        DivergedError, StorageError, InterruptedRunError: the work failed or was stopped.
    """
    config = choose(preset, **options)
    folder = run_folder(file, config, out, resume=resume)
    told = progress or Silent()
    peers = find_peers(config, told)  # before TensorFlow computes anything
    begun = begun_data(folder, config, resume=resume)
    data = training_data(file, begun.kind, Reading(keep_repeats=begun.keep_repeats))
    if into is not None and from_epoch is not None:
        folder = copy_run(folder, Path(into), from_epoch)
    with locked(folder, resume=resume, overwrite=overwrite):
        if resume:
            run, config = read_resumable(
                folder,
                preset=preset,
                options=options,
                fingerprint=data.fingerprint,
                vocabulary=data.vocabulary(),
            )
            base = None if config.train.base == "none" else read_base(config.train.base)
        else:
            config, base = choose_start(config, options, **_sizes(data), keras=True)
            config = settle(config)
            run = Run(
                folder,
                config,
                data.vocabulary(),
                data.fingerprint,
                categories=data.facts(config).get("categories", ()),
            )
        check_callbacks(callbacks, config)
        config.model.architecture(len(run.vocabulary))  # refuses what no model file can hold
        parts = data.parts(config, run.vocabulary)
        if not resume:
            write_run_file(run, versions())
        where = Where(resume=resume, from_epoch=from_epoch, peers=peers)
        return _train(run, config, data, parts, base, told, callbacks, where)


def _train(
    run: Run,
    config: Config,
    data: Data,
    parts: Parts,
    base: Bundle | None,
    progress: Progress,
    callbacks: Sequence[keras.callbacks.Callback],
    where: Where,
) -> Run:
    """Train from the start, or from where the run was stopped, to where it ends or is stopped."""
    model, facts = _build(config, run.vocabulary, parts), data.facts(config)
    if base is not None:
        sizes = config.model.architecture(len(run.vocabulary))
        set_tensors(model, sizes, weights_for(base, run.vocabulary))
        facts["origin"] = origin_of(base, config)

    def bundle() -> Bundle:
        return make_bundle(run, model, facts, parts.partner)

    stop = StopRequest(progress.stopping)
    session = Session(
        run,
        config,
        model,
        parts,
        write_model=lambda: bundle().write(run.folder / MODEL_FILE),
        sample=lambda: make_sample(bundle(), config.train.sample_length),
        progress=progress,
        stop=stop,
        callbacks=callbacks,
    )
    train = parts.train
    with stop.listening():
        progress.begin(config, train.batches, train.amount, train.unit)
        try:
            if where.resume:
                run = resume_run(
                    session,
                    run,
                    from_epoch=where.from_epoch,
                    record=lambda run: write_run_file(run, versions()),
                )
            else:
                session.begin()
            with contextlib.suppress(RoundEnded):
                run_loop(session, where.peers)
        finally:
            progress.end()
    history, warnings = tuple(session.history), tuple(data.warnings)
    return replace(run, config=config, history=history, warnings=warnings)


def _sizes(data: Data) -> dict[str, int | None]:
    """How many names there are, and in the smallest of several lists; none for a text."""
    if isinstance(data, TextData):
        return {"names": None}
    return {"names": len(data), "smallest": data.names.smallest}


def _build(config: Config, vocabulary: Vocabulary, parts: Parts) -> keras.Sequential:
    stateful = config.data.carried
    return build_model(
        len(vocabulary),
        batch_size=parts.train.batch_size if stateful else None,
        stateful=stateful,
        config=config.model,
        seed=config.train.seed,
        precision=config.train.precision,
        l2=config.train.l2 and config.train.l2 / parts.train.tokens(0).sum(),
    )


def make_bundle(
    run: Run, model: keras.Sequential, facts: dict[str, Any], partner: NgramPartner | None
) -> Bundle:
    """Gather what a model file holds from a trained Keras model.

    Arguments:
        run: its configuration and vocabulary.
        model: whose weights.
        facts: what the file says of the data, as `facts` of `data.Data` has it.
        partner: the n-gram beside it, or None.
    """
    architecture = run.config.model.architecture(len(run.vocabulary))
    return gather_bundle(
        run.config,
        run.vocabulary,
        get_tensors(model, architecture),
        facts,
        partner=partner.sections() if partner else None,
        partner_tensors=partner.tensors() if partner else None,
    )


def make_sample(bundle: Bundle, length: int) -> str:
    """What a model makes in the middle of its training: a few names, or so much text."""
    model = open_model(bundle)
    if isinstance(model, TextModel):
        return model.generate_text(length=length, seed=0)
    try:
        names = model.generate_many(
            "" if bundle.start_boundary else bundle.vocabulary.characters[1],
            n=SAMPLE_NAMES,
            unique=False,
            allow_training_names=True,
            seed=0,
        )
    except NotEnoughNamesError as error:
        names = error.names
    return "\n".join(names)


def versions() -> dict[str, str]:
    """Those of what trains."""
    return {"tensorflow": tf.__version__, "keras": importlib.metadata.version("keras")}


def settle(config: Config) -> Config:
    """What `auto` is on this machine, so that going on elsewhere computes as here."""
    precision = settle_precision(config.train.precision, config.model.rnn_units)
    return config.with_options(precision=precision)
