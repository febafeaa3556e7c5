"""Workers of a Dask cluster, one of one's own or one that is there."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dino_names.checks import check_range
from dino_names.errors import DinoNamesError, MissingExtraError, OptionError

PATIENCE = 10  # seconds
MOST_WORKERS = 1024
# Tasks that wait at each thread: it is never idle, and few results are on their way.
WAITING = 2
# Workers that may die over one task before it is given up.
DEATHS = 5


class Workers:
    """What runs tasks.

    Arguments:
        client: of Dask.

    Attributes:
        size: threads there are, at least 1.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        client.wait_for_workers(1, timeout=PATIENCE)
        self.size = max(1, sum(client.nthreads().values()))

    def run(
        self, task: Callable[..., Any], calls: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        """Call a task as often as there are arguments.

        Arguments:
            task: a function of a module that workers can import.
            calls: the arguments of each call.

        Returns:
            The place of each call and its result, as they come.

        Raises:
            DinoNamesError: a task raised it, or its workers died again and again.
        """
        from distributed import KilledWorker, as_completed

        places: dict[Any, int] = {}
        ahead, waiting = iter(enumerate(calls)), as_completed()

        def send() -> None:
            for place, call in ahead:
                future = self._client.submit(task, *call, pure=False)
                places[future] = place
                waiting.add(future)
                return

        for _ in range(WAITING * self.size):
            send()
        for future in waiting:
            place = places.pop(future)
            try:
                result = future.result()
            except KilledWorker:
                raise DinoNamesError(
                    f"workers: expected them to live, but {DEATHS} died over one task; give them "
                    "more memory. What is done is kept: the same command goes on."
                ) from None
            send()
            yield place, result


def _close(cluster: Any) -> None:
    """Close a cluster, whose work is done or given up."""
    with contextlib.suppress(Exception):  # a worker that is being started cannot be waited for
        cluster.close()


def leave_interrupts() -> None:
    """Let Ctrl-C be for the process that started the workers, which sees to their end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def check_workers(workers: int | None) -> None:
    """Refuse a number of workers that nobody can start.

    Raises:
        OptionError: says which may be.
    """
    if workers is not None:
        check_range("workers", workers, low=1, high=MOST_WORKERS, whole=True)


def check_installed(*modules: str) -> None:
    """Refuse to begin without what a folder of names needs.

    Raises:
        MissingExtraError: names the module that is not installed.
    """
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            raise MissingExtraError(
                f"workers of Dask: expected {module}, but it is not installed; "
                "run: pip install 'dino-names[cluster]'."
            ) from None


@contextlib.contextmanager
def at_work(scheduler: str | None, workers: int | None) -> Iterator[Workers]:
    """Workers while the block runs.

    Arguments:
        scheduler: its address; None to start workers here.
        workers: how many to start; None for one a core.

    Raises:
        OptionError: nobody answers at the address.
    """
    import dask
    from distributed import Client, LocalCluster

    quiet = {
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.comm.timeouts.connect": PATIENCE,
        "logging.distributed": "error",
    }
    with dask.config.set(quiet), contextlib.ExitStack() as stack:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        if scheduler is None:
            cluster = LocalCluster(
                n_workers=workers or os.cpu_count() or 1,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",  # a port that is free
                silence_logs=logging.CRITICAL,
            )
            stack.callback(_close, cluster)
            client = stack.enter_context(Client(cluster))
            client.run(leave_interrupts)
            yield Workers(client)
            return
        try:
            client = stack.enter_context(Client(scheduler, timeout=PATIENCE))
            pool = Workers(client)
        except (OSError, ValueError, TimeoutError) as error:
            raise OptionError(
                f"scheduler: expected one with workers at {scheduler}, received no answer in "
                f"{PATIENCE} s; start it: dask scheduler, and on each machine dask worker ADDRESS."
            ) from error
        yield pool
