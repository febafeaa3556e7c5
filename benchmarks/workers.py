"""Workers that train together, on ports of this machine, and a model of what more would take.

    python -m benchmarks workers

Each worker has one thread, and so has each device of the one process that is cut into two, as GPUs
of one machine would be. A step is this worker's rows forward and backward, the sum of all
gradients, the optimizer's step. The model knows three measured numbers of one process and of two:
what a row and what a step takes alone, and what a sum takes; it is held against four processes, and
then says what machines with a core each would do on a network of 10 Gbit/s.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.settings import Settings
from benchmarks.timing import table

COUNTS, BATCHES = (1, 2, 4), (128, 512)
DEVICES = 2
FAR = (2, 16, 256)
STEPS, WARM, ROUNDS = 30, 5, 3
LENGTH = 14
# A network between machines: what a message takes on its way, and what a second carries.
LATENCY, BANDWIDTH = 50e-6, 10e9 / 8


class Measured(NamedTuple):
    """One worker's medians, in seconds.

    Arguments:
        step: all of it.
        total: the sum of the gradients alone.
        megabytes: of gradients.
    """

    step: float
    total: float
    megabytes: float


class Model(NamedTuple):
    """A step as a straight line in the rows of a worker, and a ring that adds gradients up.

    Arguments:
        fixed, row: seconds of a step with no row, and of each row.
        hop, megabyte: seconds of each of the 2 (n - 1) messages of a ring, and of a megabyte.
        size: megabytes of gradients.
    """

    fixed: float
    row: float
    hop: float
    megabyte: float
    size: float

    def step(self, workers: int, rows: float, *, cores: int | None = None) -> float:
        """Seconds of a step with so many rows in all.

        Arguments:
            workers: how many.
            rows: of the whole batch.
            cores: that they share; None for one each.
        """
        crowd = 1.0 if cores is None else max(1.0, workers / cores)
        return (self.fixed + self.row * rows / workers) * crowd + self.ring(workers) * crowd

    def ring(self, workers: int) -> float:
        """Seconds of a sum: each sends and takes 2 (n - 1) / n of the gradients."""
        sent = 2 * (workers - 1) / workers * self.size
        return 2 * (workers - 1) * self.hop + sent * self.megabyte


def run(settings: Settings) -> str:
    """Measure one, two and four processes; then what the model says of more."""
    batches = (8, 16) if settings.quick else BATCHES
    steps = 2 if settings.quick else STEPS
    counts = [(count, 1) for count in COUNTS[: 2 if settings.quick else None]] + [(1, DEVICES)]
    rounds = [
        {
            (count, devices, batch): measure(count, devices, batch, steps, quick=settings.quick)
            for count, devices in counts
            for batch in batches
        }
        for _ in range(1 if settings.quick else ROUNDS)
    ]
    found = {case: _middle([each[case] for each in rounds]) for case in rounds[0]}
    one = [found[1, 1, batch].step for batch in batches]
    row = (one[1] - one[0]) / (batches[1] - batches[0])
    two = found[2, 1, batches[0]]
    # On one machine nothing is as fast as memory: all that a sum takes is put down to messages.
    here = Model(one[0] - row * batches[0], row, two.total / 2, 0.0, two.megabytes)
    rows = [_row(*case, took, here) for case, took in found.items()]
    headings = ["workers, a batch", "a step, ms", "of it the sum, ms", "names/s"]
    shown = table([*headings, "the model, ms", "times measured"], rows)
    far = here._replace(hop=LATENCY, megabyte=1e6 / BANDWIDTH)
    return f"{shown}\n{table(*_far(far, batches))}"


def _row(count: int, devices: int, batch: int, took: Measured, model: Model) -> list[str]:
    """What was measured, and what the model of workers says where there are no devices."""
    times = [f"{1e3 * took.step:.1f}", f"{1e3 * took.total:.1f}", f"{batch / took.step:,.0f}"]
    if devices > 1:
        return [f"{count} with {devices} devices, of {batch} rows", *times, "", ""]
    said = model.step(count, batch, cores=os.cpu_count() or 1)
    return [f"{count} of {batch} rows", *times, f"{1e3 * said:.1f}", f"{said / took.step:.2f}"]


def _far(model: Model, batches: tuple[int, ...]) -> tuple[list[str], list[list[str]]]:
    """What machines of a core each would do: one batch shared out, or so much for each."""
    headings = ["machines", "sent by each, MB a step"]
    for batch in batches:
        headings += [f"{batch} rows in all, names/s", f"{batch} rows each, names/s", "times one"]
    rows = []
    for count in (1, *FAR):
        cells = [str(count), f"{2 * (count - 1) / count * model.size:.2f}"]
        for batch in batches:
            alone = batch / model.step(1, batch)
            each = batch * count / model.step(count, batch * count)
            cells += [f"{batch / model.step(count, batch):,.0f}", f"{each:,.0f}"]
            cells.append(f"{each / alone:.1f}")
        rows.append(cells)
    return headings, rows


def _middle(each: list[Measured]) -> Measured:
    return Measured(*map(statistics.median, zip(*each, strict=True)))


def measure(count: int, devices: int, batch: int, steps: int, *, quick: bool) -> Measured:
    """The slowest of some workers, each a process of its own with so many devices."""
    numbers = (count, devices, batch, steps, int(quick))
    command = [sys.executable, "-m", "benchmarks.workers", *map(str, numbers)]
    processes = []
    for config in configurations(count):
        environment = {
            **os.environ,
            "TF_CONFIG": config,
            "TF_NUM_INTRAOP_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        processes.append(
            subprocess.Popen(
                command,
                env=environment,
                cwd=Path(__file__).parents[1],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    said = [process.communicate() for process in processes]
    for process, (_, error) in zip(processes, said, strict=True):
        if process.returncode:
            raise RuntimeError(f"a worker ended with {process.returncode}: {error[-500:]}")
    each = [Measured(*json.loads(out.splitlines()[-1])) for out, _ in said]
    return max(each, key=lambda one: one.step)


def configurations(count: int) -> list[str]:
    """What `TF_CONFIG` is for each of some workers on free ports of this machine."""
    cluster = {"worker": [f"127.0.0.1:{_free_port()}" for _ in range(count)]}
    tasks = [{"type": "worker", "index": index} for index in range(count)]
    return [json.dumps({"cluster": cluster, "task": task}) for task in tasks]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def child(count: int, devices: int, batch: int, steps: int, quick: int) -> Measured:
    """What this worker measures: whole steps, then sums alone."""
    from dino_names.training import build_model  # imports TensorFlow quietly
    from dino_names.training.learner import Learner
    from dino_names.training.peers import Peers
    from dino_names.training.together import step_together

    import numpy as np  # isort: skip
    import tensorflow as tf  # isort: skip

    from dino_names.config import preset  # isort: skip

    if devices > 1:
        several = [tf.config.LogicalDeviceConfiguration()] * devices
        processor = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(processor, several)
        places = [f"CPU:{number}" for number in range(devices)]
        strategy = tf.distribute.MirroredStrategy(places)
    else:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    peers = Peers(strategy, count)
    config = preset("default", batch_size=batch, **({"rnn_units": 8} if quick else {}))
    model = build_model(54, config=config.model)
    learner = Learner(model, config.train, steps=1_000)
    step = step_together(model, learner.optimizer, peers)
    ids = np.random.default_rng(0).integers(1, 54, (batch, LENGTH)).astype(np.int32)
    data = tf.constant(ids), tf.constant(np.roll(ids, -1, 1)), tf.ones((batch, LENGTH))
    gradients = [tf.zeros(weight.shape) for weight in model.trainable_variables]
    size = sum(float(np.prod(weight.shape)) for weight in model.trainable_variables) * 4e-6
    whole = _times(lambda: float(step(*data)), steps)
    return Measured(whole, _times(lambda: peers.sum(gradients), steps), size)


def _times(turn: object, steps: int) -> float:
    taken = []
    for number in range(WARM + steps):
        started = time.perf_counter()
        turn()  # type: ignore[operator]
        if number >= WARM:
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


if __name__ == "__main__":
    print(json.dumps(child(*map(int, sys.argv[1:]))))
