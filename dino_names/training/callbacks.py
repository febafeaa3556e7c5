"""Keras's callbacks beside a session: told the same in both loops, in Keras's order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras

from dino_names.config import Config
from dino_names.errors import OptionError

if TYPE_CHECKING:
    from dino_names.training.session import Session

RATE_CHANGERS = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)


def check_callbacks(callbacks: Sequence[Any], config: Config) -> None:
    """Refuse what is no callback, and what would work against the session.

    Raises:
        OptionError: says why.
    """
    for callback in callbacks:
        kind = type(callback).__name__
        if not isinstance(callback, keras.callbacks.Callback):
            raise OptionError(f"callbacks: expected some of keras.callbacks, received a {kind}.")
        if isinstance(callback, keras.callbacks.BackupAndRestore):
            raise OptionError(
                "callbacks: expected no BackupAndRestore, since a run saves all that resuming "
                "needs and goes on to the same bits; leave it out and use resume=True."
            )
        if isinstance(callback, RATE_CHANGERS) and config.train.schedule != "constant":
            raise OptionError(
                f"callbacks: expected schedule='constant' with {kind}, received "
                f"{config.train.schedule!r}, which sets the rate of each step itself; add "
                "schedule='constant'."
            )


class First(keras.callbacks.Callback):
    """Tells the session what a loop does, and those behind it what the session found.

    Arguments:
        session: what is told.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Pass on that an epoch begins."""
        self.session.begin_epoch(epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Pass on the loss of a batch."""
        self.session.after_batch(float((logs or {})["loss"]))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Pass on that an epoch ends, and end the loop where the session says so."""
        if not self.session.after_epoch():
            self.model.stop_training = True
        if logs is not None:
            logs.update(logs_of(self.session))


class Last(keras.callbacks.Callback):
    """Keeps what callbacks before it have changed: an end, another learning rate.

    Arguments:
        session: what keeps it.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save again, and for good where a callback ended the training."""
        self.session.after_callbacks(stopped=bool(self.model.stop_training))


def around(session: Session) -> list[keras.callbacks.Callback]:
    """The callbacks of a training: the session's own, with the user's between."""
    users = session.callbacks
    return [First(session), *users, *([Last(session)] if users else [])]


def logs_of(session: Session) -> dict[str, float]:
    """What callbacks are told of the last epoch, under Keras's names and the history's."""
    row = session.history[-1]
    logs = {name: float(row[name]) for name in ("loss", "learning_rate")}
    logs |= {name: float(row[name]) for name in row if name.startswith("val_")}
    if "val_nats_per_char" in row:
        logs["val_loss"] = logs["val_nats_per_char"]
    return logs
