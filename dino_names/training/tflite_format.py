"""A network as a LiteRT file (.tflite) of built-in operations: one step for a batch of one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from dino_names.arrays import Array
from dino_names.config import Architecture
from dino_names.errors import OptionError
from dino_names.modelfile import character_rows


class _Step(tf.Module):
    """One character in, logits and the new states out; LSTM states are hidden and cell."""

    def __init__(self, sizes: Architecture, tensors: Mapping[str, Array]) -> None:
        super().__init__()
        self.sizes = sizes
        self.tensors = {name: tf.constant(tensor) for name, tensor in tensors.items()}
        self.rows = tf.constant(character_rows(sizes, tensors))

    def __call__(self, ids: tf.Tensor, **states: tf.Tensor) -> dict[str, tf.Tensor]:
        below, found = tf.gather(self.rows, ids), dict[str, tf.Tensor]()
        for layer in range(self.sizes.num_layers):
            name = f"state{layer}"
            new = _cell(self.sizes.cell, below, states, name, self._of(f"layer{layer}."))
            found |= new
            below = new[name]
        found["logits"] = tf.matmul(below, self.tensors["output.kernel"])
        found["logits"] += self.tensors["output.bias"]
        return found

    def _of(self, prefix: str) -> dict[str, tf.Tensor]:
        tensors = self.tensors.items()
        return {name.removeprefix(prefix): t for name, t in tensors if name.startswith(prefix)}


def _cell(
    kind: str,
    read: tf.Tensor,
    states: Mapping[str, tf.Tensor],
    name: str,
    weights: Mapping[str, tf.Tensor],
) -> dict[str, tf.Tensor]:
    """The new states of a layer; the equations are those of `engine.cells`."""
    hidden, bias = states[name], weights["bias"]
    above = tf.matmul(read, weights["kernel"])
    back = tf.matmul(hidden, weights["recurrent_kernel"])
    if kind == "rnn":
        return {name: tf.tanh(above + back + bias)}
    if kind == "gru":
        update, reset, candidate = tf.split(above + bias[0], 3, axis=1)
        update_back, reset_back, candidate_back = tf.split(back + bias[1], 3, axis=1)
        update, reset = tf.sigmoid(update + update_back), tf.sigmoid(reset + reset_back)
        candidate = tf.tanh(candidate + reset * candidate_back)
        return {name: update * hidden + (1 - update) * candidate}
    into, forget, candidate, out = tf.split(above + back + bias, 4, axis=1)
    cell = tf.sigmoid(forget) * states[f"{name}_cell"] + tf.sigmoid(into) * tf.tanh(candidate)
    return {name: tf.sigmoid(out) * tf.tanh(cell), f"{name}_cell": cell}


def to_tflite(sizes: Architecture, tensors: Mapping[str, Array]) -> bytes:
    """The file of one network: its signature `step` goes from `ids` and states to `logits`.

    `ids` is int32 of shape (1,), `logits` float32 of shape (1, vocab_size); each `state0`,
    `state1`, ... is float32 of shape (1, rnn_units), zeros before a name, in and out under the
    same name, and an LSTM has `state0_cell` and so on beside them.

    Arguments:
        sizes: of the network.
        tensors: under the names of `Architecture.shapes`.

    Raises:
        OptionError: a small gpt, whose state grows with the text.
    """
    if sizes.cell == "gpt":
        raise OptionError(
            "cell: expected a gru, an lstm or an rnn, received a gpt, whose state grows with every "
            "character; write .onnx of another cell, or .safetensors."
        )
    names = [f"state{layer}" for layer in range(sizes.num_layers)]
    if sizes.cell == "lstm":
        names += [f"{name}_cell" for name in names]
    specs = {name: tf.TensorSpec((1, sizes.rnn_units), tf.float32, name=name) for name in names}
    module = _Step(sizes, {name: np.asarray(t, np.float32) for name, t in tensors.items()})
    step = tf.function(module.__call__).get_concrete_function(
        tf.TensorSpec((1,), tf.int32, name="ids"), **specs
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions([step], module)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    return bytes(converter.convert())
