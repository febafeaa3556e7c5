"""What ends a training before its end, in words."""

from __future__ import annotations

from pathlib import Path

from dino_names.errors import DivergedError, InterruptedRunError
from dino_names.runs import Bookmark, is_passing
from dino_names.storage import show


def diverged(what: str, place: Bookmark, batch: int, folder: Path) -> DivergedError:
    """The error for numbers that are none.

    Arguments:
        what: became what.
        place: where training stands.
        batch: in which batch, counted from 1.
        folder: of the run.
    """
    return DivergedError(
        f"training: {what} in epoch {place.epoch + 1}, batch {batch}; expected finite "
        "numbers. Lower --learning-rate or set --clip-norm; what "
        f"{show(folder)} holds is from before."
    )


def where(folder: Path) -> str:
    """Where a run is kept, to whoever reads it at any of several workers."""
    return "by the first worker" if is_passing(folder) else f"in {show(folder)}"


def interrupted(place: Bookmark, folder: Path, number: int) -> InterruptedRunError:
    """The error for a signal, after everything was saved.

    Arguments:
        place: where training stands.
        folder: of the run.
        number: of the signal.
    """
    return InterruptedRunError(
        f"training: stopped after epoch {place.epoch}, batch {place.batch}, everything "
        f"saved {where(folder)}; go on with the same command and --resume.",
        signal_number=number,
    )
