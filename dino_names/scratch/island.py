"""The published dinosaur-island run, digit for digit.

The exercise that taught many people what a recurrent network is prints a loss and seven names
every 2000 iterations, and those lines can be found all over the web. Whoever runs it again
should see the same ones. So this file repeats its choices exactly: NumPy's legacy random
numbers, its order of initialising and shuffling, its way of seeding each character anew, and
the hidden state carried from one name into the next.

The legacy numbers come from generators of this file's own (`np.random.RandomState(seed)` gives
what `np.random.seed(seed)` and the global functions give), so the global one is never touched.

Losses and names up to iteration 12000 come out exactly on any ordinary machine. Training is
chaotic: a last bit that differs between two BLAS libraries has grown into the sixth decimal by
iteration 14000, and soon after into other names.

Source: Andrew Ng, Deep Learning Specialization, Sequence Models, "Character level language
model - Dinosaurus Island".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from dino_names.scratch import rnn
from dino_names.scratch.errors import LabError

END = "\n"


@dataclass(frozen=True)
class Report:
    """What is printed every 2000 iterations.

    Attributes:
        iteration: how many steps came before this one.
        loss: smoothed loss, nats per name.
        names: sampled, the first letter capitalised.
    """

    iteration: int
    loss: float
    names: tuple[str, ...]

    def __str__(self) -> str:
        names = "\n".join(self.names)
        return f"Iteration: {self.iteration}, Loss: {self.loss:f}\n\n{names}\n\n"


def read(text: str) -> tuple[str, list[str]]:
    r"""The characters in the order of their ids, and the names shuffled as published.

    Arguments:
        text: one name per line.

    Returns:
        The distinct characters of the lowercased text, sorted, the newline among them; and the
        stripped lines, shuffled with seed 0. An empty line counts as a name of no letters.

    Raises:
        LabError: no line has a letter.
    """
    text = text.lower()
    names = [line.strip() for line in text.split(END)]
    if not any(names):
        raise LabError("expected a text with one name per line, received no name.")
    np.random.RandomState(0).shuffle(names)
    return "".join(sorted({END, *text})), names


def choose(seed: int, k: int, probabilities: rnn.Array) -> int:
    """Draw character k of a name.

    The published loop seeds with k + seed and then adds one to seed, so that character k of a
    name which began with `seed` is drawn with 2k + seed.
    """
    return int(np.random.RandomState(2 * k + seed).choice(probabilities.size, p=probabilities))


def sample(
    parameters: rnn.Parameters, *, seed: int, end: int = 0, max_length: int = 50
) -> list[int]:
    """The ids of one name, drawn as published.

    Arguments:
        parameters: Wax, Waa, Wya, b, by.
        seed: of the first character.
        end: the id of the newline, 0 by default.
        max_length: characters at most, 50 by default.
    """
    return rnn.sample(parameters, partial(choose, seed), end=end, max_length=max_length)


def spell(ids: Sequence[int], characters: str) -> str:
    """A name with its first letter capitalised, without the newline at its end."""
    name = "".join(characters[index] for index in ids[:-1])
    return name[:1].upper() + name[1:]


def run(
    text: str, *, iterations: int = 22_001, every: int = 2000, names: int = 7
) -> Iterator[Report]:
    """The whole run.

    Arguments:
        text: one name per line.
        iterations: 22,001 by default, so that the last report is that of 22000.
        every: iterations from one report to the next, 2000 by default.
        names: how many are sampled for a report, 7 by default.

    Yields:
        A report at iteration 0, `every`, twice `every` and so on.

    Raises:
        LabError: the text has no name.
    """
    characters, words = read(text)
    ids = {character: index for index, character in enumerate(characters)}
    end = ids[END]
    rng = np.random.RandomState(1)
    parameters = rnn.initial_parameters(len(characters), 50, len(characters), rng)
    examples = [[ids[character] for character in word] for word in words]
    smoothed = np.log(len(characters)) * 7  # seven letters guessed at random
    for iteration, loss in rnn.train(examples, parameters, iterations=iterations, end=end):
        smoothed = 0.999 * smoothed + 0.001 * loss
        if iteration % every == 0:
            drawn = [sample(parameters, seed=seed, end=end) for seed in range(names)]
            spelled = tuple(spell(each, characters) for each in drawn)
            yield Report(iteration, float(smoothed), spelled)
