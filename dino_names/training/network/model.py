"""The network in Keras: a Sequential of an encoder, recurrent layers and a Dense giving logits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import keras
import numpy as np

from dino_names.config import Architecture, ModelConfig
from dino_names.errors import OptionError, RunError
from dino_names.training.network.precision import settle_precision
from dino_names.training.network.recurrent_layers import (
    GRU,
    LSTM,
    Embedding,
    OneHot,
    SimpleRNN,
    WeightDropped,
)

Tensors = dict[str, np.ndarray]


@keras.saving.register_keras_serializable(package="dino_names")
class Characters(keras.Sequential):
    """A network of this package's layers."""

    def export(self, *arguments: Any, **options: Any) -> None:
        """Refuse: a SavedModel cannot hold the gradients that these layers have written out.

        Raises:
            OptionError: always.
        """
        raise OptionError(
            "export: expected a model of Keras's own layers, received one of this package's, whose "
            "gradients a SavedModel cannot hold; export that of run.keras_model()."
        )


def build_model(
    vocab_size: int,
    embedding_dim: int = 256,
    rnn_units: int = 1024,
    batch_size: int | None = None,
    *,
    stateful: bool = False,
    config: ModelConfig | None = None,
    seed: int = 0,
    precision: str = "float32",
    l2: float = 0.0,
) -> keras.Sequential:
    """Embedding, GRU and Dense, as the tutorial has them, or what a configuration asks for.

    Arguments:
        vocab_size: characters, the boundary included.
        embedding_dim, rnn_units: sizes; a `config` overrides them.
        batch_size: None for any; a stateful model needs one.
        stateful: whether the recurrent state is kept from call to call.
        config: cell, encoder, layers, dropout and initialisation.
        seed: seed of the initial weights and of dropout.
        precision: `float32` or `bfloat16`, of the recurrent layers' matrix products; `auto`
            for what the processor is made for.
        l2: times the sum of the squared weights, biases left out, in the loss.

    Returns:
        A built model from int32 ids of shape (batch, time) to float32 logits of shape
        (batch, time, vocab_size).

    Example:
        >>> build_model(53).count_params()
        4006197
    """
    if config is None:
        config = ModelConfig(
            embedding_dim=embedding_dim, rnn_units=rnn_units, embedding_stddev=None
        )
    seeds = count(seed * 1000)
    precision = settle_precision(precision, config.rnn_units)
    inputs = keras.Input(batch_shape=(batch_size, None), dtype="int32", name="ids")
    layers = [*(_gpt if config.cell == "gpt" else _encoder)(config, vocab_size, seeds)]
    for number in range(config.num_layers if config.cell != "gpt" else 0):
        layers.append(_recurrent(config, number, stateful, precision, seeds))
        layers.extend(_dropout(config.dropout, f"dropout{number}", seeds))
    output = keras.layers.Dense(
        vocab_size, kernel_initializer=_glorot(seeds), dtype="float32", name="output"
    )
    if l2:
        _regularize([*layers, output], keras.regularizers.L2(l2))
    return Characters([inputs, *layers, output], name="characters")


def _regularize(layers: list[keras.layers.Layer], penalty: keras.regularizers.Regularizer) -> None:
    """Put a penalty on every kernel of layers that are not built yet."""
    for layer in layers:
        owner = getattr(layer, "cell", layer)
        for name in ("kernel", "recurrent", "embeddings"):
            if hasattr(owner, f"{name}_regularizer"):
                setattr(owner, f"{name}_regularizer", penalty)


def _glorot(seeds: Iterator[int]) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed=next(seeds))


def _dropout(rate: float, name: str, seeds: Iterator[int]) -> list[keras.layers.Layer]:
    return [keras.layers.Dropout(rate, seed=next(seeds), name=name)] if rate else []


def _encoder(
    config: ModelConfig, vocab_size: int, seeds: Iterator[int]
) -> Iterator[keras.layers.Layer]:
    if config.encoder == "embedding":
        initial = (
            keras.initializers.RandomUniform(-0.05, 0.05, seed=next(seeds))
            if config.embedding_stddev is None
            else keras.initializers.RandomNormal(0.0, config.embedding_stddev, seed=next(seeds))
        )
        yield Embedding(
            vocab_size, config.embedding_dim, embeddings_initializer=initial, name="encoder"
        )
    else:
        yield OneHot(vocab_size, name="onehot")
    if config.encoder == "tanh":
        yield keras.layers.Dense(
            config.rnn_units, "tanh", kernel_initializer=_glorot(seeds), name="encoder"
        )
    yield from _dropout(config.embedding_dropout, "encoder_dropout", seeds)


def _gpt(
    config: ModelConfig, vocab_size: int, seeds: Iterator[int]
) -> Iterator[keras.layers.Layer]:
    from dino_names.training.network.gpt_layers import (  # as the others do without it
        Block,
        Positions,
    )

    width = config.rnn_units
    heads = config.architecture(vocab_size).heads
    yield keras.layers.Embedding(
        vocab_size,
        width,
        embeddings_initializer=keras.initializers.RandomNormal(0.0, 0.02, seed=next(seeds)),
        name="encoder",
    )
    yield Positions(config.context or 0, seed=next(seeds), name="positions")
    for number in range(config.num_layers):
        yield Block(heads, config.dropout, seed=next(seeds), name=f"layer{number}")
    yield keras.layers.LayerNormalization(epsilon=1e-5, name="norm")


def _recurrent(
    config: ModelConfig, number: int, stateful: bool, precision: str, seeds: Iterator[int]
) -> keras.layers.Layer:
    kinds: dict[str, type[WeightDropped]] = {"gru": GRU, "lstm": LSTM, "rnn": SimpleRNN}
    own = {} if config.cell == "rnn" else {"precision": precision, "seed": next(seeds)}
    if config.cell == "rnn" and config.weight_dropout:
        own = {"seed": next(seeds)}
    return kinds[config.cell](
        config.rnn_units,
        **own,
        weight_dropout=config.weight_dropout,
        return_sequences=True,
        stateful=stateful,
        kernel_initializer=_glorot(seeds),
        recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
        name=f"layer{number}",
    )


def get_tensors(model: keras.Sequential, architecture: Architecture) -> Tensors:
    """The weights of a model under the names of its architecture, as float32.

    Raises:
        RunError: the model's weights do not have the architecture's shapes.
    """
    shapes = architecture.shapes()
    tensors = [variable.numpy().astype(np.float32) for variable in model.trainable_variables]
    if [tensor.shape for tensor in tensors] != list(shapes.values()):
        raise RunError(
            f"model: expected tensors of shapes {list(shapes.values())}, "
            f"received {[tensor.shape for tensor in tensors]}."
        )
    return dict(zip(shapes, tensors, strict=True))


def set_tensors(
    model: keras.Sequential, architecture: Architecture, tensors: Mapping[str, np.ndarray]
) -> None:
    """Give a model weights under the names of its architecture."""
    for variable, name in zip(model.trainable_variables, architecture.shapes(), strict=True):
        variable.assign(tensors[name])
