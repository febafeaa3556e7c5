"""The optimizer, its update one compiled function: one pass over the weights instead of twenty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from dino_names.config import TrainConfig
from dino_names.training.network.learning_rate import learning_rate
from dino_names.training.network.weight_average import WeightAverage

# Below so many weights, compiling takes longer than it will ever save.
WORTH_COMPILING = 50_000


def fuse(
    optimizer: keras.optimizers.Optimizer, average: WeightAverage | None = None
) -> keras.optimizers.Optimizer:
    """Let XLA make one function of `optimizer.apply`, which both loops call.

    A lookup's gradient names a row as often as it was looked up. Keras 3 squares each of these
    shares, where Adam's definition has the square of their sum; here they are summed first.

    Arguments:
        optimizer: of any kind; it is changed and returned.
        average: of the weights, which moves after each step, within the same function.
    """
    kept = optimizer.apply

    def plain(grads: Sequence[Any], variables: Sequence[Any] | None = None) -> None:
        kept(grads, variables)
        if average:
            average.update(optimizer.iterations.value)

    fused = tf.function(plain, jit_compile=True, autograph=False)
    worthwhile = not tf.config.list_logical_devices("GPU")

    @tf.autograph.experimental.do_not_convert
    def apply(grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> Any:
        grads = [tf.convert_to_tensor(gradient) for gradient in grads]
        size = sum(math.prod(weight.shape) for weight in trainable_variables or ())
        if worthwhile and optimizer.built and size >= WORTH_COMPILING:
            return fused(grads)
        return plain(grads, trainable_variables)

    optimizer.apply = apply
    return optimizer


def build_optimizer(
    config: TrainConfig, *, steps: int, average: WeightAverage | None = None
) -> keras.optimizers.Optimizer:
    """The optimizer with its learning rate and clipping.

    Arguments:
        config: optimizer, learning rate, clipping.
        steps: batches in the whole training, for the learning rate.
        average: of the weights, to move after each step.
    """
    rate = learning_rate(config, steps=steps)
    clip = {"global_clipnorm": config.clip_norm, "clipvalue": config.clip_value}
    if config.optimizer == "adamw":
        return fuse(keras.optimizers.AdamW(rate, weight_decay=config.weight_decay, **clip), average)
    if config.optimizer == "rmsprop":
        return fuse(keras.optimizers.RMSprop(rate, rho=config.rho, **clip), average)
    kinds = {
        "adam": keras.optimizers.Adam,
        "adagrad": keras.optimizers.Adagrad,
        "sgd": keras.optimizers.SGD,
    }
    return fuse(kinds[config.optimizer](rate, **clip), average)
