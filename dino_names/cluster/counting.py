"""A list that is prepared for training by this process, its windows counted by workers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dino_names.cluster.parts import load_numbers, save_numbers
from dino_names.cluster.workers import Workers, at_work, check_installed, check_workers
from dino_names.corpus import PreparedNames
from dino_names.ngram import Windows
from dino_names.preparing import Names, Told, count_stretch, join_all, prepare, stretches


def prepare_together(
    source: Names,
    folder: str | Path,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    **options: Any,
) -> PreparedNames:
    """Prepare a list as `prepare` does, to the same bytes, with the help of a cluster.

    Arguments:
        source, folder, options: as for `prepare`; every worker must see the folder it is in under
            this path.
        scheduler: the address of one of Dask's, `tcp://host:8786`; None for workers of its own.
        workers: how many of its own; None for one a core.

    Raises:
        OptionError: nobody answers at the address.
        MissingExtraError: Dask is not installed.
    """
    check_workers(workers)
    check_installed("distributed")
    with at_work(scheduler, workers) as pool:
        return prepare(source, Path(folder).absolute(), count=partial(_count, pool), **options)


def _count(pool: Workers, names: PreparedNames, order: int, told: Told) -> Windows:
    """Join what workers count, stretch after stretch."""
    calls = [(names, *blocks, order) for blocks in stretches(names)]

    def counted() -> Iterator[Windows]:
        told("counting", 0, len(calls))
        waiting = set[int]()
        following = 0
        for done, (place, _) in enumerate(pool.run(count_into_file, calls), 1):
            told("counting", done, len(calls))
            waiting.add(place)
            while following in waiting:
                path = _path(names.path, calls[following][1])
                keys, counts = load_numbers(path)
                yield Windows(keys, counts.astype(np.int64), order, len(names.characters))
                path.unlink()
                following += 1

    return join_all(counted())


def count_into_file(names: PreparedNames, first: int, end: int, order: int) -> None:
    """Count the windows of some blocks of a prepared list into a file beside it."""
    path = _path(names.path, first)
    if not path.exists():
        windows = count_stretch(names, first, end, order)
        save_numbers(path, np.stack([windows.keys, windows.counts.astype(np.uint64)]))


def _path(folder: Path, first: int) -> Path:
    return folder / f"counted-{first:09}.npy"
