"""The program's own environment: a virtual one beside the corpus, made on first use."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from base.corpus.archives import sha256_of
from base.corpus.errors import SourceError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def python_of(build_folder: Path) -> Path:
    """The environment's interpreter, whether it is there yet or not."""
    return build_folder / "environment" / "bin" / "python"


def is_inside(build_folder: Path) -> bool:
    """Whether this process runs in the environment."""
    return Path(sys.prefix).resolve() == (build_folder / "environment").resolve()


def make(build_folder: Path) -> Path:
    """Make the environment with the pinned requirements if it is not there; its interpreter.

    Raises:
        SourceError: a requirement cannot be installed.
    """
    python, wanted = python_of(build_folder), sha256_of(REQUIREMENTS)
    done = build_folder / "environment" / ".sha256"
    if done.exists() and done.read_text(encoding="ascii") == wanted:
        return python
    venv.create(build_folder / "environment", clear=True, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        last = (result.stderr.strip() or "no message").splitlines()[-1]
        raise SourceError(f"the environment: expected {REQUIREMENTS.name} to install: {last}")
    done.write_text(wanted, encoding="ascii")
    return python
