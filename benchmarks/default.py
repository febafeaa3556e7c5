"""What most people train: the preset `default` from nothing, whole epochs, by the list's length.

Every contender does the same work on the same batches of like lengths: stock Keras layers without
the dropout on the recurrent kernel, which they do not have, by `fit` on the same tf.data; PyTorch
with it, on tensors; the products alone of an epoch as TensorFlow does them. Then a command, from
its start to the first names and to the model: the base tuned on the list.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import keras
import numpy as np

from benchmarks.material import dinosaurs
from benchmarks.processes import environment
from benchmarks.settings import Settings
from benchmarks.timing import Turn, ratio, speed, table, take_turns
from benchmarks.torch_partner import torch_turns
from benchmarks.training import step_products
from dino_names.config import Config, preset
from dino_names.corpus import Vocabulary
from dino_names.training import token_loss
from dino_names.training.batches import NameBatches
from dino_names.training.learner import Learner
from dino_names.training.network import build_model, settle_precision
from dino_names.training.step import compile_with_step

LENGTHS, BATCHES = (40, 400, 1_500, 30_000), (32, 128)
WORKER = Path(__file__).with_name("torch_default.py")
OURS, STOCK, TORCH = "ours", "stock Keras", "PyTorch"
PRODUCTS = "the products alone"
TOLD = "first names"


def run(settings: Settings) -> str:
    """Measure each length with each size of batch; then commands."""
    lengths = [length for length in LENGTHS if length <= settings.largest]
    sizes: dict[str, Any] = {}
    if settings.quick:
        lengths, sizes = [40], {"embedding_dim": 4, "rnn_units": 8}
    names = _names(lengths[-1])
    rows = []
    for length in lengths:
        for batch in BATCHES[: 1 if settings.quick else None]:
            config = preset("default", batch_size=batch, **sizes)
            # A short list's epoch is over before a clock can tell.
            epochs = max(1, 1_500 // length)
            with ExitStack() as stack:
                turns = _contenders(stack, config, names[:length], epochs, settings.torch_python)
                seconds = take_turns(turns, rounds=settings.rounds)
            rows.append(_row(length, batch, length * epochs, seconds))
    headings = ["names, in a batch", "ours, names/s", f"times {STOCK}", f"times {TORCH}"]
    shown = table([*headings, "time, times its products'"], rows)
    commands = [_command(name, _names(name)) for name in lengths if name <= LENGTHS[2]]
    titles = ["`dino-names train`, names", "to the first names, s", "to the model, s", "times"]
    return f"{shown}\n{table(titles, commands)}"


def _row(length: int, batch: int, work: int, seconds: dict[str, float]) -> list[str]:
    ours = seconds[OURS]
    torch = min((taken for way, taken in seconds.items() if TORCH in way), default=None)
    return [
        f"{length:,}, {batch}",
        speed(work, ours),
        ratio(seconds[STOCK], ours),
        ratio(torch, ours),
        ratio(ours, seconds[PRODUCTS]),
    ]


def _names(count: int) -> list[str]:
    """The list's own names, and where they are too few those that the shipped model makes."""
    import dino_names

    own = dinosaurs()
    rng = np.random.default_rng(0)
    chosen = [own[place] for place in rng.permutation(len(own))[:count]]
    more = count - len(chosen)
    return chosen + (dino_names.generate_many(n=more, seed=0) if more else [])


def _contenders(
    stack: ExitStack, config: Config, names: list[str], epochs: int, torch_python: str | None
) -> dict[str, Turn]:
    vocabulary = Vocabulary.of(names)
    batches = NameBatches.of(names, vocabulary, config.data)
    contenders = {
        OURS: _fit(_ours(config, len(vocabulary), batches.batches), batches, epochs),
        STOCK: _fit(_stock(config, len(vocabulary), batches.batches), batches, epochs),
    }
    arrays = [tuple(part.numpy() for part in batch) for batch in batches.dataset(0, 1)]
    if torch_python:
        sizes = (config.model.embedding_dim, config.model.rnn_units, len(vocabulary))
        threads = [str(count) for count in sorted({1, os.cpu_count() or 1})]
        turns = torch_turns(torch_python, arrays, sizes, worker=WORKER, ways=threads)
        for way, turn in stack.enter_context(turns).items():
            contenders[f"{TORCH}, {way}"] = _again(turn, epochs)
    half = settle_precision("auto", config.model.rnn_units)
    steps = [step_products(config, len(vocabulary), a[0].shape, half) for a in arrays]
    contenders[PRODUCTS] = _again(lambda: [step() for step in steps], epochs)
    return contenders


def _again(turn: Turn, times: int) -> Turn:
    def turns() -> None:
        for _ in range(times):
            turn()

    return turns


def _ours(config: Config, size: int, batches: int) -> keras.Model:
    """The network with everything that training changes, as a run has it."""
    half = settle_precision("auto", config.model.rnn_units)
    model = build_model(size, config=config.model, precision=half)
    learner = Learner(model, config.train, steps=config.train.epochs * batches)
    compile_with_step(model, learner.optimizer)
    return model


def _stock(config: Config, size: int, batches: int) -> keras.Model:
    """The same in layers, optimizer and average of Keras's own."""
    sizes, train = config.model, config.train
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(size, sizes.embedding_dim),
            keras.layers.Dropout(sizes.embedding_dropout),
            keras.layers.GRU(sizes.rnn_units, return_sequences=True),
            keras.layers.Dropout(sizes.dropout),
            keras.layers.Dense(size),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(train.learning_rate, train.epochs * batches)
    optimizer = keras.optimizers.AdamW(
        rate,
        weight_decay=train.weight_decay,
        global_clipnorm=train.clip_norm,
        use_ema=True,
        ema_momentum=train.average,
    )
    model.compile(optimizer, token_loss())
    return model


def _fit(model: keras.Model, batches: NameBatches, epochs: int) -> Turn:
    """So many epochs of Keras's own loop, each batch's loss read as a run reads it."""

    class Reader(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
            float((logs or {})["loss"])

    numbers = iter(range(0, 1_000_000, epochs))

    def turn() -> None:
        first = next(numbers)
        model.fit(
            batches.dataset(first, first + epochs),
            initial_epoch=first,
            epochs=first + epochs,
            steps_per_epoch=batches.batches,
            callbacks=[Reader()],
            shuffle=False,
            verbose=0,
        )

    return turn


def _command(length: int, names: list[str]) -> list[str]:
    """A row of the times of a command: from its start, as whoever waits sees it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.txt"
        path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        started = time.perf_counter()
        command = [sys.executable, "-m", "dino_names", "train", str(path), "--out"]
        with subprocess.Popen(
            [*command, str(Path(folder) / "run")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as process:
            first = next(_stamps(process, started), float("nan"))
            assert process.stderr is not None
            process.stderr.read()
        taken = time.perf_counter() - started
    return [f"{length:,}", f"{first:.2f}", f"{taken:.1f}", ratio(taken, first)]


def _stamps(process: subprocess.Popen[str], started: float) -> Iterator[float]:
    """When a command said its first names."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(TOLD):
            yield time.perf_counter() - started
