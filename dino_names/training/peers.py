"""Those that train together: workers on several machines, and the GPUs of each.

Workers are TensorFlow's MultiWorkerMirroredStrategy, the GPUs of one process alone its
MirroredStrategy. A replica, a GPU or a worker without one, takes its rows of every batch; the
strategy adds up their gradients, and each worker makes the same step with the sum. So all hold the
same weights after each step, and those of one process with the whole batch but for the order of
additions. The weights of a process lie on its first device, from where its replicas read them.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager.context import eager_mode

from dino_names.config import Config
from dino_names.errors import DinoNamesError, OptionError
from dino_names.progress import Progress
from dino_names.runs import Groups, this_worker
from dino_names.signals import left_to_the_system

# How long the others wait for one that says nothing.
PATIENCE = 45  # seconds
KIND = "GPU"  # of the devices of a process that train together
LONGEST = 1 << 14  # characters of what is agreed upon
GIVEN: ContextVar[tf.distribute.Strategy | None] = ContextVar("GIVEN", default=None)
LOST = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.DeadlineExceededError,
    tf.errors.CancelledError,
    tf.errors.InternalError,
)


class PeerLostError(DinoNamesError):
    """One of the workers has stopped answering, so none can go on."""


class Peers:
    """All replicas of a training, those of this worker among them.

    Arguments:
        strategy: whose they are.
        workers: how many there are, this one among them.
    """

    def __init__(self, strategy: tf.distribute.Strategy, workers: int) -> None:
        self.strategy, self.workers = strategy, workers

        def add(*tensors: tf.Tensor) -> list[tf.Tensor]:
            context = tf.distribute.get_replica_context()
            # Each as a result of this replica, which says on which device it lies.
            own = [tf.identity(tensor) for tensor in tensors]
            summed: list[tf.Tensor] = context.all_reduce(tf.distribute.ReduceOp.SUM, own)
            return summed

        def of_first(*tensors: tf.Tensor) -> list[tf.Tensor]:
            return add(*(tf.where(_place() == 0, t, tf.zeros_like(t)) for t in tensors))

        self._add = tf.function(lambda *t: self._from_each(add, t), autograph=False)
        self._of_first = tf.function(lambda *t: self._from_each(of_first, t), autograph=False)

    def each(self, function: Callable[..., Any], tensors: Sequence[Any]) -> Any:
        """What a function gives on each replica of this worker, of tensors or what it gave."""
        return self.strategy.run(function, args=tuple(tensors))

    def own_rows(self, tensor: tf.Tensor) -> tf.Tensor:
        """Those rows of a batch that a replica takes, in a function that runs on each."""
        return tensor[_place() :: self.strategy.num_replicas_in_sync]

    def add(self, tensors: Sequence[Any]) -> list[tf.Tensor]:
        """As `sum`, within a graph."""
        results: list[tf.Tensor] = self._add(*tensors)
        return results

    def sum(self, tensors: Sequence[Any]) -> list[tf.Tensor]:
        """The sums over all replicas of some tensors, each of one shape everywhere.

        Raises:
            PeerLostError: a worker does not answer.
        """
        return self._heard(self._add, tensors)

    def _from_each(self, function: Callable[..., Any], tensors: Sequence[Any]) -> list[tf.Tensor]:
        """The results of the first replica of this worker, where all have the same."""
        local = self.strategy.experimental_local_results
        return [local(result)[0] for result in self.each(function, tensors)]

    def _heard(self, function: Callable[..., Any], tensors: Sequence[Any]) -> list[tf.Tensor]:
        if not tensors:
            return []
        try:
            results: list[tf.Tensor] = function(*tensors)
            _ = results[0].numpy()  # errors of a graph may come late
        except LOST as error:
            raise PeerLostError("a worker has stopped answering") from error
        return results

    def agree(self, values: dict[str, float]) -> dict[str, float]:
        """What the first worker has found, for all: on others it may round otherwise."""
        said = np.zeros(LONGEST, np.int32)
        text = json.dumps(values).encode()
        said[: len(text)] = np.frombuffer(text, np.uint8)
        heard = self._heard(self._of_first, [tf.constant(said)])[0].numpy().astype(np.uint8)
        found: dict[str, float] = json.loads(heard.tobytes().rstrip(b"\0"))
        return found

    def share(self, groups: Groups) -> None:
        """Give every worker the variables of the first."""
        variables = [variable for group in groups.values() for variable in group]
        # The collectives take tensors of one type at a time, and not of every one.
        for kind, sent in (("f", np.float32), ("iu", np.int64)):
            mine = [v for v in variables if np.asarray(v).dtype.kind in kind]
            values = [tf.constant(np.asarray(v).astype(sent)) for v in mine]
            for variable, heard in zip(mine, self._heard(self._of_first, values), strict=True):
                variable.assign(heard.numpy().astype(np.asarray(variable).dtype))


def _place() -> Any:
    """Which of all replicas the one that runs is, from 0."""
    return tf.distribute.get_replica_context().replica_id_in_sync_group


def _machines(workers: int, progress: Progress) -> tf.distribute.Strategy:
    """The strategy of the workers that `TF_CONFIG` names."""
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=PATIENCE)
    progress.waiting(f"waiting for the workers that TF_CONFIG names, {workers} in all")
    try:
        with left_to_the_system():  # TensorFlow waits with Python's lock held
            return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
    except LOST as error:
        raise PeerLostError(
            f"distribute: expected {workers} workers as TF_CONFIG names them, received no answer "
            "from all; start the same command on each machine."
        ) from error
    except (tf.errors.OpError, RuntimeError, ValueError) as error:
        raise OptionError(
            "distribute: expected host:port of each worker in TF_CONFIG, for this one a free port "
            f"here, in a process that has computed nothing; received: {str(error).splitlines()[0]}"
        ) from error


def _graphics() -> tf.distribute.Strategy:
    """The strategy of the GPUs of this process."""
    graphics = [device.name for device in tf.config.list_logical_devices(KIND)]
    if len(graphics) < 2:
        raise OptionError(
            "distribute: expected TF_CONFIG, as cluster managers set it on each of several "
            f"machines, or several GPUs in this one, received no TF_CONFIG and {len(graphics)} of "
            "them; leave distribute out, or set TF_CONFIG."
        )
    return tf.distribute.MirroredStrategy(graphics)


@contextlib.contextmanager
def leaving_strategies() -> Iterator[None]:
    """Work outside the strategy that is in scope, if there is one, which `find_peers` then takes.

    What is made in a scope is the strategy's; here each worker's variables are its own.
    """
    if not tf.distribute.has_strategy():
        yield
        return
    token = GIVEN.set(tf.distribute.get_strategy())
    try:
        # A scope is kept with the graph that was the default one; in another there is none. What
        # is public for being eager in it, `init_scope`, would stop tapes too.
        with tf.Graph().as_default(), eager_mode():
            yield
    finally:
        GIVEN.reset(token)


def find_peers(config: Config, progress: Progress) -> Peers | None:
    """The workers that a configuration asks for; None for this process alone.

    It must be called before TensorFlow computes anything, and waits until all workers are there.

    Raises:
        OptionError: there is nobody to train with, `TF_CONFIG` or the strategy in scope is not as
            it must be, or the data go on from batch to batch.
        PeerLostError: not all have come.
    """
    if not config.train.distribute:
        return None
    if config.data.carried:
        raise OptionError(
            "distribute: expected batches that do not go on from one to the next, received "
            "stateful layers or a stream; leave one of them out."
        )
    given, worker = GIVEN.get(), this_worker()
    named = worker.size if worker else 1
    if given is None:
        return Peers(_machines(named, progress) if worker else _graphics(), named)
    alone = named == 1 and isinstance(given, tf.distribute.MirroredStrategy)
    if not (alone or _workers_of(given) == named):
        raise OptionError(
            f"distribute: expected {'a MirroredStrategy or ' * (named == 1)}a "
            f"MultiWorkerMirroredStrategy of the workers that TF_CONFIG names, {named}, in scope, "
            f"received {type(given).__name__} of {_workers_of(given)}; leave its scope, or set "
            "TF_CONFIG."
        )
    return Peers(given, named)


def _workers_of(strategy: tf.distribute.Strategy) -> int:
    """How many train together in a strategy of several workers; 0 for another."""
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return 0
    cluster = strategy.cluster_resolver.cluster_spec()
    return sum(cluster.num_tasks(job) for job in cluster.jobs if job in ("chief", "worker")) or 1
