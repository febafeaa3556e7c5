"""A run that goes on: exactly where it stood, with other choices, or from an earlier epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dino_names.errors import RunError
from dino_names.runs import (
    CHANGEABLE,
    Bookmark,
    Run,
    check_unfinished,
    has_state,
    list_checkpoints,
    load_state,
    remove_checkpoints,
    write_history,
)
from dino_names.storage import show
from dino_names.training.saving import restore
from dino_names.training.session import Session


def resume(
    session: Session, run: Run, *, from_epoch: int | None, record: Callable[[Run], None]
) -> Run:
    """Put a session where its run is to go on.

    Arguments:
        session: new, with every choice as it is now.
        run: as its folder has it, with the choices before.
        from_epoch: which checkpoint to go back to; None for where it stood.
        record: writes `run.json`.

    Returns:
        The run, with what is changed from here on.

    Raises:
        RunError: the training is finished, or what was saved cannot be used.
    """
    if from_epoch is None and not _was_saved(run):
        session.begin()
        return run
    session.check_room()
    changed = changes(session, run)
    if from_epoch is not None:
        _go_back(session, run, from_epoch)
    else:
        _load(session, run, changed)
    place = session.bookmark
    if "batch_size" in changed and place.batch:
        raise RunError(
            f"{show(run.folder)}: expected batch_size {run.config.data.batch_size} in the middle "
            f"of an epoch, received {changed['batch_size']}; finish epoch {place.epoch + 1} first, "
            "or go back with --from-epoch."
        )
    longer = "epochs" in changed or from_epoch is not None
    if longer and place.epoch < session.config.train.epochs:
        place.finished, place.waited = False, 0
    steps = session.learner.steps_taken
    if changed or from_epoch is not None:
        change = {"epoch": place.epoch, "batch": place.batch, "step": steps, "options": changed}
        run = replace(
            run,
            config=session.config,
            begun=run.begun or run.config,
            changes=(*run.changes, change),
        )
        record(run)
    if run.changes:
        _begin_rate(session, run, steps, changed)
    if from_epoch is not None:
        session.save()
    session.resumed()
    check_unfinished(run.folder, place)
    return run


def changes(session: Session, run: Run) -> dict[str, Any]:
    """The choices that are others than before, of those that may change."""
    now, before = session.config.flat(), run.config.flat()
    return {name: now[name] for name in CHANGEABLE if now[name] != before[name]}


def _was_saved(run: Run) -> bool:
    return has_state(run.folder) or bool(max(list_checkpoints(run.folder), default=0))


def _load(session: Session, run: Run, changed: dict[str, Any]) -> None:
    """Everything as it was saved; states of another batch size begin anew."""
    state = load_state(
        run.folder, session.learner.groups(), run=run.digest, loose="batch_size" in changed
    )
    session.bookmark, session.history = state.bookmark, state.history
    for sentence in state.passed_over:
        session.progress.note(sentence)


def _go_back(session: Session, run: Run, epoch: int) -> None:
    """The weights of a checkpoint, and a training that has come no further."""
    restore(session.model, run, epoch)
    session.learner.forget()
    rows = [dict(row) for row in run.history if row["epoch"] <= epoch]
    figures = [value for row in rows for name, value in row.items() if name.startswith("val_")]
    session.bookmark = Bookmark(epoch=epoch, best=min(figures, default=None))
    session.history = rows
    session.write_model()
    write_history(run.folder, rows)
    remove_checkpoints(run.folder, after=epoch)
    session.progress.note(
        f"{show(run.folder)}: back at epoch {epoch}: its weights, with an optimizer that begins "
        "anew."
    )


def _begin_rate(session: Session, run: Run, steps: int, changed: dict[str, Any]) -> None:
    """Compute a falling rate anew from the last change on, and set one that is constant."""
    last = run.changes[-1]
    batches = session.train.batches
    left = session.config.train.epochs * batches - last["epoch"] * batches - last["batch"]
    session.learner.begin_rate(last["step"], left, constant="learning_rate" in changed)
