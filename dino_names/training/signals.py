"""Ctrl-C and SIGTERM while training: the first asks to stop, the second leaves at once."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Whether a signal has asked to stop, and which.

    Attributes:
        signal_number: the number of the signal, None before it comes.
    """

    def __init__(self) -> None:
        self.signal_number: int | None = None

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.signal_number is not None:
            # Saving may be what hangs: let the system's own handling end the process.
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.signal_number = number

    @contextlib.contextmanager
    def listening(self) -> Iterator[StopRequest]:
        """Take the signals while the block runs; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        kept = {number: signal.signal(number, self._receive) for number in SIGNALS}
        try:
            yield self
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)
