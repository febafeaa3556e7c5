"""Which of several workers this process is, as cluster managers say it, and where it may write.

`TF_CONFIG` is TensorFlow's own: `{"cluster": {"worker": ["host:port", …]}, "task": {"type":
"worker", "index": 0}}`. The first worker, or the one called chief, writes the run; the others go
through the same motions in a folder that is removed when they end.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from dino_names.checks import brief
from dino_names.errors import OptionError

VARIABLE = "TF_CONFIG"
PREFIX = "dino-names-worker-"
IGNORED = shutil.ignore_patterns("*.lock", ".partial-*")


class Worker(NamedTuple):
    """One of those that train together.

    Arguments:
        rank: 0 for the one that writes.
        size: how many there are.
    """

    rank: int
    size: int


def this_worker() -> Worker | None:
    """What `TF_CONFIG` says of this process; None where it is not set.

    Raises:
        OptionError: it is not as it must be.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    try:
        config = json.loads(text)
        cluster, task = config["cluster"], config["task"]
        chiefs, workers = (len(cluster.get(kind, ())) for kind in ("chief", "worker"))
        index = int(task["index"])
        rank = index if task["type"] == "chief" else index + chiefs
        known = {"chief": chiefs, "worker": workers}[task["type"]]
        if chiefs > 1 or not 0 <= index < known:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OptionError(
            f'distribute: expected {VARIABLE} as cluster managers set it, {{"cluster": {{"worker": '
            f'["host:port", …]}}, "task": {{"type": "worker", "index": 0}}}}, received '
            f"{brief(text)}; start the same command on each machine with its own index."
        ) from None
    return Worker(rank, chiefs + workers)


def own_folder(folder: Path, *, resume: bool) -> Path:
    """Where this worker writes: in the folder, or beside it all where that is another's.

    Arguments:
        folder: of the run.
        resume: whether what is in it is to be gone on with, and so to be read by every worker.
    """
    worker = this_worker()
    if worker is None or not worker.rank or is_passing(folder):
        return folder
    place = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    own = place / folder.name
    if resume and folder.is_dir():
        shutil.copytree(folder, own, ignore=IGNORED)
    return own


def is_passing(folder: Path) -> bool:
    """Whether a run folder is of a worker whose files are not kept."""
    return folder.parent.name.startswith(PREFIX)
