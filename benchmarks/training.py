"""A step of training: stock Keras against ours, padded and in buckets, float32 and bfloat16."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import dino_names.training  # noqa: F401 - imports TensorFlow quietly
from benchmarks.timing import table, take_turns
from dino_names.api import SHIPPED_MODEL
from dino_names.bundle import Bundle
from dino_names.config import DataConfig, preset
from dino_names.generator import NameModel
from dino_names.vocabulary import Vocabulary


def run(*, quick: bool) -> str:
    """Measure the tutorial's model, or a tiny one."""
    import keras
    import tensorflow as tf

    from dino_names.training.model import build_model, build_optimizer
    from dino_names.training.pipeline import Pipeline
    from dino_names.training.tape import make_step

    options = {"embedding_dim": 8, "rnn_units": 16, "batch_size": 8} if quick else {}
    config = preset("tutorial", **options)
    names = NameModel(Bundle.read(SHIPPED_MODEL)).generate_many(n=40 if quick else 1_536, seed=0)
    vocabulary = Vocabulary.of(names)
    sizes = (config.data.batch_size, max(map(len, names)))

    def pipeline(buckets: bool) -> Pipeline:
        data = DataConfig(
            **{**vars(config.data), "length_buckets": buckets, "mask_padding": buckets}
        )
        return Pipeline.of(names, vocabulary, data)

    def stock() -> keras.Sequential:
        return keras.Sequential(
            [
                keras.Input(batch_shape=(None, None), dtype="int32"),
                keras.layers.Embedding(len(vocabulary), config.model.embedding_dim),
                keras.layers.GRU(config.model.rnn_units, return_sequences=True),
                keras.layers.Dense(len(vocabulary)),
            ]
        )

    def ours(precision: str) -> keras.Sequential:
        return build_model(len(vocabulary), config=config.model, precision=precision)

    def epoch(model: keras.Sequential, buckets: bool) -> Callable[[], None]:
        optimizer = build_optimizer(config.train, steps=1)
        optimizer.build(model.trainable_variables)
        step = make_step(model, optimizer)
        batches = list(pipeline(buckets).dataset(0, 1))[: 2 if quick else 6]

        def turn() -> None:
            for batch in batches:
                step(*batch)

        return turn

    def products(kind: tf.DType) -> Callable[[], None]:
        units, (batch, time) = config.model.rnn_units, sizes
        state, wide = (tf.zeros((batch, width), kind) for width in (units, 3 * units))
        kernel = tf.zeros((units, 3 * units), kind)
        all_states, all_gates = (tf.zeros((time * batch, w), kind) for w in (units, 3 * units))

        def turn() -> None:
            for _ in range(2 if quick else 6):
                for _ in range(time):
                    tf.matmul(state, kernel)
                    tf.matmul(wide, kernel, transpose_b=True)
                tf.matmul(all_states, all_gates, transpose_a=True)

        return turn

    contenders = {
        "stock Keras, padded": epoch(stock(), False),
        "ours, float32, padded": epoch(ours("float32"), False),
        "ours, bfloat16, padded": epoch(ours("bfloat16"), False),
        "ours, float32, in buckets": epoch(ours("float32"), True),
        "ours, bfloat16, in buckets": epoch(ours("bfloat16"), True),
        "recurrent products alone, float32": products(tf.float32),
        "recurrent products alone, bfloat16": products(tf.bfloat16),
    }
    seconds = take_turns(contenders, rounds=1 if quick else 5)
    work = (2 if quick else 6) * config.data.batch_size
    return table("training the tutorial's model", seconds, work=float(np.int64(work)), unit="names")
