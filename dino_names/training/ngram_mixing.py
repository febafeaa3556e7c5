"""The n-gram beside the network while it trains: how much each is to be trusted.

The weights are found on held-out names with an n-gram that has not seen them; the n-gram that
goes into the model file is then counted over all names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dino_names.arrays import Array, Floats, Integers
from dino_names.config import Config
from dino_names.corpus import Ids, PreparedNames, Rows, Vocabulary
from dino_names.engine import Weights, fit_each, fit_weights, log_softmax
from dino_names.errors import OptionError
from dino_names.ngram import (
    CategoryNgrams,
    Ngram,
    Windows,
    choose_shrinks,
    fit_rows,
    longest_order,
)
from dino_names.runs import mixing_section
from dino_names.storage import show

# Two numbers are found from them: more characters would not find them better, and each has
# logits for the whole vocabulary, several times over.
MOST_CHARACTERS = 30_000
MOST_LOGITS = 4_000_000
LEAST_GAIN = 1e-3

Counted = Ngram | CategoryNgrams


class NgramPartner:
    """An n-gram and its weight beside a network.

    Arguments:
        judged: of what the network learns from.
        kept: of that and of what is held out.
        vocabulary: of both.
    """

    def __init__(self, judged: Counted, kept: Counted, vocabulary: Vocabulary) -> None:
        self.judged, self.kept = judged, kept
        self.characters = len(vocabulary.characters)
        self.most = min(MOST_CHARACTERS, MOST_LOGITS // len(vocabulary))
        self.weights: Weights | None = None
        self.each: list[Weights] = []
        self._lists = vocabulary.tags
        self._log_probs: Floats | None = None

    @classmethod
    def of(
        cls,
        train_names: Sequence[str] | Rows,
        all_names: Sequence[str] | Rows,
        vocabulary: Vocabulary,
        *,
        order: int,
        start_boundary: bool,
    ) -> NgramPartner:
        """Count names.

        Arguments:
            train_names: what the network learns from.
            all_names: those and the held-out ones.
            vocabulary: of both.
            order: of the n-gram.
            start_boundary: whether a boundary stands before each name.
        """
        judged, kept = (
            fit_rows(Rows.of(names), vocabulary, order=order, start_boundary=start_boundary)
            for names in (train_names, all_names)
        )
        return cls(judged, kept, vocabulary)

    def mix(self, batches: list[tuple[Ids, Ids, Floats, Floats]]) -> float | None:
        """Find the weights for the network as it stands.

        Arguments:
            batches: of the held-out names, always the same ones, as many as make `most`
                characters: inputs, targets and what
                counts of them, each (batch, time), and the network's logits.

        Returns:
            Nats per character of the two together; None where the n-gram does not help.
        """
        counted = [weights > 0 for _, _, weights, _ in batches]
        if self._log_probs is None:
            self._settle(batches)
            shown = [
                self.judged.logits(inputs)[mask]
                for (inputs, *_), mask in zip(batches, counted, strict=True)
            ]
            self._log_probs = np.concatenate(shown)
        targets = np.concatenate(
            [t[mask] for (_, t, *_), mask in zip(batches, counted, strict=True)]
        )
        logits = np.concatenate(
            [
                logits[mask][:, : self.characters]
                for (*_, logits), mask in zip(batches, counted, strict=True)
            ]
        )
        alone = -log_softmax(logits)[np.arange(len(targets)), targets].mean()
        weights, nats = fit_weights(logits, self._log_probs, targets)
        self.weights = weights if nats < alone - LEAST_GAIN else None
        if self.weights is None:
            return None
        usual = [weights] * self._lists
        self.each = fit_each(logits, self._log_probs, targets, self._tags(batches), usual)
        return nats

    def _tags(self, batches: list[tuple[Ids, Ids, Floats, Floats]]) -> Integers:
        """Which category each character that counts is of."""
        return np.concatenate(
            [
                np.broadcast_to(inputs[:, :1].astype(np.int64), inputs.shape)[weights > 0]
                for inputs, _, weights, _ in batches
            ]
        ) - np.int64(self.characters)

    def _settle(self, batches: list[tuple[Ids, Ids, Floats, Floats]]) -> None:
        """Find out how far each category's n-gram is to be trusted beside that of all."""
        if isinstance(self.judged, CategoryNgrams) and isinstance(self.kept, CategoryNgrams):
            told = [(inputs, targets, weights > 0) for inputs, targets, weights, _ in batches]
            self.judged.shrinks = choose_shrinks(*self.judged.nats(told))
            self.kept.shrinks = self.judged.shrinks

    def sections(self) -> dict[str, Any] | None:
        """The model file's section `partner`; None where the n-gram does not help."""
        if self.weights is None:
            return None
        mixing = mixing_section(self.weights, self.each)
        return {"mixing": mixing, "ngram": self.kept.section}

    def tensors(self) -> dict[str, Array]:
        """The model file's tensors of the n-gram; none where it does not help."""
        return {} if self.weights is None else self.kept.to_tensors()


def check_prepared(names: PreparedNames, config: Config) -> None:
    """Refuse choices that a prepared list cannot be learned with.

    Raises:
        OptionError: the order is higher than it was prepared for; it is to be kept in the model.
    """
    if config.sample.keep_names:
        raise OptionError(
            f"keep_names: expected off with {show(names.path)}, a list too long to keep, received "
            "on; leave it out."
        )
    order = longest_order(config.model.ngram_order or 0, len(names.characters))
    if order > names.ngram_order:
        raise OptionError(
            f"ngram_order: expected at most {names.ngram_order or 'none'}, for which "
            f"{show(names.path)} was prepared, received {config.model.ngram_order}; lower it, or "
            f"prepare the list with --ngram-order {config.model.ngram_order}."
        )


def prepared_partner(names: PreparedNames, held_out: Sequence[str], config: Config) -> NgramPartner:
    """The n-gram beside a network that learns a prepared list.

    Arguments:
        names: the list.
        held_out: those of it that are not learned from.
        config: with an order.
    """
    vocabulary, size = names.vocabulary, len(names.characters)
    keys, counts = names.windows()
    every = Windows(keys, counts.astype(np.int64), names.ngram_order, size)
    ids, lengths = vocabulary.encode("".join(held_out)), np.array([len(name) for name in held_out])
    seen = Windows.of(ids, lengths, order=names.ngram_order, vocab_size=size)
    order, start = config.model.ngram_order or 0, config.data.start_boundary
    judged, kept = (
        windows.shortened(order).ngram(start_boundary=start)
        for windows in (every.without(seen), every)
    )
    return NgramPartner(judged, kept, vocabulary)
