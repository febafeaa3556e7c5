"""Saves of every kind of training, killed at each of their writes and refused each of them."""

from __future__ import annotations

import errno
from pathlib import Path

from tests.helpers.save_site import Site, check_readable, finish_each, kill_each, make_site
from tests.helpers.tiny_runs import KINDS
from tests.helpers.write_tracer import available
from tests.soak.record import Row, Settings

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
        left, _ = kill_each(site, calls)
        finish_each(site, left)
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
