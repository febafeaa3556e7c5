"""A predictor that knows a list of names and their probabilities exactly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.generation.name_model import NameModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.name_hashes import hash_names


class TrieState:
    """What each name of a batch has been so far."""

    def __init__(self, read: list[str]) -> None:
        self.read = read

    def keep(self, rows: np.ndarray) -> None:
        self.read = [self.read[row] for row in rows]

    def pick(self, rows: np.ndarray) -> TrieState:
        return TrieState([self.read[row] for row in rows])


class Trie:
    """Says of each character how much of the weight of the names that begin so is its own."""

    def __init__(self, weights: Mapping[str, float], vocabulary: Vocabulary) -> None:
        self.weights = {"\n" + name + "\n": weight for name, weight in weights.items()}
        self.vocabulary = vocabulary
        self.vocab_size = len(vocabulary)
        self.rows_stepped = 0
        self.largest_batch = 0

    def initial_state(self, batch: int) -> TrieState:
        return TrieState([""] * batch)

    def step(self, ids: np.ndarray, state: TrieState) -> np.ndarray:
        assert len(ids) == len(state.read)
        self.rows_stepped += len(ids)
        self.largest_batch = max(self.largest_batch, len(ids))
        letters = self.vocabulary.decode(ids)
        state.read = [read + letter for read, letter in zip(state.read, letters, strict=True)]
        shares = np.array([self._shares(read) for read in state.read])
        with np.errstate(divide="ignore"):
            return np.log(shares).astype(np.float32)

    def _shares(self, read: str) -> list[float]:
        # A model without a boundary at the start is given the first letter at once.
        read = read if read.startswith("\n") else "\n" + read
        mass = [
            sum(w for name, w in self.weights.items() if name.startswith(read + letter))
            for letter in self.vocabulary.characters
        ]
        return [part / sum(mass) for part in mass]


def trie_model(
    weights: Mapping[str, float],
    *,
    training_names: list[str] | None = None,
    start_boundary: bool = True,
    longest_name: int = 10,
    temperature: float = 1.0,
    top_k: int | None = None,
) -> NameModel:
    """A model whose names have these probabilities, but for a factor."""
    vocabulary = Vocabulary.of(weights)
    architecture = Architecture(
        vocab_size=len(vocabulary), cell="rnn", encoder="onehot", rnn_units=1
    )
    bundle = Bundle(
        architecture=architecture,
        vocabulary=vocabulary,
        tensors={
            name: np.zeros(shape, np.float32) for name, shape in architecture.all_shapes().items()
        },
        start_boundary=start_boundary,
        longest_name=longest_name,
        temperature=temperature,
        top_k=top_k,
        training_names=None if training_names is None else hash_names(training_names),
    )
    return NameModel(bundle, predictor=Trie(weights, vocabulary))
