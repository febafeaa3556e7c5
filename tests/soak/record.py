"""What a campaign is asked for, what it found, and the file that keeps it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import describe

RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How long and how thoroughly.

    Arguments:
        kills: how often trainings are killed.
        stride: of all places to damage or to stop at, and of kinds of files and trainings, one
            in so many.
        minutes: of fuzzing.
        seed: of every choice that is left to chance.
    """

    kills: int = 200
    stride: int = 1
    minutes: float = 5.0
    seed: int = 0


QUICK = Settings(kills=2, stride=40, minutes=0.02)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Arguments:
        what: was done.
        tried: how often.
        found: what came of it.
        good: whether that is what was promised.
    """

    what: str
    tried: int
    found: str
    good: bool


def table(campaign: str, rows: Iterable[Row], seconds: float) -> str:
    """The rows of a campaign, in Markdown."""
    lines = [f"**{campaign}**, {seconds / 60:.1f} minutes", "", "| what | tried | found |"]
    lines += ["|---|---|---|"]
    lines += [f"| {row.what} | {row.tried:,} | {row.found} |" for row in rows]
    return "\n".join(lines) + "\n"


def heading(settings: Settings) -> str:
    """Date, machine, versions and settings."""
    today = datetime.datetime.now(datetime.UTC).date()
    return f"## {today}\n\n{describe(None)} Seed {settings.seed}.\n"
