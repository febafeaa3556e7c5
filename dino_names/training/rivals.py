"""Networks of one size to set against each other: RNN, GRU, LSTM, and a small GPT.

The GPT is the decoder of Radford and others 2018, "Improving language understanding by generative
pre-training", with the layer norm before each part as in GPT-2.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from dino_names.architecture import Architecture
from dino_names.config import ModelConfig, TrainConfig
from dino_names.errors import OptionError, check_range
from dino_names.training.metrics import NatsPerCharacter
from dino_names.training.model import build_model, build_optimizer
from dino_names.training.pipeline import Pipeline
from dino_names.training.session import token_loss

KINDS = ("rnn", "gru", "lstm", "gpt")
EMBEDDING_DIM = 32
HEADS, BLOCKS = 4, 2


@keras.saving.register_keras_serializable(package="dino_names")
class Places(keras.layers.Layer):
    """Adds a learned vector for each place, since attention alone knows no order.

    Arguments:
        longest: places at most.
        kwargs: those of `keras.layers.Layer`.
    """

    def __init__(self, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the table, (longest, width)."""
        self.table = self.add_weight((self.longest, shape[-1]), "random_normal", name="table")

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """Add it to (batch, time, width), time at most `longest`."""
        return x + tf.convert_to_tensor(self.table)[: tf.shape(x)[1]]

    def get_config(self) -> dict[str, Any]:
        """The configuration of any layer, and `longest`."""
        return {**super().get_config(), "longest": self.longest}


def build_gpt(
    vocab_size: int, longest: int, *, width: int = 48, blocks: int = BLOCKS, seed: int = 0
) -> keras.Model:
    """A decoder: blocks of causal self-attention and a layer of 4 times the width.

    Arguments:
        vocab_size: characters.
        longest: characters that it can read at most.
        width: of everything; a multiple of the 4 heads.
        blocks: 2 by default.
        seed: of the weights.

    Returns:
        A model from ids (batch, time) to logits (batch, time, vocab_size).

    Raises:
        OptionError: the width is no multiple of 4.
    """
    if width < HEADS or width % HEADS:
        raise OptionError(f"width: expected a multiple of {HEADS}, received {width!r}.")
    keras.utils.set_random_seed(seed)
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = keras.layers.Embedding(vocab_size, width)(ids)
    x = Places(longest)(x)
    for _ in range(blocks):
        attention = keras.layers.MultiHeadAttention(HEADS, width // HEADS)
        normed = keras.layers.LayerNormalization()(x)
        x = x + attention(normed, normed, use_causal_mask=True)
        wide = keras.layers.Dense(4 * width, "gelu")(keras.layers.LayerNormalization()(x))
        x = x + keras.layers.Dense(width)(wide)
    logits = keras.layers.Dense(vocab_size)(keras.layers.LayerNormalization()(x))
    return keras.Model(ids, logits, name="gpt")


def build_rival(
    kind: str, vocab_size: int, *, budget: int, longest: int = 64, seed: int = 0
) -> keras.Model:
    """The largest network of a kind that has at most so many weights.

    Arguments:
        kind: `rnn`, `gru`, `lstm` or `gpt`.
        vocab_size: characters.
        budget: weights.
        longest: characters that a GPT can read at most.
        seed: of the weights.

    Raises:
        OptionError: no such kind, or not even the smallest fits.
    """
    if kind not in KINDS:
        raise OptionError(f"kind: expected one of {', '.join(KINDS)}, received {kind!r}.")
    check_range("budget", budget, low=20_000, whole=True)
    if kind == "gpt":
        width = HEADS
        while _gpt_weights(vocab_size, longest, width + HEADS) <= budget:
            width += HEADS
        return build_gpt(vocab_size, longest, width=width, seed=seed)
    units = 1
    while _shapes(kind, vocab_size, units + 1).parameters() <= budget:
        units += 1
    config = ModelConfig(cell=kind, embedding_dim=EMBEDDING_DIM, rnn_units=units)  # type: ignore[arg-type]
    return build_model(vocab_size, config=config, seed=seed)


def _shapes(kind: Any, vocab_size: int, units: int) -> Architecture:
    return Architecture(
        vocab_size=vocab_size, cell=kind, embedding_dim=EMBEDDING_DIM, rnn_units=units
    )


def _gpt_weights(vocab_size: int, longest: int, width: int) -> int:
    """Weights of `build_gpt`: embedding, places, blocks, the last norm and the output."""
    block = 12 * width * width + 13 * width
    ends = (vocab_size + longest) * width + 2 * width + (width + 1) * vocab_size
    return BLOCKS * block + ends


def train_rival(
    model: keras.Model, train: Pipeline, held_out: Pipeline, *, options: TrainConfig
) -> list[float]:
    """Train a network and measure it after each epoch.

    Arguments:
        model: built.
        train, held_out: names.
        options: epochs, optimizer, learning rate and its schedule.

    Returns:
        Nats per character of the held-out names, the boundary counted, after each epoch.
    """
    optimizer = build_optimizer(options, steps=options.epochs * train.batches)
    model.compile(optimizer, token_loss(), metrics=[NatsPerCharacter()], jit_compile=False)
    history = model.fit(
        train.dataset(0, options.epochs),
        epochs=options.epochs,
        steps_per_epoch=train.batches,
        validation_data=held_out.dataset(0, 1),
        validation_steps=held_out.batches,
        shuffle=False,  # the pipeline has done it
        verbose=0,
    )
    return [float(nats) for nats in history.history["val_nats_per_char"]]
