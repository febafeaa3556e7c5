"""Workers that train together, on TensorFlow's MultiWorkerMirroredStrategy.

Each holds the whole network and takes its rows of every batch; the strategy's collectives add up
gradients, and each worker makes the same step with the sum. So all hold the same weights after
each step, and those of one process with the whole batch but for the order of additions.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from contextvars import ContextVar

import numpy as np
import tensorflow as tf
from tensorflow.python.eager.context import eager_mode

from dino_names.config import Config
from dino_names.errors import DinoNamesError, OptionError
from dino_names.runs import Groups, this_worker

# How long the others wait for one that says nothing.
PATIENCE = 45  # seconds
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
    """All workers of a training, this one among them.

    It must be made before TensorFlow computes anything, and waits until all are there.

    Arguments:
        given: a strategy that is there, with its workers; None to begin one.

    Attributes:
        rank: of this worker, 0 for the one that writes.
        count: how many there are.
    """

    def __init__(self, given: tf.distribute.Strategy | None = None) -> None:
        self.rank, self.count = this_worker()
        strategy = given or _begin()

        def add(*tensors: tf.Tensor) -> list[tf.Tensor]:
            context = tf.distribute.get_replica_context()
            # Each as a result of this replica, which says on which device it lies.
            own = [tf.identity(tensor) for tensor in tensors]
            summed: list[tf.Tensor] = context.all_reduce(tf.distribute.ReduceOp.SUM, own)
            return summed

        self._add = tf.function(lambda *t: strategy.run(add, args=t), autograph=False)

    def sum(self, tensors: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """The sums over all workers of some tensors, each of one shape everywhere.

        Raises:
            PeerLostError: one does not answer.
        """
        if not tensors:
            return []
        try:
            summed = list(self._add(*tensors))
            _ = summed[0].numpy()  # errors of a graph may come late
        except LOST as error:
            raise PeerLostError("a worker has stopped answering") from error
        return summed

    def agree(self, values: dict[str, float]) -> dict[str, float]:
        """What the first worker has found, for all: on others it may round otherwise."""
        said = np.zeros(LONGEST, np.int32)
        if not self.rank:
            text = json.dumps(values).encode()
            said[: len(text)] = np.frombuffer(text, np.uint8)
        heard = self.sum([tf.constant(said)])[0].numpy().astype(np.uint8)
        found: dict[str, float] = json.loads(heard.tobytes().rstrip(b"\0"))
        return found

    def share(self, groups: Groups) -> None:
        """Give every worker the variables of the first."""
        variables = [variable for group in groups.values() for variable in group]
        # The collectives take tensors of one type at a time, and not of every one.
        for kind, sent in (("f", np.float32), ("iu", np.int64)):
            mine = [v for v in variables if np.asarray(v).dtype.kind in kind]
            values = [np.asarray(v).astype(sent) * (self.rank == 0) for v in mine]
            for variable, heard in zip(mine, self.sum(list(map(tf.constant, values))), strict=True):
                variable.assign(heard.numpy().astype(np.asarray(variable).dtype))

    def own_rows(self, tensor: tf.Tensor) -> tf.Tensor:
        """Those rows of a batch that this worker takes."""
        return tensor[self.rank :: self.count]


def _begin() -> tf.distribute.Strategy:
    """The strategy of the workers that `TF_CONFIG` names, a replica each."""
    graphics = tf.config.list_physical_devices("GPU")
    if graphics:
        tf.config.set_visible_devices(graphics[:1], "GPU")
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=PATIENCE)
    return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)


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


def find_peers(config: Config) -> Peers | None:
    """The workers that a configuration asks for; None for this process alone.

    Raises:
        OptionError: `TF_CONFIG` or the strategy in scope is not as it must be, or the data go on
            from batch to batch.
    """
    if not config.train.distribute:
        return None
    if config.data.carried:
        raise OptionError(
            "distribute: expected batches that do not go on from one to the next, received "
            "stateful layers or a stream; leave one of them out."
        )
    given = GIVEN.get()
    replicas = 0 if given is None else given.num_replicas_in_sync
    workers = isinstance(given, tf.distribute.MultiWorkerMirroredStrategy)
    if given is not None and (not workers or replicas != this_worker().size):
        raise OptionError(
            "distribute: expected a MultiWorkerMirroredStrategy with a replica a worker in scope, "
            f"or none, received {type(given).__name__} with {replicas}; leave its scope."
        )
    return Peers(given)
