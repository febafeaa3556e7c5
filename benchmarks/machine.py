"""What a table was measured on."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
PACKAGES = ("numpy", "tensorflow", "keras")


def describe(torch_python: str | None) -> str:
    """The processor, its cores, what it multiplies, and the versions; nothing that names it.

    Arguments:
        torch_python: the interpreter that has PyTorch, or None.
    """
    text = ""
    with contextlib.suppress(OSError):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    model = re.search(r"model name\s*:\s*(.*)", text)
    flags = re.search(r"flags\s*:\s*(.*)", text)
    versions = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{package} {importlib.metadata.version(package)}")
    if torch_python:
        versions.append(f"torch {torch_version(torch_python)}")
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores"
        f"{_instructions(set(flags[1].split())) if flags else ''}; {', '.join(versions)}."
    )


def _instructions(flags: set[str]) -> str:
    has = [flag for flag in FLAGS if flag in flags]
    lacks = [flag for flag in FLAGS if flag not in flags]
    return f", {', '.join(has)}" + (f", no {', '.join(lacks)}" if lacks else "")


def find_torch() -> str | None:
    """The interpreter that runs this, if it has PyTorch."""
    return sys.executable if importlib.util.find_spec("torch") else None


def torch_version(python: str) -> str:
    """Of the PyTorch that an interpreter has.

    Raises:
        RuntimeError: it has none.
    """
    code = "import importlib.metadata as m; print(m.version('torch'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{python}: expected an interpreter with PyTorch, which it has not.")
    return done.stdout.strip()
