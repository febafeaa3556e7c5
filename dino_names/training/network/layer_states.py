"""The states that stateful layers keep from call to call: read, written, set to zero."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras
import numpy as np


def get_state(model: keras.Sequential) -> list[keras.Variable]:
    """The state of every stateful layer, which a model's own list of variables leaves out."""
    return [
        state
        for layer in model.layers
        if getattr(layer, "stateful", False)
        for state in layer.states or ()
    ]


def read_state(model: keras.Sequential) -> list[np.ndarray]:
    """Copies of what `get_state` holds."""
    return [np.array(state.numpy()) for state in get_state(model)]


def write_state(model: keras.Sequential, values: list[np.ndarray]) -> None:
    """Set what `get_state` holds."""
    for state, value in zip(get_state(model), values, strict=True):
        state.assign(value)


@contextlib.contextmanager
def stateless(model: keras.Sequential) -> Iterator[None]:
    """Let calls of a model begin at zero and leave its state alone, whatever their batch size.

    A graph that is traced inside keeps to it.
    """
    layers = [layer for layer in model.layers if getattr(layer, "stateful", False)]
    for layer in layers:
        layer.stateful = False
    try:
        yield
    finally:
        for layer in layers:
            layer.stateful = True


def reset_state(model: keras.Sequential) -> None:
    """Set the state of every stateful layer to zero."""
    for layer in model.layers:
        if getattr(layer, "stateful", False):
            layer.reset_state()
