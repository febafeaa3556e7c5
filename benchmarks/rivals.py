"""What the engine is held against: the same weights in Keras, and its matrix products alone."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks.timing import Turn
from dino_names.config import GATES, Architecture
from dino_names.generation import NameModel
from dino_names.modelfile import Bundle
from dino_names.training import generate_text
from dino_names.training.network import build_model

MOST = 100  # characters of a name, however little a network has learned


def stock(architecture: Architecture, batch: int | None = None) -> keras.Sequential:
    """A network in stock Keras layers, which keep their state where the batch size is given."""
    layers: list[Any] = [
        keras.Input(batch_shape=(batch, None), dtype="int32"),
        keras.layers.Embedding(architecture.vocab_size, architecture.embedding_dim),
    ]
    for _ in range(architecture.num_layers):
        layers.append(
            keras.layers.GRU(
                architecture.rnn_units, return_sequences=True, stateful=batch is not None
            )
        )
    return keras.Sequential([*layers, keras.layers.Dense(architecture.vocab_size)])


def _weights(bundle: Bundle) -> list[np.ndarray]:
    """The tensors of a bundle's network in the order of its layers."""
    return [bundle.tensors[f"network0.{name}"] for name in bundle.architecture.shapes()]


def tutorial_loop(model: NameModel) -> Turn:
    """One name as the tutorial makes it: the model called once a character, eagerly."""
    architecture = model.bundle.architecture
    network = build_model(
        architecture.vocab_size,
        architecture.embedding_dim,
        architecture.rnn_units,
        batch_size=1,
        stateful=True,
    )
    network.set_weights(_weights(model.bundle))
    seeds = iter(range(1_000_000))

    def turn() -> None:
        generate_text(
            network,
            model.vocabulary,
            "",
            temperature=1.0,
            seed=next(seeds),
            start_boundary=True,
        )

    return turn


def compiled_step(bundle: Bundle, batch: int, length: int | None = None) -> Turn:
    """A batch of names or texts, every step one compiled function.

    Arguments:
        bundle: whose network.
        batch: how many at once.
        length: characters of each; None until all names have ended.
    """
    network = stock(bundle.architecture, batch)
    network.set_weights(_weights(bundle))

    @tf.function
    def step(ids: tf.Tensor) -> tf.Tensor:
        return tf.random.categorical(network(ids)[:, 0], 1, dtype=tf.int32)

    def turn() -> None:
        ids = tf.zeros((batch, 1), tf.int32)
        for layer in network.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()
        going = np.ones(batch, bool)
        for _ in range(length or MOST):
            ids = step(ids)
            going &= ids.numpy()[:, 0] != 0
            if length is None and not going.any():
                break

    return turn


def products(architecture: Architecture, *, batch: int, steps: int) -> Turn:
    """The matrix products of so many steps in NumPy, the first layer's input looked up.

    Arguments:
        architecture: of the network.
        batch: rows of each product.
        steps: how often.
    """
    units, vocab_size = architecture.rnn_units, architecture.vocab_size
    state = np.ones((batch, units), np.float32)
    # A gate's weights are a block of their own, as the engine has them.
    blocks = [GATES[architecture.cell]] * (2 * architecture.num_layers - 1)
    kernels = [np.ones((gates, units, units), np.float32) for gates in blocks]
    kernels.append(np.ones((1, units, vocab_size), np.float32))
    outputs = [np.empty((len(k), batch, k.shape[-1]), np.float32) for k in kernels]

    def turn() -> None:
        for _ in range(steps):
            for kernel, output in zip(kernels, outputs, strict=True):
                np.matmul(state, kernel, out=output)

    return turn
