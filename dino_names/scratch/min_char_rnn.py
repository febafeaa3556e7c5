"""Learn running text character by character, and write more of it.

The network reads 25 characters, is told what came next after each, takes one step of Adagrad,
and goes on with the following 25 in the state it is in. At the end of the text it goes back to
the beginning and forgets. The same loop trains the plain RNN, the LSTM and the GRU, of one
layer or several.

Adagrad (Duchi and others, 2011) divides each step by the size of all gradients so far::

    memory += gradient * gradient
    parameter -= learning_rate * gradient / sqrt(memory + 1e-8)

Source: Andrej Karpathy, "The unreasonable effectiveness of recurrent neural networks" and its
min-char-rnn, 2015.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from dino_names.scratch.cell import State
from dino_names.scratch.errors import LabError
from dino_names.scratch.network import cross_entropy
from dino_names.scratch.rnn import Array, Parameters, clip
from dino_names.scratch.text_model import TextModel, new_model, sample

__all__ = ["History", "TextModel", "adagrad", "learn", "new_model", "sample", "slices", "train"]

Report = Callable[[int, float, str], object]


@dataclass(frozen=True)
class History:
    """How a training went.

    Attributes:
        losses: after each step, nats per sequence, smoothed; (steps,).
        length: characters of a sequence.
        samples: the step, and what was written after so many steps.
    """

    losses: Array
    length: int
    samples: tuple[tuple[int, str], ...]

    @property
    def nats_per_char(self) -> Array:
        """The smoothed loss per character, (steps,)."""
        return self.losses / self.length


def slices(ids: Sequence[int], length: int) -> Iterator[tuple[bool, list[int], list[int]]]:
    """The text in sequences, round and round.

    Arguments:
        ids: of the text.
        length: characters of a sequence.

    Yields:
        Whether the pointer is at 0, the ids to read, and the same shifted by one to predict.

    Raises:
        LabError: the text is too short for one sequence.
    """
    if length < 1 or len(ids) < length + 1:
        raise LabError(
            f"expected a text longer than one sequence of {length} characters (1 or more), "
            f"received {len(ids)}."
        )
    pointer = 0
    while True:
        if pointer + length + 1 > len(ids):
            pointer = 0
        reading = list(ids[pointer : pointer + length + 1])
        yield pointer == 0, reading[:-1], reading[1:]
        pointer += length


def adagrad(
    parameters: Parameters, gradients: Parameters, memory: Parameters, learning_rate: float
) -> None:
    """One step; the parameters and the memory are changed in place."""
    for name, gradient in gradients.items():
        memory[name] += gradient * gradient
        parameters[name] -= learning_rate * gradient / np.sqrt(memory[name] + 1e-8)


def learn(
    model: TextModel, ids: Sequence[int], *, length: int, learning_rate: float, limit: float
) -> Iterator[tuple[float, int, list[State]]]:
    """Take one step after the other, without end.

    Yields:
        The loss of a sequence in nats, the id that follows it, and the states after it.

    Raises:
        LabError: the text is too short for one sequence.
    """
    network, parameters = model.network, model.parameters
    memory = {name: np.zeros_like(value) for name, value in parameters.items()}
    states = network.initial_states()
    for beginning, X, Y in slices(ids, length):
        if beginning:
            states = network.initial_states()
        logits, traces = network.forward(parameters, X, states)
        loss, d_logits = cross_entropy(logits, Y)
        gradients, _ = network.backward(parameters, traces, d_logits)
        adagrad(parameters, clip(gradients, limit), memory, learning_rate)
        states = [trace.last for trace in traces]
        yield loss, Y[-1], states


def train(
    model: TextModel,
    text: str,
    *,
    steps: int = 30_000,
    length: int = 25,
    learning_rate: float = 0.1,
    limit: float = 5.0,
    every: int = 5000,
    sample_length: int = 200,
    temperature: float = 1.0,
    seed: int = 0,
    report: Report | None = None,
) -> History:
    """Train on running text.

    Arguments:
        model: its parameters are changed in place.
        text: of the model's characters.
        steps: sequences to learn from, 30,000 by default.
        length: characters of a sequence, 25 by default.
        learning_rate: of Adagrad, 0.1 by default, which suits one layer. The first step moves
            every weight that far, and two plain layers never recover from it; give them 0.01.
        limit: gradients are clipped to +-limit, 5 by default.
        every: steps from one sample to the next, 5000 by default; the first is untrained.
        sample_length, temperature: of a sample, 200 characters and 1 by default.
        seed: of the samples, 0 by default.
        report: called with the step, the smoothed loss and the sample as each is written.

    Returns:
        The smoothed losses (0.999 old + 0.001 new, starting at a guess) and the samples.

    Raises:
        LabError: an unknown character, a text too short for one sequence, or steps below 0.
    """
    if steps < 0 or every < 1:
        raise LabError(f"expected steps from 0 and every from 1, received {steps} and {every}.")
    next(slices(model.encode(text), length))  # refuses a short text before anything is written
    rng = np.random.default_rng(seed)
    write = partial(sample, model, rng, length=sample_length, temperature=temperature)
    smoothed = float(np.log(model.network.vocab_size)) * length
    losses: list[float] = []
    samples: list[tuple[int, str]] = []

    def note(written: str) -> None:
        samples.append((len(losses), written))
        if report:
            report(len(losses), smoothed, written)

    note(write(start=text[:1]))
    learning = learn(
        model, model.encode(text), length=length, learning_rate=learning_rate, limit=limit
    )
    for loss, follows, states in islice(learning, steps):
        smoothed = 0.999 * smoothed + 0.001 * loss
        losses.append(smoothed)
        if len(losses) % every == 0:
            note(write(start=model.characters[follows], states=states))
    return History(np.array(losses), length, tuple(samples))
