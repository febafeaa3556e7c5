"""A training that stands before a save, to be stopped or refused by the disk amid it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dino_names.errors import RunError
from dino_names.generation.text_model import TextModel
from dino_names.runs.checkpoint_files import find_checkpoint
from dino_names.runs.exact_state import STATE_FILE, load_state
from dino_names.runs.run import Run
from dino_names.training.session import Session
from dino_names.training.trainer import train
from tests.helpers.tiny_runs import TINY, contents, facts, put_back, stop_before_saving
from tests.helpers.write_tracer import Outcome, trace

# Nothing is held out: measuring takes threads, and a fork leaves those behind.
OPTIONS = {**TINY, "valid_fraction": 0.0}


@dataclass
class Site:
    """A training that stands before the last save of its second epoch.

    Arguments:
        file: the names.
        session: what would save now.
        before: the files of its folder.
        whole: what the run comes to when nothing happens.
        calls: the calls of that save which change a file.
    """

    file: Path
    session: Session
    before: dict[str, bytes]
    whole: dict[str, Any]
    calls: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.session.folder

    def save(self) -> None:
        self.session.after_epoch()

    def trace(self, function: Callable[[], object] | None = None, **options: Any) -> Outcome:
        """Save in a child, on a folder as it was before."""
        put_back(self.folder, self.before)
        return trace(function or self.save, self.folder, **options)


def make_site(place: Path, file: Path, **options: Any) -> Site:
    """Train on a file in a folder up to the last save of the second epoch, and see what it does."""
    whole = train(file, out=place / "whole", **options)
    session = stop_before_saving(file, place / "run", 2, **options)
    found = Site(file, session, contents(session.folder), facts(whole.folder), ())
    found.calls = found.trace().calls
    return found


class Kept:
    """Stands for a variable: keeps what is assigned to it."""

    def __init__(self, variable: Any) -> None:
        self.shape = variable.shape

    def assign(self, value: Any) -> None:
        self.value = value


def check_readable(site: Site) -> str:
    """Everything that was saved before can still be read; says from where training goes on."""
    kept = {name: [*map(Kept, group)] for name, group in site.session.learner.groups().items()}
    state = load_state(site.folder, kept, run=site.session.digest)
    run = Run.read(site.folder)
    model = run.model()
    assert isinstance(model, TextModel) or model.generate("R", seed=1)
    number, _, passed_over = find_checkpoint(site.folder, run=run.digest)
    assert number in (1, 2)
    assert number == 2 or len(passed_over) <= 1
    return f"epoch {state.bookmark.epoch}"


def finish(site: Site) -> None:
    """Resume what is in the folder, and find the weights of a run that nothing happened to."""
    moved_aside = not (site.folder / STATE_FILE).exists()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            train(site.file, out=site.folder, resume=True)
        except RunError as error:
            assert "finished" in str(error)  # the last write was done
    told = [one for one in caught if "is missing; going on from" in str(one.message)]
    assert len(told) == moved_aside
    assert facts(site.folder) == site.whole
    assert not [path for path in site.folder.iterdir() if path.name.startswith(".partial")]


def shape_of(site: Site) -> tuple[tuple[str, str], ...]:
    """Which files are those of before and which are new, whatever was left half written."""
    return tuple(
        sorted(
            (name, "old" if site.before.get(name) == content else "new")
            for name, content in contents(site.folder).items()
            if not name.startswith(".partial")
        )
    )


def kill_each(site: Site, calls: Iterable[int]) -> tuple[list[dict[str, bytes]], set[str]]:
    """Kill a save at each of these calls.

    Returns:
        A folder of each kind that is left, leftovers aside, and from where training goes on.
    """
    left: dict[Any, dict[str, bytes]] = {}
    places = set()
    for call in calls:
        outcome = site.trace(kill_at=call)
        assert outcome.status == -9, f"killed at call {call}: {outcome}"
        left.setdefault(shape_of(site), contents(site.folder))
        places.add(check_readable(site))
    return list(left.values()), places


def finish_each(site: Site, left: Iterable[dict[str, bytes]]) -> None:
    """Resume each of these folders; see `finish`."""
    for files in left:
        put_back(site.folder, files)
        finish(site)
