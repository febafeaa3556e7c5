"""From a list of names to a run, by tuning a base in NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from dino_names.config import Config
from dino_names.corpus import Names, split_names, vocabulary_of
from dino_names.engine import Weights as Mixed
from dino_names.errors import OptionError
from dino_names.evaluation import EvaluationNames, evaluate
from dino_names.generation import NameModel, open_model
from dino_names.modelfile import Bundle
from dino_names.ngram import CategoryNgrams, fit_rows
from dino_names.progress import Progress
from dino_names.runs import (
    MODEL_FILE,
    Run,
    describe_names,
    locked,
    make_bundle,
    mixing_section,
    read_resumable,
    write_run_file,
)
from dino_names.signals import StopRequest
from dino_names.tuning.base_choice import choose_start
from dino_names.tuning.base_model import directions_for, origin_of, read_base, weights_for
from dino_names.tuning.mixing import USUAL, CrossFit, cut, without
from dino_names.tuning.network import INPUT_SHIFT, OUTPUT_SHIFT, Weights
from dino_names.tuning.session import TuningSession
from dino_names.tuning.start import shifts_for

# How much faster than the weights the numbers of a list move.
FASTER = 40.0
# A longer list needs no more parts, and has no time for them.
FOLDS, FEWER_FOLDS, MANY = 3, 2, 200


def tune(
    names: Names,
    config: Config,
    folder: Path,
    *,
    progress: Progress,
    resume: bool = False,
    overwrite: bool = False,
    preset: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Run:
    """Tune the base on a list.

    Arguments:
        names: the list.
        config: a preset with its user's options, see `choose_start`.
        folder: the run folder.
        progress: what is told of each batch and epoch.
        resume: go on where the run in that folder was interrupted.
        overwrite: begin anew in a folder that holds a run, which is removed.
        preset, options: what its user named, which must be what the run began with.

    Returns:
        The run: folder, configuration, history.

    Raises:
        OptionError, ModelFileError, RunError: the call was wrong.
        DivergedError, StorageError, InterruptedRunError: the work failed or was stopped.
    """
    vocabulary, named = vocabulary_of(names), dict(options or {})
    with locked(folder, resume=resume, overwrite=overwrite):
        if resume:
            run, config = read_resumable(
                folder,
                preset=preset,
                options=named,
                fingerprint=names.fingerprint,
                vocabulary=vocabulary,
            )
            base = read_base(config.train.base)
        else:
            config, found = choose_start(config, named, names=len(names), smallest=names.smallest)
            if found is None or config.train.tuner != "numpy":
                raise OptionError("tuner: expected what NumPy can tune; see `is_done_in_numpy`.")
            base, categories = found, names.categories
            run = Run(folder, config, vocabulary, names.fingerprint, categories=categories)
            write_run_file(run, {})
        return _tune(run, config, names, base, progress, resume=resume)


def _tune(
    run: Run, config: Config, names: Names, base: Bundle, progress: Progress, *, resume: bool
) -> Run:
    seed, share = config.train.seed, config.data.valid_fraction
    learned, _ = split_names(names.names, fraction=share, seed=seed)
    parts = cut(learned, folds=folds_for(len(learned)), seed=seed)
    start = weights_for(base, run.vocabulary)
    start = {**start, **shifts_for(run.vocabulary, names.chosen(learned), start)}

    def finish(found: Sequence[Weights]) -> dict[str, float]:
        """Write the model, and say what was found on the parts left out."""
        bundle, figures = assemble(run, names, learned, parts, found, origin_of(base, config))
        bundle.write(run.folder / MODEL_FILE)
        return figures if names.held_out is None else measure(bundle, names.held_out)

    stop = StopRequest(progress.stopping)
    session = TuningSession(
        run,
        config,
        [*(names.chosen(without(learned, part)) for part in parts), names.chosen(learned)],
        start,
        directions_for(base, run.vocabulary, faster=FASTER),
        finish=finish,
        progress=progress,
        stop=stop,
        digest=sha256(f"{run.digest} {base.digest}".encode()).hexdigest(),
    )
    batches = len(session.lists[-1])
    with stop.listening():
        progress.begin(config.with_options(epochs=session.epochs), batches, len(names), "names")
        try:
            session.train(resume=resume)
        finally:
            progress.end()
    warnings = tuple(names.warnings)
    return replace(run, config=config, history=tuple(session.history), warnings=warnings)


def measure(bundle: Bundle, names: Names) -> dict[str, float]:
    """Nats per character of held-out names, of the network alone and of the model."""
    rows = names.chosen(names.names).by_list()
    material = EvaluationNames(held_out=rows.names, rows=rows if names.labels else None)
    model = open_model(bundle)
    assert isinstance(model, NameModel)
    found = evaluate(model, material, sample=0).likelihood
    assert found is not None
    alone = found.network or found.model
    return {
        "val_nats_per_char": alone.nats_per_char,
        "val_nats_with_ngram": found.model.nats_per_char,
        "held_out_names": float(found.names),
    }


def assemble(
    run: Run,
    names: Names,
    learned: Sequence[str],
    parts: Sequence[Sequence[str]],
    found: Sequence[Weights],
    origin: dict[str, Any],
) -> tuple[Bundle, dict[str, float]]:
    """The model of tuned weights and the n-gram of the list, and what the parts say of them.

    Arguments:
        run: its configuration and vocabulary.
        names: the list.
        learned: what the networks learned of it: all but what is held out.
        parts: of that.
        found: for each part the weights that learned the others, and those that learned all.
        origin: what training started from.

    Returns:
        The model, its network the mean of all (M. Wortsman et al., "Model soups", 2022); and
        nats per character of the parts left out, of the networks alone and with the n-gram.
    """
    network = {name: np.mean([each[name] for each in found], axis=0) for name in found[0]}
    shifts = [network.pop(name) for name in (INPUT_SHIFT, OUTPUT_SHIFT) if name in network]
    config, order = run.config, run.config.model.ngram_order
    facts = {**describe_names(names.names, config, names.categories), "origin": origin}
    if shifts:
        facts["directions"] = tuple(shifts)
    if not order:
        return make_bundle(config, run.vocabulary, network, facts), {}
    ngram = fit_rows(names.chosen(names.names), run.vocabulary, order=order)
    mixing, each, figures = USUAL, list[Mixed](), dict[str, float]()
    if parts:
        fitted = CrossFit(names, parts, found[:-1], run.vocabulary, order=order)
        mixing, nats = fitted.mix()
        each = fitted.mix_each(mixing)
        figures = {"val_nats_per_char": fitted.network_nats, "val_nats_with_ngram": nats}
        if isinstance(ngram, CategoryNgrams):
            ngram.shrinks = fitted.shrinks
    partner = {"mixing": mixing_section(mixing, each), "ngram": ngram.section}
    bundle = make_bundle(
        config,
        run.vocabulary,
        network,
        facts,
        partner=partner,
        partner_tensors=ngram.to_tensors(),
    )
    return bundle, figures


def folds_for(names: int) -> int:
    """Into how many parts a list of so many names is cut; a single name is not."""
    folds = FOLDS if names < MANY else FEWER_FOLDS
    return min(folds, names) if names > 1 else 0
