"""Signals that ask to stop, and what becomes of them before there is anything to save."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

MESSAGE = b"\ndino-names: stopped, with nothing left to save.\n"


def heeded() -> list[signal.Signals]:
    """The signals that ask to stop, but for those that whoever started us has had ignored."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


@contextlib.contextmanager
def handled(
    handler: Callable[[int, FrameType | None], None] | signal.Handlers,
) -> Iterator[None]:
    """Give these signals a handler while the block runs."""
    kept = {number: signal.signal(number, handler) for number in heeded()}
    try:
        yield
    finally:
        for number, before in kept.items():
            signal.signal(number, signal.SIG_DFL if before is None else before)


@contextlib.contextmanager
def leaving_at_once() -> Iterator[None]:
    """While the block runs, a signal that asks to stop ends the process: 130, 143 or 129.

    This is for the seconds in which TensorFlow starts. An exception raised in the middle of
    that would be shown as a traceback, or lost.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is sent signals
        return
    errors = -1
    with contextlib.suppress(OSError):  # it may be closed
        errors = os.dup(2)  # descriptor 2 itself is pointed elsewhere meanwhile

    def leave(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(OSError):
            os.write(errors, MESSAGE)
        os._exit(128 + number)

    try:
        with handled(leave):
            yield
    finally:
        with contextlib.suppress(OSError):
            os.close(errors)


@contextlib.contextmanager
def left_to_the_system() -> Iterator[None]:
    """While the block runs, a signal that asks to stop ends the process as the system does it.

    This is for a call into C that waits for others with Python's lock held, in which no handler
    of Python's would run.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with handled(signal.SIG_DFL):
        yield


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
