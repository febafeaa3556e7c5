"""A small GPT in NumPy, one character at a time, its keys and values kept from step to step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from dino_names.arrays import Float32s, Integers
from dino_names.config import Architecture
from dino_names.errors import OptionError

Arrays = Mapping[str, Float32s]

EPSILON = np.float32(1e-5)


class GptState:
    """What was read of each name or text, and its keys and values in each block.

    Arguments:
        ids: shape (batch, context), of which `length` are filled.
        caches: keys and values, two of shape (batch, heads, context, features) a block.
        length: how many characters are in them.
    """

    def __init__(self, ids: Integers, caches: list[Float32s], length: int = 0) -> None:
        self.ids, self.caches, self.length = ids, caches, length

    def keep(self, rows: Integers) -> None:
        """Drop all rows but these."""
        self.ids = self.ids[rows]
        self.caches = [cache[rows] for cache in self.caches]

    def pick(self, rows: Integers) -> GptState:
        """A copy of these rows, each of which may come more than once."""
        return GptState(self.ids[rows], [cache[rows] for cache in self.caches], self.length)


class Gpt:
    """A network of `training.network.gpt_layers`, as a `Predictor`.

    It sees the last `context` characters at most: when they are full, the older half is
    forgotten and the newer one read again, from the first position on.

    Arguments:
        architecture: the sizes.
        tensors: of one network, under the names of `Architecture.shapes`.

    Raises:
        OptionError: the tensors are not those of the architecture.
    """

    def __init__(self, architecture: Architecture, tensors: Mapping[str, Any]) -> None:
        received = {name: tensors[name].shape for name in tensors}
        if received != architecture.shapes():
            raise OptionError(f"tensors: expected {architecture.shapes()}, received {received}.")
        self.vocab_size = architecture.vocab_size
        self._sizes = architecture
        self._weights = {name: np.asarray(value, np.float32) for name, value in tensors.items()}
        width = architecture.rnn_units
        self._blocks = []
        for layer in range(architecture.num_layers):
            prefix = f"layer{layer}."
            own = {
                name.removeprefix(prefix): value
                for name, value in self._weights.items()
                if name.startswith(prefix)
            }
            for part in ("query", "key", "value"):
                own[f"{part}.kernel"] = own[f"{part}.kernel"].reshape(width, width)
            own["mix.kernel"] = own["mix.kernel"].reshape(width, width)
            self._blocks.append(own)

    def initial_state(self, batch: int) -> GptState:
        """The state before the first character."""
        sizes = self._sizes
        features = sizes.rnn_units // sizes.heads
        shape = (batch, sizes.heads, sizes.context, features)
        caches = [np.zeros(shape, np.float32) for _ in range(2 * sizes.num_layers)]
        return GptState(np.zeros((batch, sizes.context), np.int32), caches)

    def step(self, ids: Integers, state: GptState) -> Float32s:
        """Read one character of each name; see `Predictor.step`."""
        if state.length == self._sizes.context:
            again = state.ids[:, self._sizes.context - self._sizes.context // 2 :].copy()
            state.length = 0
            for column in again.T:
                self._read(column, state)
        hidden = self._read(ids, state)
        weights = self._weights
        hidden = _normalise(hidden, weights["norm.gamma"], weights["norm.beta"])
        return np.asarray(hidden @ weights["output.kernel"] + weights["output.bias"])

    def _read(self, ids: Integers, state: GptState) -> Float32s:
        place = state.length
        state.ids[:, place] = ids
        state.length += 1
        weights = self._weights
        hidden: Float32s = weights["encoder.embedding"][ids] + weights["encoder.positions"][place]
        for number, block in enumerate(self._blocks):
            keys, values = state.caches[2 * number : 2 * number + 2]
            normed = _normalise(hidden, block["norm0.gamma"], block["norm0.beta"])
            hidden = hidden + self._attend(normed, block, keys, values, place)
            normed = _normalise(hidden, block["norm1.gamma"], block["norm1.beta"])
            wide = _gelu(normed @ block["expand.kernel"] + block["expand.bias"])
            hidden = hidden + wide @ block["shrink.kernel"] + block["shrink.bias"]
        return hidden

    def _attend(
        self, normed: Float32s, block: Arrays, keys: Float32s, values: Float32s, place: int
    ) -> Float32s:
        """Attention to all places so far: softmax(q K / sqrt(features)) V (Vaswani et al. 2017)."""
        batch, heads, _, features = keys.shape

        def project(part: str) -> Float32s:
            flat = normed @ block[f"{part}.kernel"]
            split = flat.reshape(batch, heads, features)
            return np.asarray(split + block[f"{part}.bias"])

        keys[:, :, place], values[:, :, place] = project("key"), project("value")
        query = project("query")[:, :, None] / np.float32(math.sqrt(features))
        scores = query @ keys[:, :, : place + 1].swapaxes(2, 3)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ values[:, :, : place + 1]).reshape(batch, heads * features)
        return np.asarray(mixed @ block["mix.kernel"] + block["mix.bias"])


def _normalise(values: Float32s, gamma: Float32s, beta: Float32s) -> Float32s:
    """Layer normalisation (Ba, Kiros, Hinton 2016)."""
    values = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt((values * values).mean(axis=-1, keepdims=True) + EPSILON)
    return np.asarray(values / spread * gamma + beta)


def _gelu(values: Float32s) -> Float32s:
    """The Gaussian error linear unit (Hendrycks, Gimpel 2016), with its tanh."""
    inner = np.float32(math.sqrt(2 / math.pi)) * (values + np.float32(0.044715) * values**3)
    return np.asarray(0.5 * values * (1 + np.tanh(inner)), np.float32)
