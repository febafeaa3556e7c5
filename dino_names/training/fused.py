"""An optimizer's update as one compiled function: one pass over the weights instead of twenty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

# Below so many weights, compiling takes longer than it will ever save.
WORTH_COMPILING = 50_000


def fuse(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """Let XLA make one function of `optimizer.apply`, which both loops call.

    Arguments:
        optimizer: of any kind; it is changed and returned.
    """
    plain = optimizer.apply
    fused = tf.function(plain, jit_compile=True, autograph=False)

    @tf.autograph.experimental.do_not_convert
    def apply(grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> Any:
        size = sum(math.prod(weight.shape) for weight in trainable_variables or ())
        if not optimizer.built or size < WORTH_COMPILING:
            return plain(grads, trainable_variables)
        # What a lookup gives names its rows; the function takes whole gradients alone.
        return fused([tf.convert_to_tensor(gradient) for gradient in grads])

    if not tf.config.list_logical_devices("GPU"):
        optimizer.apply = apply
    return optimizer
