"""The training of the base: the package's own optimizer, average and loss on all lists at once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from base.pretraining.sampling import Corpus
from dino_names.config import TrainConfig
from dino_names.training import build_optimizer, token_loss
from dino_names.training.network import WeightAverage

REPORT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast.

    Arguments:
        characters: to read, the boundaries that end names among them.
        batch_size: names in a batch.
        learning_rate: the highest; it rises over the first hundredth and falls as half a cosine.
        weight_decay: of AdamW.
        average: decay of the weight average.
        seed: of the draws.
    """

    characters: int = 60_000_000
    batch_size: int = 96
    learning_rate: float = 3e-3
    weight_decay: float = 0.01
    average: float = 0.997
    seed: int = 0


def pretrain(
    model: keras.Model,
    corpus: Corpus,
    schedule: Schedule,
    *,
    tell: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
) -> float:
    """Train, and leave the average of the weights in the model.

    Arguments:
        model: of `build_network`.
        corpus: what to read.
        schedule: how.
        tell: called with a line now and then.

    Returns:
        Nats per character over the last hundredth of the training, dropout and all.
    """
    per_batch = _characters_in_a_batch(corpus, schedule)
    steps = max(1, round(schedule.characters / per_batch))
    options = TrainConfig(
        learning_rate=schedule.learning_rate, weight_decay=schedule.weight_decay, warmup=0.01
    )
    optimizer = build_optimizer(options, steps=steps)
    optimizer.build(model.trainable_variables)
    average = WeightAverage(model, schedule.average)
    step = _make_step(model, optimizer)
    losses: list[float] = []
    began = told = time.monotonic()
    for number, batch in zip(range(1, steps + 1), _tensors(corpus, schedule), strict=False):
        losses.append(float(step(*batch)))
        average.update(number)
        if time.monotonic() - told > REPORT_SECONDS:
            told = time.monotonic()
            recent = float(np.mean(losses[-max(1, steps // 100) :]))
            tell(f"{told - began:.0f} s, step {number} of {steps}: {recent:.4f} nats per character")
    for weight, value in zip(model.trainable_variables, average.variables, strict=True):
        weight.assign(value.value)
    return float(np.mean(losses[-max(1, steps // 100) :]))


def _characters_in_a_batch(corpus: Corpus, schedule: Schedule) -> float:
    batches = corpus.batches(schedule.batch_size, seed=schedule.seed)
    return float(np.mean([next(batches).counts.sum() for _ in range(200)]))


def _tensors(corpus: Corpus, schedule: Schedule) -> Iterator[tuple[tf.Tensor, ...]]:
    for ids, lists, counts in corpus.batches(schedule.batch_size, seed=schedule.seed):
        yield tf.constant(ids[:, :-1]), tf.constant(lists), tf.constant(ids[:, 1:]), counts


def _make_step(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> tf.function:
    loss_of = token_loss()

    @tf.function(reduce_retracing=True)
    def step(ids: tf.Tensor, lists: tf.Tensor, targets: tf.Tensor, counts: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = loss_of(targets, model([ids, lists], training=True), sample_weight=counts)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step
