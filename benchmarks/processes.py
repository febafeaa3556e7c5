"""Commands that are measured as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SPAWN = Path(__file__).with_name("spawn.py")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Arguments:
        seconds: from its start to its end.
        processor: seconds of processor time.
        megabytes: of memory at most.
        said: what it wrote to standard output.
    """

    seconds: float
    processor: float
    megabytes: float
    said: str


def environment() -> dict[str, str]:
    """The variables of this process, but byte code is kept, as where a package is installed."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def measure(command: Sequence[str]) -> Cost:
    """Run a command to its end, in the folder of the project.

    Arguments:
        command: the program's path and its arguments.

    Raises:
        RuntimeError: it failed.
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SPAWN), *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        check=False,
    )
    if done.returncode:
        end = done.stderr.strip()[-500:]
        raise RuntimeError(f"{' '.join(command)}: ended with {done.returncode}: {end}")
    said, _, cost = done.stdout.rstrip("\n").rpartition("\n")
    return Cost(**json.loads(cost), said=said)


def measure_module(module: str, *arguments: object) -> dict[str, float]:
    """What a module says as JSON on its last line, and `memory`, the megabytes that it took."""
    cost = measure([sys.executable, "-m", module, *map(str, arguments)])
    return {**json.loads(cost.said.splitlines()[-1]), "memory": cost.megabytes}
