"""Looking into a trained network: what its units do, and how far back its gradient reaches.

Nothing is drawn here; the arrays are for `plotting.lab`, or for anything else.

Source: Karpathy, Johnson and Fei-Fei, "Visualizing and understanding recurrent networks", 2015
(units); Bengio, Simard and Frasconi, "Learning long-term dependencies with gradient descent is
difficult", 1994 (gradient norms).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.scratch.cell import State
from dino_names.scratch.errors import LabError
from dino_names.scratch.min_char_rnn import TextModel
from dino_names.scratch.network import cross_entropy
from dino_names.scratch.rnn import Array


def hidden_activations(model: TextModel, text: str, *, layer: int = -1) -> Array:
    """What each unit of a layer shows after each character.

    Arguments:
        model: trained or not.
        text: read from a state of zeros.
        layer: 0 is the lowest, -1 (default) the highest.

    Returns:
        (time, units), between -1 and 1; row t belongs to the state after character t was read.

    Raises:
        LabError: a character is unknown, or there is no such layer.
    """
    layers = model.network.layers
    if not -layers <= layer < layers:
        raise LabError(f"layer: expected -{layers} to {layers - 1}, received {layer!r}.")
    states = model.network.initial_states()
    _, traces = model.network.forward(model.parameters, model.encode(text), states)
    return traces[layer].out


@dataclass(frozen=True)
class Responses:
    """What the units of a layer respond to.

    Attributes:
        labels: the distinct labels, sorted.
        means: mean activation of each unit under each label, (units, labels).
        explained: share of each unit's variance between labels, (units,); 1 for a unit which the
            label says everything about, 0 for one it says nothing about.
    """

    labels: tuple[Hashable, ...]
    means: Array
    explained: Array


def responses(activations: Array, labels: Sequence[Hashable]) -> Responses:
    """How much of what units do is told by a label of each character.

    Arguments:
        activations: as `hidden_activations` gives them, (time, units).
        labels: one for each character: the character itself, its place in the line, whether it
            is a vowel.

    Returns:
        The mean of each unit under each label, and the share of variance explained.

    Raises:
        LabError: as many labels as characters were expected.
    """
    if len(labels) != len(activations) or not labels:
        raise LabError(f"labels: expected {len(activations)} (1 or more), received {len(labels)}.")
    distinct = tuple(sorted(set(labels), key=lambda label: (str(type(label)), label)))
    place = {label: index for index, label in enumerate(distinct)}
    member = np.eye(len(distinct))[[place[label] for label in labels]]  # (time, labels)
    counts = member.sum(axis=0)
    means = activations.T @ member / counts  # (units, labels)
    total = activations.var(axis=0)
    between = ((means - activations.mean(axis=0)[:, None]) ** 2) @ counts / len(labels)
    # A unit that never moves has no variance to explain.
    explained = np.divide(between, total, out=np.zeros_like(total), where=total > 1e-12)
    return Responses(distinct, means, explained)


def gradient_norms(
    model: TextModel, text: str, *, distance: int = 50, windows: int = 20, every: bool = False
) -> Array:
    """How much of the gradient of one prediction arrives at the states before it.

    Windows are spread evenly over the text. In each, the loss of the last character alone is
    taken back through time, and the norm of its gradient at the carried state of all layers
    (of an LSTM: a and c together) is averaged over the windows. With `every`, it is the sum of
    the losses of all characters, which is what training descends: then each state hears of near
    predictions too, and the norms hide how little of the far ones arrives.

    Arguments:
        model: trained or not.
        text: of more than `distance` characters.
        distance: steps to go back, 50 by default.
        windows: how many, 20 by default.
        every: whether the losses of all characters are summed; the last alone by default.

    Returns:
        (distance + 1,): number k is the norm at the state k steps before the prediction. Only
        a is seen by the prediction itself, so the cell of an LSTM counts from number 1 on.

    Raises:
        LabError: the text is too short, or a character is unknown.
    """
    ids = model.encode(text)
    if distance < 1 or windows < 1 or len(ids) < distance + 1:
        raise LabError(
            f"expected distance and windows from 1 and a text of at least {distance + 1} "
            f"characters, received {distance}, {windows} and {len(ids)}."
        )
    starts = np.linspace(0, len(ids) - distance - 1, windows).astype(int)
    norms = np.zeros(distance + 1)
    for start in starts:
        # What stands before the window puts the network into a state that it would be in.
        before = ids[max(0, start - distance) : start]
        _, traces = model.network.forward(model.parameters, before, model.network.initial_states())
        states = [trace.last for trace in traces]
        norms += _window_norms(model, ids[start : start + distance + 1], states, every)
    return norms / windows


def _window_norms(
    model: TextModel, window: Sequence[int], states: Sequence[State], every: bool
) -> Array:
    """Norms at distances 0 to len(window) - 1, from the window's last loss or from all of them."""
    logits, traces = model.network.forward(model.parameters, window[:-1], states)
    d_logits = cross_entropy(logits, window[1:])[1]
    if not every:
        d_logits[:-1] = 0
    _, layers = model.network.backward(model.parameters, traces, d_logits)
    parts = np.concatenate([part for layer in layers for part in layer.d_states], axis=1)
    # At the prediction itself: what reaches each layer from the one above it, or the readout.
    above = [layer.d_x[-1] for layer in layers[1:]] + [d_logits[-1] @ model.parameters["Wya"]]
    here = np.linalg.norm(np.concatenate(above))
    return np.append(np.linalg.norm(parts, axis=1), here)[::-1]


def distance_to_fraction(norms: Array, fraction: float = 0.01) -> int | None:
    """The first distance at which norms have fallen below a fraction of the first.

    Arguments:
        norms: as `gradient_norms` gives them.
        fraction: 0.01 by default.

    Returns:
        Steps back, or None where the norms stay above as far as they go.
    """
    below = np.flatnonzero(norms < fraction * norms[0])
    return int(below[0]) if below.size else None
