"""Embedding, GRU and Dense with their way back: the loss of a batch of names and its gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from dino_names.arrays import Array, Floats, Int32s
from dino_names.record import Record
from dino_names.tuning.recurrence import backward, forward

Weights = Mapping[str, Floats]

EMBEDDING, KERNEL, RECURRENT = "encoder.embedding", "layer0.kernel", "layer0.recurrent_kernel"
BIAS, OUTPUT, OUTPUT_BIAS = "layer0.bias", "output.kernel", "output.bias"
# What each list of several adds to the biases of all, where the names of a batch have tags.
INPUT_SHIFT, OUTPUT_SHIFT = "category.input_bias", "category.output_bias"
NAMES = (EMBEDDING, KERNEL, RECURRENT, BIAS, OUTPUT, OUTPUT_BIAS)


class Dropout(Record):
    """Shares left out in a step of training.

    Arguments:
        embedding: of the numbers of the embedding's table, the same for all names of a batch.
        recurrent: of the recurrent kernel, the same for all characters (Merity, Keskar, Socher
            2018, "Regularizing and optimizing LSTM language models").
        output: of the states that the output reads.
    """

    embedding: float = 0.0
    recurrent: float = 0.0
    output: float = 0.0


class Batch(NamedTuple):
    """Names of like length, time first.

    Arguments:
        inputs: ids, a boundary or the tag of a list first, (time, batch).
        targets: ids one step on, (time, batch).
        counts: 1 where a target counts, a boundary that ends a name among them, (time, batch).
    """

    inputs: Int32s
    targets: Int32s
    counts: Floats


def loss_and_gradients(
    weights: Weights, batch: Batch, dropout: Dropout, rng: np.random.Generator
) -> tuple[float, dict[str, Floats]]:
    """Nats per character that counts, and their gradient by every weight.

    Arguments:
        weights: of one network, under the names of `Architecture.shapes`; their type is that of
            all arithmetic.
        batch: at least one character that counts.
        dropout: none where all its shares are 0.
        rng: what is left out is drawn from it.
    """
    kind = weights[KERNEL].dtype
    bias, units = weights[BIAS], weights[RECURRENT].shape[0]
    kept = _mask(rng, weights[EMBEDDING].shape, dropout.embedding, kind)
    kept_kernel = _mask(rng, weights[RECURRENT].shape, dropout.recurrent, kind)
    embedding, kernel = weights[EMBEDDING] * kept, weights[RECURRENT] * kept_kernel
    table = embedding @ weights[KERNEL] + _early(bias, units)
    lists = _lists(weights, batch)
    read = table[batch.inputs]
    if lists is not None:
        read += weights[INPUT_SHIFT][lists]
    trace = forward(read, kernel, bias[1, 2 * units :])
    kept_states = _mask(rng, trace.states[1:].shape, dropout.output, kind)
    states = (trace.states[1:] * kept_states).reshape(-1, units)
    logits = states @ weights[OUTPUT] + weights[OUTPUT_BIAS]
    if lists is not None:
        logits += np.tile(weights[OUTPUT_SHIFT][lists], (len(batch.inputs), 1))
    loss, d_logits = _cross_entropy(logits, batch)
    upstream = (d_logits @ weights[OUTPUT].T).reshape(trace.candidates.shape) * kept_states
    found = backward(trace, kernel, upstream)
    d_table = _sum_by_id(batch.inputs, found.inputs, len(table))
    d_early = d_table.sum(axis=0)
    d_late = np.concatenate([d_early[: 2 * units], found.bias])
    gradients = {
        EMBEDDING: (d_table @ weights[KERNEL].T) * kept,
        KERNEL: embedding.T @ d_table,
        RECURRENT: found.kernel * kept_kernel,
        BIAS: np.stack([d_early, d_late]),
        OUTPUT: states.T @ d_logits,
        OUTPUT_BIAS: d_logits.sum(axis=0),
    }
    if lists is not None:
        by_name = d_logits.reshape(*batch.inputs.shape, -1).sum(axis=0)
        count = len(weights[INPUT_SHIFT])
        gradients[INPUT_SHIFT] = _sum_by_id(lists, found.inputs.sum(axis=0), count)
        gradients[OUTPUT_SHIFT] = _sum_by_id(lists, by_name, count)
    return loss, gradients


def logits_of(weights: Weights, batch: Batch) -> Floats:
    """What comes after each character of some names, (time, batch, vocab_size)."""
    units = weights[RECURRENT].shape[0]
    table = weights[EMBEDDING] @ weights[KERNEL] + _early(weights[BIAS], units)
    late = weights[BIAS][1, 2 * units :]
    lists, read = _lists(weights, batch), table[batch.inputs]
    if lists is not None:
        read += weights[INPUT_SHIFT][lists]
    states = forward(read, weights[RECURRENT], late).states[1:]
    logits = np.asarray(states @ weights[OUTPUT] + weights[OUTPUT_BIAS])
    return logits if lists is None else logits + weights[OUTPUT_SHIFT][lists]


def _lists(weights: Weights, batch: Batch) -> Int32s | None:
    """Which list each name is of, by the tag in front of it; None where there is one list."""
    if INPUT_SHIFT not in weights:
        return None
    characters = len(weights[EMBEDDING]) - len(weights[INPUT_SHIFT])
    return np.asarray(batch.inputs[0] - characters)


def _early(bias: Floats, units: int) -> Floats:
    """What of a GRU's bias can be added to the input's share of the gates."""
    early: Floats = bias[0].copy()
    early[: 2 * units] += bias[1, : 2 * units]
    return early


def _mask(
    rng: np.random.Generator, shape: tuple[int, ...], rate: float, kind: np.dtype[np.floating]
) -> Floats:
    """1 / (1 - rate) where a number stays and 0 where it is left out; 1 without dropout."""
    if not rate:
        return np.ones((1,) * len(shape), kind)
    return np.asarray((rng.random(shape, np.float32) >= rate) / kind.type(1 - rate), kind)


def _cross_entropy(logits: Floats, batch: Batch) -> tuple[float, Floats]:
    """The mean over the characters that count, and its gradient by the logits."""
    counts, rows = batch.counts.reshape(-1), np.arange(len(logits))
    logits -= logits.max(axis=1, keepdims=True)
    chosen = logits[rows, batch.targets.reshape(-1)]
    odds = np.exp(logits, out=logits)
    totals = odds.sum(axis=1)
    share = counts / counts.sum()
    loss = float(((np.log(totals) - chosen) * share).sum())
    odds *= (share / totals)[:, None]
    odds[rows, batch.targets.reshape(-1)] -= share
    return loss, odds


def _sum_by_id(ids: Int32s, rows: Floats, count: int) -> Array:
    """The sum of the rows of each id, (count, width), as a product, which is faster than adding."""
    flat = ids.reshape(-1)
    chosen = np.zeros((count, flat.size), rows.dtype)
    chosen[flat, np.arange(flat.size)] = 1
    return np.asarray(chosen @ rows.reshape(flat.size, -1))
