"""Ctrl-C and SIGTERM while training: the first asks to stop, the second leaves at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from dino_names.signals import handled, heeded


class StopRequest:
    """Whether a signal has asked to stop, and which.

    Arguments:
        tell: called when the first one comes, in the middle of whatever goes on; None for
            nobody.

    Attributes:
        signal_number: the number of the signal, None before it comes.
    """

    def __init__(self, tell: Callable[[], None] | None = None) -> None:
        self.signal_number: int | None = None
        self._tell = tell

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self.signal_number = number
        # Saving may be what hangs, in C where no handler of Python's would run: from here on the
        # system's own handling ends the process.
        for other in heeded():
            signal.signal(other, signal.SIG_DFL)
        if self._tell is not None:
            self._tell()

    @contextlib.contextmanager
    def listening(self) -> Iterator[StopRequest]:
        """Take the signals while the block runs; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        with handled(self._receive):
            yield self
