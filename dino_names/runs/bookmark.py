"""Where a training stands."""

from __future__ import annotations

from dataclasses import dataclass

from dino_names.checks import check_range


@dataclass
class Bookmark:
    """Where a training stands: the next batch to run, and what has been summed and decided.

    Arguments:
        epoch, batch: the next batch, both counted from 0.
        loss_sum: nats over the characters of this epoch so far.
        tokens: those characters.
        seconds: spent in this epoch so far.
        best: lowest validation figure so far.
        waited: epochs since then.
        finished: whether training has ended, by its epochs or by its patience.
    """

    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    tokens: int = 0
    seconds: float = 0.0
    best: float | None = None
    waited: int = 0
    finished: bool = False

    def check(self) -> None:
        """Refuse what no training can have reached.

        Raises:
            OptionError: a value is of another type or below its range.
        """
        for name in ("epoch", "batch", "tokens", "waited"):
            check_range(name, getattr(self, name), low=0, whole=True)
        for name in ("loss_sum", "seconds", *(["best"] if self.best is not None else [])):
            check_range(name, getattr(self, name), low=0)

    def count_epoch(self, figure: float | None, patience: int | None) -> bool:
        """Update the best figure at the end of an epoch.

        Arguments:
            figure: the lowest of its validation figures; None where nothing is held out.
            patience: epochs without a better one after which to stop; None for never.

        Returns:
            Whether patience is at its end.
        """
        better = figure is None or self.best is None or figure < self.best
        self.waited = 0 if better else self.waited + 1
        if figure is not None and better:
            self.best = figure
        return patience is not None and self.waited >= patience

    def left_of_round(self, batches: int, rounds: float | None) -> int | None:
        """How many batches are left of this round; None where all are to be trained.

        Rounds end at multiples of their length, so that a few parts of an epoch make a whole.

        Arguments:
            batches: in an epoch.
            rounds: length of a round in epochs; None for no rounds.
        """
        if rounds is None:
            return None
        done = self.epoch * batches + self.batch
        length = max(1.0, rounds * batches)
        number = done // length + 1
        while round(number * length) <= done:
            number += 1
        return round(number * length) - done
