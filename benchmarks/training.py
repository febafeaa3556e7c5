"""Training the tutorial's model: stock Keras, PyTorch, ours, and the matrix products alone.

Both kinds of Keras model train with `fit` on the same tf.data batches; PyTorch has those batches
as tensors. A turn is some batches, chosen evenly from those of an epoch in the order of lengths.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks.losses import compare_losses
from benchmarks.material import dinosaurs
from benchmarks.rivals import stock
from benchmarks.settings import Settings
from benchmarks.timing import Turn, ratio, speed, table, take_turns
from benchmarks.torch_partner import torch_turns
from dino_names.config import Config, preset
from dino_names.corpus import Vocabulary
from dino_names.training import token_loss
from dino_names.training.batches import NameBatches
from dino_names.training.network import build_model, build_optimizer

Batches = list[tuple[np.ndarray, ...]]
STEPS = 6
PRECISIONS = ("float32", "bfloat16")
STOCK, STOCK_SHORT = "stock Keras", "stock Keras, in buckets"
TORCH = "PyTorch, float32"
SHORT = ", in buckets"


def run(settings: Settings) -> str:
    """Measure the tutorial's model, or a tiny one; then what bfloat16 does to its loss."""
    options = {"embedding_dim": 8, "rnn_units": 16, "batch_size": 8} if settings.quick else {}
    config = preset("tutorial", **options)
    names = dinosaurs()[: 40 if settings.quick else None]
    steps = 2 if settings.quick else STEPS
    with _contenders(config, names, steps, settings.torch_python) as contenders:
        seconds = take_turns(contenders, rounds=settings.rounds)
    epoch = len(names) // config.data.batch_size / steps
    losses = compare_losses(config, names, epochs=2 if settings.quick else 5)
    return f"{_table(seconds, steps * config.data.batch_size, epoch)}\n{losses}"


def _table(seconds: Mapping[str, float], names: int, epoch: float) -> str:
    """Speeds and ratios; the turns are of so many names, `epoch` of them make an epoch."""
    rows = []
    for name, taken in seconds.items():
        alone = seconds.get(products_of(name))
        rows.append(
            [
                name,
                speed(names, taken),
                f"{taken * epoch:.2f}",
                ratio(seconds[STOCK], taken),
                ratio(seconds.get(TORCH), taken),
                ratio(taken, alone),
            ]
        )
    headings = ("names/s", "s an epoch", f"times {STOCK}", f"times {TORCH}")
    title = "training the tutorial's model"
    return table([title, *headings, "time, times its products'"], rows)


def products_of(name: str) -> str:
    """The row of the products that a contender cannot do without."""
    precision = "bfloat16" if "bfloat16" in name else "float32"
    return f"the products alone, {precision}{SHORT if name.endswith(SHORT) else ''}"


@contextlib.contextmanager
def _contenders(
    config: Config, names: list[str], steps: int, torch_python: str | None
) -> Iterator[dict[str, Turn]]:
    vocabulary = Vocabulary.of(names)
    size, model = len(vocabulary), config.model
    padded, short = (
        _batches(config, names, vocabulary, steps, buckets=buckets) for buckets in (False, True)
    )
    with contextlib.ExitStack() as stack:
        contenders = {STOCK: _fit(_stock(config, size), padded)}
        if torch_python:
            sizes = (model.embedding_dim, model.rnn_units, size)
            turns = stack.enter_context(torch_turns(torch_python, padded, sizes))
            contenders.update({f"PyTorch, {half}": turn for half, turn in turns.items()})
        for half in PRECISIONS:
            contenders[f"ours, {half}"] = _fit(_ours(config, size, half), padded)
        contenders[STOCK_SHORT] = _fit(_stock(config, size), short)
        for half in PRECISIONS:
            contenders[f"ours, {half}{SHORT}"] = _fit(_ours(config, size, half), short)
        for suffix, batches in (("", padded), (SHORT, short)):
            for half in PRECISIONS:
                name = f"the products alone, {half}{suffix}"
                contenders[name] = _products(config, size, batches, half)
        yield contenders


def _batches(
    config: Config, names: list[str], vocabulary: Vocabulary, steps: int, *, buckets: bool
) -> Batches:
    config = config.with_options(length_buckets=buckets, mask_padding=buckets)
    batches = list(NameBatches.of(names, vocabulary, config.data).dataset(0, 1))
    batches.sort(key=lambda batch: batch[0].shape[1])
    middles = (np.arange(steps) + 0.5) * len(batches) / steps
    return [tuple(part.numpy() for part in batches[int(middle)]) for middle in middles]


def _stock(config: Config, size: int) -> keras.Model:
    """The tutorial's model as Keras has it."""
    model = stock(config.model.architecture(size))
    model.compile(keras.optimizers.Adam(), token_loss())
    return model


def _ours(config: Config, size: int, precision: str) -> keras.Model:
    """The same with the package's layers and optimizer, as its `fit` loop has them."""
    model = build_model(size, config=config.model, precision=precision)
    optimizer = build_optimizer(config.train, steps=1)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, token_loss(), jit_compile=False)
    return model


def _fit(model: keras.Model, batches: Batches) -> Turn:
    """Train on every batch with Keras's own loop."""
    types = tf.int32, tf.int32, tf.float32
    specs = tuple(tf.TensorSpec((None, None), dtype) for dtype in types)
    data = tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=specs)
    # Keras warns of data whose end it did not know of.
    data = data.apply(tf.data.experimental.assert_cardinality(len(batches)))
    kept: Any = data.cache().prefetch(tf.data.AUTOTUNE)
    return lambda: model.fit(kept, verbose=0, shuffle=False)


def _products(config: Config, size: int, batches: Batches, precision: str) -> Turn:
    """The matrix products of every step, forward and backward, as TensorFlow does them.

    The input's share of the gates is not among them: it can be looked up.
    """
    work = [step_products(config, size, batch[0].shape, precision) for batch in batches]

    def turn() -> None:
        for step in work:
            step()

    return turn


def step_products(
    config: Config, size: int, shape: tuple[int, ...], precision: str
) -> Callable[[], None]:
    """Those of one batch of this shape (batch, time)."""
    units, (batch, time), dtype = config.model.rnn_units, shape, tf.as_dtype(precision)
    state, wide = tf.zeros((batch, units), dtype), tf.zeros((batch, 3 * units), dtype)
    kernel, turned = tf.zeros((units, 3 * units), dtype), tf.zeros((3 * units, units), dtype)
    states = tf.zeros((time * batch, units), dtype)
    gates = tf.zeros((time * batch, 3 * units), dtype)
    # The output's products are in float32 with both.
    above = tf.zeros((time * batch, units)), tf.zeros((units, size)), tf.zeros((time * batch, size))

    def step() -> None:
        for _ in range(time):
            tf.matmul(state, kernel)
        tf.matmul(above[0], above[1])
        tf.matmul(above[2], above[1], transpose_b=True)
        tf.matmul(above[0], above[2], transpose_a=True)
        for _ in range(time):
            if dtype == tf.bfloat16:  # each as is fastest
                tf.matmul(wide, kernel, transpose_b=True)
            else:
                tf.matmul(wide, turned)
        tf.matmul(states, gates, transpose_a=True)

    return step
