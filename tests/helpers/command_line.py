"""The command line, called in the process of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dino_names.commands.main import run


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The exit status, and what went to standard output and to standard error."""
    status = run([*map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line with which a wrong call is refused."""
    status, out, err = call(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("dino-names: ") and err.count("\n") == 1
    return err


def installed(folder: Path, site: Path, *arguments: str) -> str:
    """What Python says in a folder away from the sources, with the wheel installed in `site`."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout
