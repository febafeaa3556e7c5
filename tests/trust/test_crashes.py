"""Killed or refused by the disk at every write of a save: nothing is lost, nothing differs."""

from __future__ import annotations

import errno
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dino_names.errors import RunError
from dino_names.runs import Run
from dino_names.training.checkpoints import restore
from dino_names.training.manifest import find_checkpoint
from dino_names.training.model import build_model
from dino_names.training.session import Session
from dino_names.training.state import STATE_FILE, load_state
from dino_names.training.train import train

from .helpers import TINY, contents, facts, put_back, stop_before_saving, write_names
from .tracer import Outcome, available, trace

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.skipif(not available(), reason="processes cannot be traced here"),
]

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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    place = tmp_path_factory.mktemp("crash")
    file = write_names(place)
    whole = train(file, out=place / "whole", **OPTIONS)
    session = stop_before_saving(file, place / "run", 2, **OPTIONS)
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
    kept = {name: [*map(Kept, group)] for name, group in site.session.groups().items()}
    state = load_state(site.folder, kept, run=site.session.digest)
    run = Run.read(site.folder)
    assert run.model().generate("R", seed=1)
    number, _, passed_over = find_checkpoint(site.folder, run=run.digest)
    assert number in (1, 2)
    assert number == 2 or len(passed_over) <= 1
    return f"epoch {state.position.epoch}"


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


def test_what_is_moved_was_flushed_and_its_folder_is_flushed_after(site: Site) -> None:
    moved = 0
    for place, call in enumerate(site.calls):
        name = call.split()[1]
        if call.startswith("rename") and not site.calls[place - 1].startswith("rename"):
            last = max(
                n for n, c in enumerate(site.calls[:place]) if c.split()[1] == name and n < place
            )
            assert site.calls[last] == f"fsync {name}"
            assert f"fsync {site.folder.name}" in site.calls[place:]
            moved += 1
    # A checkpoint, the manifest, the model, the history and the state.
    assert moved >= 5
    assert "write ckpt_2.weights.h5" in site.calls or "pwrite64 ckpt_2.weights.h5" in site.calls


def test_killed_at_every_write_of_a_save(site: Site) -> None:
    shapes: dict[Any, dict[str, bytes]] = {}
    places = set()
    for call in range(len(site.calls)):
        outcome = site.trace(kill_at=call)
        assert outcome.status == -9, outcome
        left = contents(site.folder)
        shapes.setdefault(shape_of(site), left)
        places.add(check_readable(site))
    assert places == {"epoch 1", "epoch 2"}
    # What is resumed need be no more than one of each: the rest differ in leftovers alone.
    assert 6 <= len(shapes) <= 9
    for files in shapes.values():
        put_back(site.folder, files)
        finish(site)


@pytest.mark.parametrize(
    ("code", "once"),
    [(errno.EIO, True), (errno.ENOSPC, False)],
    ids=["broken once", "full from then on"],
)
def test_every_write_of_a_save_fails(site: Site, code: int, once: bool) -> None:
    done = 0
    for call in range(len(site.calls)):
        outcome = site.trace(fail_at=call, code=code, once=once)
        assert outcome.status in (0, 1), outcome
        if outcome.status:
            assert "expected to write it, received" in outcome.message
            assert "\n" not in outcome.message
        done += outcome.status
        check_readable(site)
    assert done >= len(site.calls) * 0.8  # the rest is tidying up, which may fail unheard
    finish(site)


def test_the_checkpoint_restores_after_any_of_it(site: Site) -> None:
    put_back(site.folder, site.before)
    run = Run.read(site.folder)
    model = build_model(len(run.vocabulary), config=run.config.model)
    assert restore(model, run) == 1
