"""What the notebooks about the lab import so that their cells stay short. NumPy alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dino_names.arrays import Float64s

if TYPE_CHECKING:
    from dino_names.scratch.text_model import TextModel


REFERENCE = "DINO_NAMES_REFERENCE"


def island_file() -> str:
    """The list that the dinosaur-island run was published with, or else the one in `data/`.

    The published list is not ours to give away. Where DINO_NAMES_REFERENCE names a folder that
    holds it as `dinos.txt`, the run is the published one, digit for digit.
    """
    published = Path(os.environ.get(REFERENCE, "")) / "dinos.txt"
    if os.environ.get(REFERENCE) and published.is_file():
        return str(published)
    return "../data/dinosaurs.txt"


def island_losses(
    text: str, *, iterations: int, learning_rate: float = 0.01, limit: float = 5.0
) -> Float64s:
    """The smoothed losses of the dinosaur-island network.

    Arguments:
        text: one name per line.
        iterations: names to learn from.
        learning_rate, limit: as for `scratch.rnn.train`; a limit of `inf` clips nothing.

    Returns:
        Nats per name, (iterations,).
    """
    from dino_names.scratch import island, rnn

    characters, words = island.read(text)
    examples = [[characters.index(letter) for letter in word] for word in words]
    n = len(characters)
    parameters = rnn.initial_parameters(n, 50, n, np.random.default_rng(1))
    smoothed, losses = float(np.log(n)) * 7, []
    for _, loss in rnn.train(
        examples, parameters, iterations=iterations, learning_rate=learning_rate, limit=limit
    ):
        smoothed = 0.999 * smoothed + 0.001 * loss
        losses.append(smoothed)
    return np.array(losses)


def norms_back_in_time(
    radius: float, *, steps: int = 50, units: int = 50, seed: int = 0
) -> Float64s:
    """How a gradient grows or shrinks on its way back through a plain recurrent layer.

    Arguments:
        radius: the largest absolute eigenvalue of the recurrent matrix.
        steps: how far back, 50 by default.
        units: 50 by default.
        seed: of the matrix and of what the layer reads.

    Returns:
        The norm of the gradient 1 to `steps` steps back, where it was 1 at the start.
    """
    from dino_names.scratch import rnn

    rng = np.random.default_rng(seed)
    Waa = rng.standard_normal((units, units))
    Waa *= radius / np.abs(np.linalg.eigvals(Waa)).max()
    drive = 0.1 * rng.standard_normal((steps, units))
    a = rnn.unroll(drive, Waa, np.zeros(units), np.zeros(units))
    from_above = np.zeros((steps, units))
    from_above[-1] = 1 / np.sqrt(units)
    _, da = rnn.unroll_backward(from_above, Waa, a)
    return np.asarray(np.linalg.norm(da, axis=1)[::-1])


def english() -> str:
    """A text that every Python has: the topics of `help()`, some 370,000 characters.

    Paragraphs that come again are left out: what is held out of a text to measure on has to be
    new, and a fifth of these pages is there twice.

    Returns:
        Wrapped lines of technical English, printable ASCII and newlines alone.
    """
    from pydoc_data.topics import topics

    pages = "\n\n".join(topics[name] for name in sorted(topics))
    text = "\n\n".join(dict.fromkeys(pages.split("\n\n")))
    return "".join(character for character in text if character == "\n" or " " <= character <= "~")


def label_characters(text: str) -> dict[str, list[int]]:
    """What a unit of a network that reads English may have noticed about each character.

    Returns:
        By what it is about, one label for each character: whether it is a vowel; its place in
        its word, from 1 and at most 6, 0 between words; whether it is inside double quotes.
    """
    vowels = [int(character in "aeiouAEIOU") for character in text]
    places, quotes = [], []
    place = inside = 0
    for character in text:
        place = min(place + 1, 6) if character.isalpha() else 0
        inside ^= character == '"'
        places.append(place)
        quotes.append(int(inside))
    return {"vowel": vowels, "place in the word": places, "inside quotes": quotes}


def nats_per_char(model: TextModel, text: str) -> float:
    """What a network of the lab pays for a text, from a state of zeros, in nats per character."""
    from dino_names.scratch.network import cross_entropy

    ids = model.encode(text)
    states = model.network.initial_states()
    logits, _ = model.network.forward(model.parameters, ids[:-1], states)
    return cross_entropy(logits, ids[1:])[0] / (len(ids) - 1)


def mean_gates(model: TextModel, text: str) -> Float64s:
    """How much of its memory each unit keeps per step, on average over a text.

    Arguments:
        model: an LSTM or a GRU of the lab.
        text: read from a state of zeros.

    Returns:
        (units,): the mean of the LSTM's forget gate f, or of the GRU's update gate z.
    """
    ids = model.encode(text)
    _, traces = model.network.forward(model.parameters, ids, model.network.initial_states())
    return np.asarray(traces[-1].gates[{"lstm": 1, "gru": 0}[model.network.cell]].mean(axis=0))
