"""Saves of every kind of training, killed at each of their writes and refused each of them."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from ..trust.helpers import contents, put_back
from ..trust.site import Site, check_readable, finish, make_site, shape_of
from ..trust.tracer import available
from .kills import KINDS
from .record import Row, Settings

ERRORS = (errno.ENOSPC, errno.EIO)
# Nothing is held out: measuring takes threads, and a fork leaves those behind.
ALONE = {"valid_fraction": 0.0, "checkpoint_every": 1}


def run(settings: Settings, place: Path) -> list[Row]:
    """Stop the last save of a second epoch in every way, for both loops, names and texts."""
    if not available():
        return [Row("processes cannot be traced here", 0, "nothing", good=True)]
    killed = refused = resumed = 0
    for number, (write, options) in enumerate([*KINDS.values()][:: settings.stride]):
        folder = place / str(number)
        folder.mkdir()
        site = make_site(folder, write(folder), **{**options, **ALONE})
        calls = range(0, len(site.calls), settings.stride)
        left = _kill_at(site, calls)
        _resume_each(site, left)
        _refuse_at(site, calls)
        killed += len(calls)
        refused += len(calls) * len(ERRORS) * 2
        resumed += len(left)
    return [
        Row("killed at a write of a save", killed, "runs lost 0", good=True),
        Row(
            "what such kills leave, of every kind, resumed",
            resumed,
            f"bit-identical {resumed}",
            good=True,
        ),
        Row(
            "a write refused (no space, I/O error), once or from then on",
            refused,
            "earlier state, checkpoint and model usable after all",
            good=True,
        ),
    ]


def _kill_at(site: Site, calls: range) -> list[dict[str, bytes]]:
    """Kill at each call; one folder of each kind that is left, leftovers aside."""
    left: dict[Any, dict[str, bytes]] = {}
    for call in calls:
        outcome = site.trace(kill_at=call)
        _expect(outcome.status == -9, f"killed at call {call}: {outcome}")
        check_readable(site)
        left.setdefault(shape_of(site), contents(site.folder))
    return list(left.values())


def _resume_each(site: Site, left: list[dict[str, bytes]]) -> None:
    for files in left:
        put_back(site.folder, files)
        finish(site)


def _refuse_at(site: Site, calls: range) -> None:
    for code in ERRORS:
        for once in (True, False):
            for call in calls:
                outcome = site.trace(fail_at=call, code=code, once=once)
                _expect(outcome.status in (0, 1), f"refused call {call}: {outcome}")
                check_readable(site)


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise RuntimeError(what)
