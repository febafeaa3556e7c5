"""`generate` and `generate PROMPT`, answered before the command line's library is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CALL = [sys.executable, "-m", "dino_names"]


def called(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CALL, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [["generate"], ["generate", "ram"]])
def test_a_name_is_printed_without_click(arguments: list[str]) -> None:
    code = "from dino_names.__main__ import main, sys; main(); assert 'click' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip("\n").lower().startswith("".join(arguments[1:]))
    assert done.stdout.endswith("\n") and len(done.stdout) > 3


@pytest.mark.parametrize("prompt", ["Ω", "x" * 2_000, "a\nb", "\udce9"])
def test_what_cannot_be_is_refused_as_with_any_option(prompt: str) -> None:
    plain, others = called("generate", prompt), called("generate", prompt, "-n", "1")
    assert plain.returncode == others.returncode == 2
    assert plain.stderr == others.stderr and plain.stderr.count("\n") == 1
    assert not plain.stdout


def test_an_option_and_a_help_text_are_left_to_click() -> None:
    for arguments in (["generate", "--help"], ["generate", "-n", "2"], ["generate", "--", "Ram"]):
        assert called(*arguments).returncode == 0


def test_an_output_that_takes_nothing_is_said_and_a_closed_one_is_none() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no full device")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*CALL, "generate", "Ram"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "No space left" in done.stderr
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *CALL, "generate", "Ram"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (0, "")
