"""The network that learns the base: Embedding, GRU, Dense, and a few numbers for each list.

A list's numbers stand beside every character that the GRU reads and add to the output's bias. So
what differs from list to list has directions of its own, in which a new list can move before it has
changed any weight. What a list never uses is masked, so that scripts do not disturb each other.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from dino_names.arrays import Booleans, Float32s
from dino_names.config import Architecture
from dino_names.training.network import GRU

# What is added to the logit of a character that a list never uses.
NEVER = -30.0


def build_network(
    sizes: Architecture,
    used: Booleans,
    *,
    numbers: int,
    dropout: float,
    without: float,
    seed: int,
    precision: str = "float32",
) -> keras.Model:
    """The network.

    Arguments:
        sizes: of the base, a GRU above an embedding.
        used: which characters each list has, (lists, vocab_size).
        numbers: for each list.
        dropout: of the states that the output reads.
        without: how often a name is read without its list's numbers.
        seed: of all that is random.
        precision: of the recurrent products.

    Returns:
        A model from ids (batch, time) and lists (batch,) to logits (batch, time, vocab_size).
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    lists = keras.Input((), dtype="int32", name="lists")
    of_list = keras.layers.Embedding(
        len(used), numbers, embeddings_initializer=_normal(0.1, seed), name="numbers"
    )(lists)
    of_list = keras.layers.Dropout(without, noise_shape=(None, 1), seed=seed)(of_list)
    # Dropout makes up for what it leaves out, which is not wanted where all of it is.
    of_list = keras.layers.Rescaling(1 - without)(of_list)
    characters = keras.layers.Embedding(
        sizes.vocab_size,
        sizes.embedding_dim,
        embeddings_initializer=_normal(1.0, seed + 1),
        name="encoder",
    )(ids)
    read = keras.layers.Lambda(_beside, name="beside")([characters, of_list])
    states = GRU(
        sizes.rnn_units, return_sequences=True, precision=precision, seed=seed + 2, name="layer0"
    )(read)
    states = keras.layers.Dropout(dropout, seed=seed + 3)(states)
    logits = keras.layers.Dense(sizes.vocab_size, name="output")(states)
    moved = keras.layers.Dense(
        sizes.vocab_size, use_bias=False, kernel_initializer=_normal(0.02, seed + 4), name="moved"
    )(of_list)
    never = keras.layers.Embedding(
        len(used),
        sizes.vocab_size,
        embeddings_initializer=keras.initializers.Constant(np.where(used, 0.0, NEVER)),
        trainable=False,
        name="never",
    )(lists)
    logits = keras.layers.Lambda(_add_to_each, name="logits")([logits, moved, never])
    return keras.Model([ids, lists], logits, name="base")


def weights_of(model: keras.Model) -> dict[str, Float32s]:
    """The base's weights, under the names of `Architecture.shapes`, at the mean list's numbers."""
    tensors, ways, mean = _tensors(model), directions_of(model), _tensors(model)["numbers"].mean(0)
    width = tensors["encoder"].shape[1]
    bias = tensors["layer0.bias"].copy()
    bias[0] += mean @ ways[0]
    return {
        "encoder.embedding": tensors["encoder"],
        "layer0.kernel": tensors["layer0.kernel"][:width],
        "layer0.recurrent_kernel": tensors["layer0.recurrent_kernel"],
        "layer0.bias": bias,
        "output.kernel": tensors["output.kernel"],
        "output.bias": tensors["output.bias"] + mean @ ways[1],
    }


def directions_of(model: keras.Model) -> tuple[Float32s, Float32s]:
    """What one of each number adds to the input's bias and to the output's."""
    tensors = _tensors(model)
    return tensors["layer0.kernel"][tensors["encoder"].shape[1] :], tensors["moved"]


def _tensors(model: keras.Model) -> dict[str, Float32s]:
    gru, output = model.get_layer("layer0").get_weights(), model.get_layer("output").get_weights()
    names = ("layer0.kernel", "layer0.recurrent_kernel", "layer0.bias")
    return {
        **dict(zip(names, gru, strict=True)),
        "output.kernel": output[0],
        "output.bias": output[1],
        **{
            name: model.get_layer(name).get_weights()[0] for name in ("encoder", "numbers", "moved")
        },
    }


def _normal(deviation: float, seed: int) -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(0.0, deviation, seed=seed)


def _beside(parts: list[tf.Tensor]) -> tf.Tensor:
    """Each character's numbers and its list's, (batch, time, both)."""
    characters, of_list = parts
    shape = tf.concat([tf.shape(characters)[:2], tf.shape(of_list)[1:]], 0)
    return tf.concat([characters, tf.broadcast_to(of_list[:, None], shape)], axis=2)


def _add_to_each(parts: list[tf.Tensor]) -> tf.Tensor:
    logits, moved, never = parts
    return logits + (moved + never)[:, None]
