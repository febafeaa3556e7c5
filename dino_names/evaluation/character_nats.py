"""What a predictor makes of names, character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.arrays import Float64s, Int32s, Int64s
from dino_names.corpus import Vocabulary
from dino_names.engine import Predictor
from dino_names.errors import DinoNamesError

BATCH = 256
BINS = 10


@dataclass(frozen=True, eq=False)
class CharacterNats:
    """Nats of every character, name after name.

    Arguments:
        nats: minus the logarithm of each character's probability, the boundary that ends a name
            among them, (characters,).
        lengths: how many of them each name has, (names,), each at least 1.
        skipped: characters at the beginning of each name that are not among them.
        calibration: None, or three rows of BINS numbers: how many probabilities fell into each
            tenth, their sum, and how many of these characters came.
    """

    nats: Float64s
    lengths: Int64s
    skipped: int = 0
    calibration: Float64s | None = None

    @property
    def nats_per_char(self) -> float:
        """Over all characters of all names."""
        return float(self.nats.mean())

    def per_name(self) -> Float64s:
        """Nats of each name, (names,)."""
        return np.add.reduceat(self.nats, self._starts())

    def by_position(self) -> tuple[Int64s, Float64s, Int64s]:
        """Which position, the mean of its characters' nats, and how many there are.

        Positions count from 1; each is an array of shape (positions,).
        """
        places = np.arange(len(self.nats)) - np.repeat(self._starts(), self.lengths)
        counts = np.bincount(places)
        means = np.bincount(places, self.nats) / counts
        return np.arange(len(counts)) + 1 + self.skipped, means, counts

    def _starts(self) -> Int64s:
        return np.cumsum(self.lengths) - self.lengths


def read(
    predictor: Predictor,
    vocabulary: Vocabulary,
    names: Sequence[str],
    *,
    start_boundary: bool = True,
    skip: int = 0,
    calibrate: bool = False,
    batch: int = BATCH,
) -> CharacterNats:
    """Let a predictor read names.

    Arguments:
        predictor: says what may come next.
        vocabulary: with every character of the names.
        names: at least one.
        start_boundary: whether a boundary is read before each, so that its first letter is
            predicted too.
        skip: how many of the predicted characters at the beginning of each are not to count.
        calibrate: whether to fill `CharacterNats.calibration`.
        batch: how many names at once.

    Raises:
        PromptError: a character is not in the vocabulary.
        DinoNamesError: the predictor gives NaN or inf.
    """
    lengths = np.fromiter(map(len, names), np.int64, len(names)) + int(start_boundary) - skip
    starts = np.cumsum(lengths) - lengths
    nats = np.empty(lengths.sum())
    calibration = np.zeros((3, BINS)) if calibrate else None
    order = np.argsort(-lengths, kind="stable")  # Like lengths share a batch.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for first in range(0, len(order), batch):
            rows = order[first : first + batch]
            ids = vocabulary.encode_names([names[row] for row in rows], start=start_boundary)
            for time, log_probs, targets in _steps(predictor, ids, lengths[rows] + skip):
                if time < skip:
                    continue
                going = len(targets)
                nats[starts[rows[:going]] + time - skip] = -log_probs[np.arange(going), targets]
                if calibration is not None:
                    _calibrate(calibration, np.exp(log_probs), targets)
    if not np.isfinite(nats).all():
        raise DinoNamesError(
            "logits: expected finite numbers, received NaN or inf; the model's weights are "
            "damaged or its training diverged: train it again."
        )
    return CharacterNats(nats, lengths, skip + 1 - int(start_boundary), calibration)


def _steps(
    predictor: Predictor, ids: Int32s, lengths: Int64s
) -> Iterator[tuple[int, Float64s, Int32s]]:
    """Time, logarithms of all probabilities and what came, for names in falling order of length.

    Names that have ended are left out: those that go on are the first rows.
    """
    state = predictor.initial_state(len(ids))
    live = len(ids)
    for time in range(lengths[0]):
        going = int(np.count_nonzero(lengths > time))
        if going < live:
            live = going
            state.keep(np.arange(live))
        logits = predictor.step(ids[:live, time], state).astype(np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        yield time, logits, ids[:live, time + 1]


def _calibrate(calibration: Float64s, probabilities: Float64s, targets: Int32s) -> None:
    """Add a batch's probabilities to the tenths that they fall into."""
    tenths = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    calibration[0] += np.bincount(tenths.ravel(), minlength=BINS)
    calibration[1] += np.bincount(tenths.ravel(), probabilities.ravel(), minlength=BINS)
    came = tenths[np.arange(len(targets)), targets]
    calibration[2] += np.bincount(came, minlength=BINS)
