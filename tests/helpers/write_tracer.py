"""Runs a function in a child process and stops it at each system call that changes a file.

At one of them the child is killed as by a power cut, or the call fails as on a full disk; what
C libraries write is seen as well as what Python writes. Linux on x86-64, by ptrace(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dino_names.errors import DinoNamesError

TRACEME, POKEUSER, SYSCALL, SETOPTIONS, PEEKUSER = 0, 6, 24, 0x4200, 3
TRACESYSGOOD, EXITKILL = 0x1, 0x100000
SYSCALL_STOP = signal.SIGTRAP | 0x80
# Where the registers of a stopped process lie, in words of 8 bytes.
RAX, RDX, RSI, RDI, NUMBER = 10, 12, 13, 14, 15
# System calls that change what a descriptor names, and those that change what a path names.
BY_DESCRIPTOR = {1: "write", 18: "pwrite64", 20: "writev", 74: "fsync", 75: "fdatasync",
                 77: "ftruncate", 285: "fallocate"}  # fmt: skip
BY_PATH = {2: (RDI, RSI), 257: (RSI, RDX), 82: (RDI, None), 87: (RDI, None), 76: (RDI, None),
           264: (RSI, None), 316: (RSI, None), 263: (RSI, None)}  # fmt: skip
PATH_NAMES = {2: "open", 257: "open", 82: "rename", 87: "unlink", 76: "truncate", 264: "rename",
              316: "rename", 263: "unlink"}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
LIMIT_SECONDS = 60
ESCAPED = 99


@dataclass(frozen=True)
class Outcome:
    """What became of the child.

    Arguments:
        calls: the calls that changed a file of the folder, each `name file`.
        status: exit status, or minus the signal that ended it.
        message: of the error that ended it, or the traceback of one that should not have.
    """

    calls: tuple[str, ...]
    status: int
    message: str


def available() -> bool:
    """Whether processes can be traced here."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    return trace(lambda: None, Path("/nowhere")).status == 0


def trace(
    function: Callable[[], object],
    folder: Path,
    *,
    kill_at: int | None = None,
    fail_at: int | None = None,
    code: int = 0,
    once: bool = True,
) -> Outcome:
    """Run a function in a child and hand back what it did to the files of a folder.

    Arguments:
        function: called in the child.
        folder: whose files are watched.
        kill_at: the call, counted from 0, before which the child is killed.
        fail_at: the call that fails instead of being made.
        code: with which error.
        once: whether later ones are made again; otherwise they fail as well.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fork beside threads; the child uses none of them
        child = os.fork()
    if child == 0:
        _be_child(function, writer)
    os.close(writer)
    try:
        calls, status = _watch(child, folder, kill_at, fail_at, code, once)
        with os.fdopen(reader, "rb", closefd=False) as pipe:
            message = pipe.read().decode()
    finally:
        os.close(reader)
    return Outcome(tuple(calls), status, message)


def _be_child(function: Callable[[], object], writer: int) -> None:
    status, message = ESCAPED, ""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(LIMIT_SECONDS)
        LIBC.ptrace(TRACEME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        function()
        status = 0
    except DinoNamesError as error:
        status, message = error.exit_status, str(error)
    except BaseException:
        message = traceback.format_exc()
    finally:
        os.write(writer, message.encode())
        os._exit(status)


def _watch(
    child: int, folder: Path, kill_at: int | None, fail_at: int | None, code: int, once: bool
) -> tuple[list[str], int]:
    os.waitpid(child, 0)
    LIBC.ptrace(SETOPTIONS, child, None, TRACESYSGOOD | EXITKILL)
    calls: list[str] = []
    entering, failing, passed_on = True, False, 0
    while True:
        LIBC.ptrace(SYSCALL, child, None, passed_on)
        _, status = os.waitpid(child, 0)
        passed_on = 0
        if not os.WIFSTOPPED(status):
            return calls, os.waitstatus_to_exitcode(status)
        if os.WSTOPSIG(status) != SYSCALL_STOP:
            passed_on = os.WSTOPSIG(status)
        elif entering:
            entering, name = False, _changes(child, folder)
            if name is None:
                continue
            calls.append(name)
            if kill_at == len(calls) - 1:
                os.kill(child, signal.SIGKILL)
            due = fail_at is not None and len(calls) - 1 >= fail_at
            if due and (not once or len(calls) - 1 == fail_at):
                failing = True
                LIBC.ptrace(POKEUSER, child, 8 * NUMBER, -1)
        else:
            entering = True
            if failing:
                failing = False
                LIBC.ptrace(POKEUSER, child, 8 * RAX, -code)


def _changes(child: int, folder: Path) -> str | None:
    """The call that the child is about to make, if it changes a file of the folder."""
    number = _register(child, NUMBER)
    try:
        if number in BY_DESCRIPTOR:
            path = Path(f"/proc/{child}/fd/{_register(child, RDI) & 0xFFFFFFFF}").readlink()
            name = BY_DESCRIPTOR[number]
        elif number in BY_PATH:
            where, flags = BY_PATH[number]
            if flags is not None and not _register(child, flags) & WRITING:
                return None
            path, name = Path(_text(child, _register(child, where))), PATH_NAMES[number]
        else:
            return None
    except OSError:
        return None
    inside = path == folder or folder in path.parents
    return f"{name} {path.name.rpartition('-')[2] or path.name}" if inside else None


def _register(child: int, place: int) -> int:
    value: int = LIBC.ptrace(PEEKUSER, child, 8 * place, None)
    return value


def _text(child: int, address: int) -> str:
    with open(f"/proc/{child}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        memory.seek(address)
        return memory.read(1024).partition(b"\0")[0].decode(errors="surrogateescape")


def _load() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    return libc


LIBC = _load()
