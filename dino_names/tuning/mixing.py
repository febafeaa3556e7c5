"""How much a tuned network and the n-gram of its list are to be trusted: found by cross-fitting.

A short list has no names to spare. So it is cut into a few parts, each is left out once, network
and n-gram learn the others, and the two weights are found on all that was left out, with a prior
that was found over many lists, none of which they are used for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dino_names.arrays import Float64s, Integers
from dino_names.corpus import Names, Rows, Vocabulary
from dino_names.engine import Prior, Weights, fit_each, fit_weights, log_softmax
from dino_names.ngram import CategoryNgrams, Ngram, choose_shrinks, fit_rows
from dino_names.tuning.batches import ListBatches
from dino_names.tuning.network import Batch, logits_of
from dino_names.tuning.network import Weights as Tensors

# The two weights trade off along a line: what the one has more, the other has half less.
MEAN, ALONG = np.array([0.8, 0.2]), np.array([-0.5, 1.0])
SPREAD_ALONG, SPREAD_ACROSS = 0.2, 0.05
COVARIANCE: Float64s = SPREAD_ALONG**2 * np.outer(ALONG, ALONG) + SPREAD_ACROSS**2 * np.eye(2)
PRECISION: Float64s = np.asarray(np.linalg.inv(COVARIANCE), np.float64)
PRIOR = Prior(mean=MEAN, precision=PRECISION)
USUAL = Weights(network=float(MEAN[0]), ngram=float(MEAN[1]))
# An n-gram of the whole list knows more than those of its parts, which the weights are found for.
MORE_NGRAM, LESS_NETWORK = 0.05, 0.02


def cut(names: Sequence[str], *, folds: int, seed: int) -> list[tuple[str, ...]]:
    """The parts of a list, of like size, in an order of their own."""
    order = np.random.default_rng(seed).permutation(len(names))
    return [tuple(names[place] for place in sorted(order[k::folds])) for k in range(folds)]


def without(names: Sequence[str], part: Sequence[str]) -> tuple[str, ...]:
    """The other names."""
    gone = set(part)
    return tuple(name for name in names if name not in gone)


class CrossFit:
    """What networks make of the parts of a list that they have not seen, beside n-grams.

    Arguments:
        names: the whole list; what is in none of its parts is held out for good.
        parts: of it.
        networks: for each part the weights that learned the others.
        vocabulary: of the whole list.
        order: of the n-grams.

    Attributes:
        shrinks: how far each category's n-gram is to be trusted beside that of all; none without.
    """

    def __init__(
        self,
        names: Names,
        parts: Sequence[Sequence[str]],
        networks: Sequence[Tensors],
        vocabulary: Vocabulary,
        *,
        order: int,
    ) -> None:
        learned = [name for part in parts for name in part]
        ngrams = [
            fit_rows(names.chosen(without(learned, part)), vocabulary, order=order)
            for part in parts
        ]
        batches = [_batches(names.chosen(part), vocabulary) for part in parts]
        self.shrinks = _settle(ngrams, batches)
        read: list[tuple[Float64s, Float64s, Integers]] = []
        for ngram, batch, network in zip(ngrams, batches, networks, strict=True):
            read += _read(batch, network, ngram)
        self.logits = np.concatenate([logits for logits, _, _ in read])
        self.log_probs = np.concatenate([log_probs for _, log_probs, _ in read])
        self.targets = np.concatenate([targets for _, _, targets in read])
        characters = len(vocabulary.characters)
        self.lists = np.concatenate([_tags(b, characters) for part in batches for b in part])

    def mix(self) -> tuple[Weights, float]:
        """The weights for the whole list, and nats per character of what was left out."""
        weights, nats = fit_weights(self.logits, self.log_probs, self.targets, prior=PRIOR)
        return (
            Weights(network=weights.network - LESS_NETWORK, ngram=weights.ngram + MORE_NGRAM),
            nats,
        )

    def mix_each(self, weights: Weights) -> list[Weights]:
        """The weights for each category, beside those for all; none without categories."""
        usual = [weights] * len(self.shrinks)
        return fit_each(self.logits, self.log_probs, self.targets, self.lists, usual)

    @property
    def network_nats(self) -> float:
        """Nats per character of the networks alone."""
        return _nats(self.logits, self.targets)

    @property
    def ngram_nats(self) -> float:
        """Nats per character of the n-grams alone."""
        return _nats(self.log_probs, self.targets)


def _batches(rows: Rows, vocabulary: Vocabulary) -> list[Batch]:
    """Every row once, list after list."""
    even, tags = Rows(rows.names, rows.tags), np.array(rows.tags)
    lists = [even.at(np.flatnonzero(tags == tag)) for tag in np.unique(tags)] or [even]
    made = (ListBatches(each, vocabulary, batch_size=1, seed=0) for each in lists)
    return [batch for each in made for batch in each.all()]


def _tags(batch: Batch, characters: int) -> Integers:
    """Which category each character that counts is of."""
    tags = np.broadcast_to(batch.inputs[0][:, None] - characters, batch.counts.T.shape)
    return np.asarray(tags[batch.counts.T > 0])


def _settle(
    ngrams: Sequence[Ngram | CategoryNgrams], batches: Sequence[list[Batch]]
) -> list[float]:
    """The shrinks under which all parts together are likeliest, given to each n-gram."""
    found = [ngram for ngram in ngrams if isinstance(ngram, CategoryNgrams)]
    if not found:
        return []
    told = [[(b.inputs.T, b.targets.T, b.counts.T > 0) for b in part] for part in batches]
    judged = [ngram.nats(part) for ngram, part in zip(found, told, strict=True)]
    nats, characters = (np.sum(parts, axis=0) for parts in zip(*judged, strict=True))
    shrinks = choose_shrinks(nats, characters)
    for ngram in found:
        ngram.shrinks = shrinks
    return shrinks


def _read(
    batches: Sequence[Batch], network: Tensors, ngram: Ngram | CategoryNgrams
) -> Iterator[tuple[Float64s, Float64s, Integers]]:
    """Logits of the network, of the n-gram, and the characters that came, batch by batch."""
    for batch in batches:
        counts = batch.counts.T > 0
        logits = logits_of(network, batch).transpose(1, 0, 2)[counts]
        log_probs = ngram.logits(batch.inputs.T)[counts]
        # A tag is no character that could come.
        shown = logits[:, : log_probs.shape[1]].astype(np.float64)
        yield shown, log_probs.astype(np.float64), batch.targets.T[counts]


def _nats(logits: Float64s, targets: Integers) -> float:
    chosen = log_softmax(logits.copy())[np.arange(len(targets)), targets]
    return float(-chosen.mean())
