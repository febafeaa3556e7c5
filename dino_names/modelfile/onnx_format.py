"""A network as an ONNX file, for runtimes that have neither this package nor TensorFlow.

Written from the tensors: Gather, GRU, LSTM or RNN, MatMul, Add. Ids (batch, time) go in, logits
(batch, time, vocab_size) come out, each sequence from a state of zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dino_names.arrays import Array, Floats
from dino_names.config import GATES, Architecture
from dino_names.errors import MissingExtraError, OptionError

# Opset 14 has GRU, LSTM and RNN as they are still, and every runtime of these years reads it.
OPSET, IR_VERSION = 14, 8
OPERATORS = {"gru": "GRU", "lstm": "LSTM", "rnn": "RNN"}
# Where each of ONNX's gates is among Keras's: GRU z, r, h in both; LSTM i, o, f, c from i, f, c, o.
ORDER = {"gru": (0, 1, 2), "lstm": (0, 3, 1, 2), "rnn": (0,)}


def character_rows(sizes: Architecture, tensors: Mapping[str, Array]) -> Floats:
    """What the first cell reads of each character, whatever the encoder, (vocab_size, width)."""
    if sizes.encoder == "embedding":
        rows = tensors["encoder.embedding"]
    elif sizes.encoder == "tanh":
        rows = np.tanh(tensors["encoder.kernel"] + tensors["encoder.bias"])
    else:
        rows = np.eye(sizes.vocab_size)
    return np.asarray(rows, np.float32)


def to_onnx(sizes: Architecture, tensors: Mapping[str, Array]) -> bytes:
    """The file of one network.

    Arguments:
        sizes: of it.
        tensors: under the names of `Architecture.shapes`.

    Raises:
        OptionError: a small gpt, which no operator of ONNX is.
        MissingExtraError: onnx is not installed.
    """
    if sizes.cell == "gpt":
        raise OptionError(
            "cell: expected a gru, an lstm or an rnn, received a gpt; ONNX has no operator for it."
        )
    try:
        from onnx import TensorProto, checker, helper, numpy_helper
    except ImportError:
        raise MissingExtraError(
            "onnx: expected it to be installed; run: pip install 'dino-names[onnx]'"
        ) from None
    nodes, weights = _graph(sizes, tensors, helper.make_node)
    shape = ["batch", "time"]
    graph = helper.make_graph(
        nodes,
        "characters",
        [helper.make_tensor_value_info("ids", TensorProto.INT32, shape)],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*shape, sizes.vocab_size])],
        [numpy_helper.from_array(np.ascontiguousarray(w), name) for name, w in weights.items()],
    )
    versions = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=versions, producer_name="dino_names")
    model.ir_version = IR_VERSION
    checker.check_model(model)
    return bytes(model.SerializeToString())


def _graph(
    sizes: Architecture, tensors: Mapping[str, Array], node: Callable[..., Any]
) -> tuple[list[Any], dict[str, Array]]:
    """The operations from ids to logits, and the tensors that they read."""
    weights = {"rows": character_rows(sizes, tensors), "first": np.array([1], np.int64)}
    nodes = [
        node("Gather", ["rows", "ids"], ["read"]),
        node("Transpose", ["read"], ["layer0.in"], perm=[1, 0, 2]),
    ]
    about: dict[str, Any] = {"hidden_size": sizes.rnn_units}
    if sizes.cell == "gru":
        about["linear_before_reset"] = 1
    for layer in range(sizes.num_layers):
        weights |= _layer(sizes.cell, tensors, layer)
        name = f"layer{layer}"
        inputs = [f"{name}.in", *(f"{name}.{part}" for part in ("w", "r", "b"))]
        nodes += [
            node(OPERATORS[sizes.cell], inputs, [f"{name}.both"], **about),
            node("Squeeze", [f"{name}.both", "first"], [f"layer{layer + 1}.in"]),
        ]
    weights |= {"kernel": tensors["output.kernel"], "bias": tensors["output.bias"]}
    nodes += [
        node("Transpose", [f"layer{sizes.num_layers}.in"], ["states"], perm=[1, 0, 2]),
        node("MatMul", ["states", "kernel"], ["products"]),
        node("Add", ["products", "bias"], ["logits"]),
    ]
    return nodes, weights


def _layer(cell: str, tensors: Mapping[str, Array], layer: int) -> dict[str, Array]:
    """The kernels and the biases of a layer as ONNX has them, one direction each."""

    def gates(matrix: Array) -> Array:
        parts = np.split(np.asarray(matrix, np.float32), GATES[cell], axis=-1)
        return np.concatenate([parts[place] for place in ORDER[cell]], axis=-1)

    name = f"layer{layer}"
    bias = gates(tensors[f"{name}.bias"])
    # A GRU has a bias for the input and one for the state; others have one, and ONNX two.
    both = bias.ravel() if cell == "gru" else np.concatenate([bias, np.zeros_like(bias)])
    return {
        f"{name}.w": gates(tensors[f"{name}.kernel"]).T[None],
        f"{name}.r": gates(tensors[f"{name}.recurrent_kernel"]).T[None],
        f"{name}.b": both[None],
    }
