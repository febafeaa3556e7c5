"""A small GPT from Keras's own layers, to compare recurrent networks with.

Blocks with the normalisation before each part, as in GPT-2 (Radford et al. 2019).
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

EPSILON = 1e-5


@keras.saving.register_keras_serializable(package="dino_names")
class Positions(keras.layers.Layer):
    """Adds to each place of a sequence a vector that is learned.

    Arguments:
        context: longest sequence.
        seed: of the initial vectors.
    """

    def __init__(self, context: int, *, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.context, self.seed = context, seed

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the vectors, (context, features)."""
        initial = keras.initializers.RandomNormal(0.0, 0.02, seed=self.seed)
        self.table = self.add_weight(
            shape=(self.context, shape[-1]), initializer=initial, name="positions"
        )

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """(batch, time, features) to the same shape."""
        return inputs + self.table[: tf.shape(inputs)[1]]

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "context": self.context, "seed": self.seed}


@keras.saving.register_keras_serializable(package="dino_names")
class Block(keras.layers.Layer):
    """Causal attention and a dense layer four times as wide, each added to what came in.

    Arguments:
        heads: of the attention.
        dropout: on what each part adds.
        seed: of the initial weights and of dropout.
    """

    def __init__(self, heads: int, dropout: float = 0.0, *, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads, self.rate, self.seed = heads, dropout, seed

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the layers, in the order of their tensors in a model file."""
        layers, width = keras.layers, int(shape[-1] or 0)

        def normal(number: int) -> keras.initializers.Initializer:
            return keras.initializers.RandomNormal(0.0, 0.02, seed=self.seed + number)

        self.norm0 = layers.LayerNormalization(epsilon=EPSILON)
        self.attention = layers.MultiHeadAttention(
            self.heads, width // self.heads, kernel_initializer=normal(1)
        )
        self.norm1 = layers.LayerNormalization(epsilon=EPSILON)
        self.expand = layers.Dense(4 * width, kernel_initializer=normal(2))
        self.shrink = layers.Dense(width, kernel_initializer=normal(3))
        self.drop = layers.Dropout(self.rate, seed=self.seed + 4)
        for layer in (self.norm0, self.norm1, self.expand):
            layer.build(shape)
        self.attention.build(shape, shape)
        self.shrink.build((*shape[:-1], 4 * width))
        self.built = True

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """(batch, time, features) to the same shape."""
        normed = self.norm0(inputs)
        mixed = self.attention(normed, normed, use_causal_mask=True, training=training)
        inputs = inputs + self.drop(mixed, training=training)
        hidden = keras.ops.gelu(self.expand(self.norm1(inputs)), approximate=True)
        return inputs + self.drop(self.shrink(hidden), training=training)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"heads": self.heads, "dropout": self.rate, "seed": self.seed}
        return {**super().get_config(), **own}
