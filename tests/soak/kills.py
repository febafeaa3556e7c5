"""Trainings killed with SIGKILL at random moments and resumed until they end.

Each leg of a training is a process of its own, forked after TensorFlow was imported and before
any of it was used: then there is one thread, and forking is safe.
"""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dino_names.progress.protocol import Silent
from dino_names.runs.run import RUN_FILE, Run
from dino_names.training.trainer import train
from tests.helpers.tiny_runs import KINDS, facts
from tests.soak.record import Row, Settings

EPOCHS = 16
# Of the legs of a training: one in so many is killed while it starts, the others while they train.
WHILE_STARTING = 4
MOST_BATCHES = 6


@dataclass
class Count:
    """What became of the trainings.

    Arguments:
        kills: how many there were.
        writing: after how many of them something half written lay there.
        runs: trainings that came to their end.
        alike: those with the weights, models and history of one that nothing happened to.
    """

    kills: int = 0
    writing: int = 0
    runs: int = 0
    alike: int = 0


def run(settings: Settings, place: Path) -> list[Row]:
    """Kill trainings of every kind in turns until there were as many kills as asked for."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        raise RuntimeError(f"expected one thread to fork, received {threads}; run this one first.")
    rng, count = random.Random(settings.seed), Count()
    while count.kills < settings.kills:
        for kind in KINDS:
            if count.kills < settings.kills:
                _one_run(kind, place / f"{count.runs}", rng, count, settings.kills)
    lost = count.runs - count.alike
    found = f"{count.runs} runs, lost {lost}, bit-identical {count.alike}"
    what = f"SIGKILL at a random moment ({count.writing} in the middle of a write)"
    return [Row(what, count.kills, found, good=not lost)]


def _one_run(kind: str, place: Path, rng: random.Random, count: Count, kills: int) -> None:
    place.mkdir()
    write, options = KINDS[kind]
    options = {**options, "epochs": EPOCHS, "save_batches": 1, "checkpoint_every": 1}
    options["seed"] = rng.randrange(2**31)
    file, folder, pace = write(place), place / "run", Pace()
    _leg(file, place / "whole", options, pace, None)
    while not _leg(file, folder, options, pace, rng if count.kills < kills else None):
        count.kills += 1
        count.writing += any(path.name.startswith(".partial") for path in folder.glob(".*"))
    count.runs += 1
    Run.read(folder).model()
    count.alike += facts(folder) == facts(place / "whole")


@dataclass
class Pace:
    """How fast the last leg was, so that moments can be chosen on a machine of any speed.

    Arguments:
        start: seconds from its begin to its first batch.
        batch: seconds from there to the next.
    """

    start: float = 1.0
    batch: float = 0.1


class Tell(Silent):
    """Writes a byte for each batch that is done."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        os.write(self.descriptor, b"!")


def _leg(
    file: Path, folder: Path, options: dict[str, Any], pace: Pace, rng: random.Random | None
) -> bool:
    """Train in a child, killed at a random moment; without `rng`, left alone.

    Returns:
        Whether it ended by itself.

    Raises:
        RuntimeError: it ended in any other way.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(file, folder, options, writer)
    os.close(writer)
    if rng is not None:
        _wait(reader, pace, rng)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(reader)
    if status not in (0, -signal.SIGKILL):
        raise RuntimeError(f"{folder.name}: expected to go on, received status {status}.")
    return status == 0


def _wait(reader: int, pace: Pace, rng: random.Random) -> None:
    """Until some moment while the child starts, or at and after one of its batches."""
    if rng.randrange(WHILE_STARTING) == 0:
        time.sleep(rng.uniform(0, pace.start))
        return
    began = time.monotonic()
    os.read(reader, 1)  # nothing where the child has ended
    first = time.monotonic()
    batches = rng.randint(1, MOST_BATCHES)
    for _ in range(batches):
        os.read(reader, 1)
    pace.start, pace.batch = first - began, (time.monotonic() - first) / batches
    time.sleep(rng.uniform(0, pace.batch))


def _be_child(file: Path, folder: Path, options: dict[str, Any], writer: int) -> None:
    status = 1
    try:
        warnings.simplefilter("ignore")
        resume = (folder / RUN_FILE).exists()
        progress = Tell(writer)
        train(file, out=folder, resume=resume, progress=progress, **({} if resume else options))
        status = 0
    except BaseException as error:
        status = 0 if "is finished" in str(error) else 1  # killed after its last write
        if status:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)
