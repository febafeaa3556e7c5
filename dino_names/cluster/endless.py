"""As many different names as one likes, in a folder: rounds of drawing until there are enough."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from dino_names.checks import check_choice, check_range
from dino_names.cluster.parts import MODEL, PLAN, WORK, Plan, draw_part, find_repeats, finish_part
from dino_names.cluster.workers import Workers, at_work, check_installed, check_workers
from dino_names.errors import NotEnoughNamesError, OptionError
from dino_names.generation import NameModel, NameOptions
from dino_names.preparing import Told
from dino_names.storage import is_there, show, write_atomically

SUFFIXES = {"text": "txt", "parquet": "parquet"}
MOST = 10**12
PART, LEAST_PART = 200_000, 1_024
# As many hashes as a worker sorts at once, 24 bytes each and as much again for the order.
AT_ONCE = 4_000_000
# Where fewer of the draws give a name that is new, there are hardly any more.
LEAST_GAIN = 1 / 50


def write_names(
    model: NameModel,
    folder: str | Path,
    *,
    n: int,
    prompt: str = "",
    kind: str = "text",
    scheduler: str | None = None,
    workers: int | None = None,
    part: int | None = None,
    told: Told | None = None,
    **options: Any,
) -> int:
    """Fill a folder with files of different names: the first `n` of the draws of a seed.

    They are those that `generate_many` gives, but for what the rounding of products of other sizes
    changes; the files are the same whoever makes them. Called again after a stop, it goes on.

    Arguments:
        model: makes them.
        folder: new, or left by the same call; every worker must see it under this path.
        n: how many.
        prompt: how they begin.
        kind: of the files, `text` or `parquet`.
        scheduler: the address of one of Dask's, `tcp://host:8786`; None for workers of its own.
        workers: how many of its own; None for one a core.
        part: draws for each file; None for an eighth of `n`, at most 200,000.
        told: of what is done.
        options: those of `generate_many` but `n`; without a seed one is chosen and kept.

    Returns:
        How many names the folder holds.

    Raises:
        OptionError: an option out of its range; a folder of another call.
        NotEnoughNamesError: there were too few new ones in the end; the folder holds those there
            are.
        MissingExtraError: Dask, or PyArrow for Parquet, is not installed.
        StorageError: the disk refused a file.
    """
    check_range("n", n, low=1, high=MOST, whole=True)
    part = max(LEAST_PART, min(PART, n // 8)) if part is None else part
    check_range("part", part, low=1, high=PART * 100, whole=True)
    check_workers(workers)
    check_choice("format", kind, tuple(SUFFIXES))
    check_installed("distributed", *(["pyarrow"] if kind == "parquet" else []))
    folder = Path(folder).absolute()
    plan = _begin(model, folder, Plan(n, part, SUFFIXES[kind], prompt, options, _version()))
    if plan.written is None:
        with at_work(scheduler, workers) as pool:
            plan = replace(plan, written=_fill(folder, plan, pool, told or _silent))
        plan.write(folder)
    _tidy(folder)
    if plan.written != n:
        raise NotEnoughNamesError(
            f"names: expected {n:,}, received {plan.written:,}, all that were found before hardly "
            f"any draw gave a new one; they are in {show(folder)}: raise the temperature, or "
            "train on a longer list.",
            names=[],
            asked=n,
        )
    return n


def _begin(model: NameModel, folder: Path, asked: Plan) -> Plan:
    """The plan of a new folder, or of one that the same call has begun.

    Raises:
        OptionError: what is there was made by another call, or is no such folder.
    """
    options = NameOptions(**asked.options)
    if options.is_cast or options.key is not None or not options.unique:
        raise OptionError(
            "distinct, distinct_starts, apart, key and unique: expected none of them with a folder "
            "of names, received some; leave them out."
        )
    list(model.numbered(0, 1, asked.prompt, **asked.options))  # refuses what cannot be
    if is_there(folder) and not _is_new(folder):
        found = Plan.read(folder) if (folder / PLAN).exists() else None
        if found is not None:
            seed = found.options.get("seed") if options.seed is None else options.seed
            again = replace(asked, options={**asked.options, "seed": seed})
            same = (folder / MODEL).read_bytes() == model.bundle.to_bytes()
            if same and replace(found, written=None) == again:
                return found
        raise OptionError(
            f"{show(folder)}: expected a new folder, or one that the same call has begun, received "
            "another; name another folder."
        )
    (folder / WORK).mkdir(parents=True, exist_ok=True)
    write_atomically(folder / MODEL, model.bundle.to_bytes())
    seed = secrets.randbits(63) if options.seed is None else options.seed
    plan = replace(asked, options={**asked.options, "seed": seed})
    plan.write(folder)
    return plan


def _is_new(folder: Path) -> bool:
    """Whether there is nothing in a folder, but what is put there before the plan."""
    return folder.is_dir() and all(
        path.name in (MODEL, WORK) or path.name.startswith(".partial-") for path in folder.iterdir()
    )


def _fill(folder: Path, plan: Plan, pool: Workers, told: Told) -> int:
    """Rounds of drawing and of finding repeats; then the files."""
    drawn: list[int] = []
    parts = pool.size
    while True:
        numbers = range(len(drawn), parts)
        draw = [(folder, plan.version, part) for part in numbers]
        drawn += _all(pool, draw_part, draw, told, "drawing")
        shares = -(-sum(drawn) // AT_ONCE) or 1
        find = [(folder, parts, shares, share) for share in range(shares)]
        repeats = sum(_all(pool, find_repeats, find, told, "repeats"))
        new = np.array(drawn) - repeats
        gain = new[-max(1, parts // 8) :].mean()
        if new.sum() >= plan.n or gain < plan.size * LEAST_GAIN:
            break
        parts += int(np.ceil(1.02 * (plan.n - new.sum()) / gain))
    before = np.concatenate([[0], np.cumsum(new)])
    finish = [
        (folder, parts, shares, part, int(min(new[part], plan.n - before[part])))
        for part in range(parts)
        if before[part] < plan.n
    ]
    return sum(_all(pool, finish_part, finish, told, "writing"))


def _all(
    pool: Workers,
    task: Callable[..., Any],
    calls: Sequence[tuple[Any, ...]],
    told: Told,
    doing: str,
) -> list[Any]:
    """The results of some calls of a task, in their order."""
    results: list[Any] = [None] * len(calls)
    told(doing, 0, len(calls))
    for done, (place, result) in enumerate(pool.run(task, calls), 1):
        results[place] = result
        told(doing, done, len(calls))
    return results


def _tidy(folder: Path) -> None:
    """Remove what only the work needed."""
    shutil.rmtree(folder / WORK, ignore_errors=True)  # it may be gone, or looked into


def _version() -> str:
    from dino_names._version import __version__

    return __version__


def _silent(doing: str, done: int, of: int) -> None:
    pass
