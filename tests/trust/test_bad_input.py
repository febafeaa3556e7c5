"""Numbers, prompts and paths that are wrong: each is one line, and none a traceback.

Name files are in `test_corpus_hostile.py`, run folders in `test_run_folders.py`.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

import dino_names
from dino_names.commands.main import run
from dino_names.config.presets import choose
from dino_names.config.sections import SECTIONS
from dino_names.errors import DinoNamesError, InputError, OptionError
from tests.helpers.tiny_runs import command_line

HUGE = 10**5_000
WHOLE = "expected a whole number"

# Options of generate, what they are given, and a part of the sentence.
NUMBERS: list[tuple[str, Any, str]] = [
    ("n", 0, f"n: {WHOLE} at least 1 and at most 10000000, received 0."),
    ("n", -1, "received -1."),
    ("n", 10**9, "received 1000000000."),
    ("n", 1.5, f"n: {WHOLE}"),
    ("n", "5", f"n: {WHOLE} at least 1 and at most 10000000, received '5'."),
    ("n", True, f"n: {WHOLE}"),
    ("n", HUGE, "received a number of thousands of digits."),
    ("temperature", -0.1, "temperature: expected a number at least 0 and at most 100.0"),
    ("temperature", np.nan, "received nan."),
    ("temperature", np.inf, "received inf."),
    ("temperature", 1e300, "received 1e+300."),
    ("temperature", "warm", "received 'warm'."),
    ("temperature", HUGE, "thousands of digits"),
    ("top_k", 0, f"top_k: {WHOLE} at least 1, received 0."),
    ("top_k", -3, "received -3."),
    ("top_k", 2.0, "received 2.0."),
    ("top_p", 0.0, "top_p: expected a number above 0 and at most 1, received 0.0."),
    ("top_p", 1.01, "received 1.01."),
    ("top_p", np.nan, "received nan."),
    ("top_p", -np.inf, "received -inf."),
    ("seed", -1, f"seed: {WHOLE} at least 0 and at most 18446744073709551615, received -1."),
    ("seed", 2**64, "received 18446744073709551616."),
    ("seed", 0.5, f"seed: {WHOLE}"),
    ("seed", HUGE, "thousands of digits"),
    ("min_length", -1, f"min_length: {WHOLE} at least 0 and at most 1000, received -1."),
    ("min_length", 1_001, "received 1001."),
    ("max_length", 0, f"max_length: {WHOLE} at least 1 and at most 1000, received 0."),
    ("max_length", HUGE, "thousands of digits"),
    ("max_length", [3], "received [3]."),
]


# Some values cannot be written out, so that cases are named by their place.
@pytest.mark.parametrize(
    ("option", "value", "message"), NUMBERS, ids=[f"number{n}" for n, _ in enumerate(NUMBERS)]
)
def test_a_number_is_refused_by_the_api(option: str, value: Any, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        dino_names.generate_many("Ram", **{option: value})
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command refuses its call with."""
    status = run(arguments)
    out, errors = capsys.readouterr()
    assert (status, out) == (2, "")
    assert errors.startswith("dino-names: ")
    assert errors.count("\n") == 1
    assert errors[:-1].isprintable()
    return errors


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "-inf", "1e400", "x", "", "9" * 5_000])
@pytest.mark.parametrize(
    "flag", ["-n", "--temperature", "--top-k", "--top-p", "--seed", "--min-length", "--max-length"]
)
def test_a_number_is_refused_by_the_command_line(
    flag: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = complaint(["generate", "Ram", flag, value], capsys)
    assert flag.strip("-").replace("-", "_") in line.replace("-", "_")


# Prompts, and a part of the sentence each gets.
PROMPTS = [
    ("Ram\N{LATIN SMALL LETTER O WITH STROKE}", "received 'ø' in 'Ramø'"),
    ("RAM5", "received '5' in 'RAM5'"),
    ("ram\x1b[31m", "received '\\x1b', '1', '3', '[' in 'ram\\x1b[31m'"),
    ("a\tb", "received '\\t' in 'a\\tb'"),
    ("a\nb", "expected it on one line, received 'a\\nb'"),
    ("a\rb", "received '\\r' in 'a\\rb'"),
    ("\0", "received '\\x00'"),
    ("\u202eab", "received '\\u202e'"),
    ("\ud800", "received '\\ud800'"),
    ("e\u0301", "received '\u00e9'"),
    ("\U0001f995", "received '🦕' in '🦕'"),
    ("%s{x}", "'%', '{', '}'"),
    ("a" * 100_000, "prompt: expected at most max_length, "),
]


@pytest.mark.parametrize(
    ("prompt", "message"), PROMPTS, ids=[f"prompt{n}" for n, _ in enumerate(PROMPTS)]
)
def test_a_prompt_is_refused(prompt: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    for use in (dino_names.generate, dino_names.load().score):
        with pytest.raises(InputError) as caught:
            use(prompt)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400
    line = complaint(["generate", "--", prompt], capsys)
    assert message in line


def test_an_empty_prompt_is_no_mistake_and_an_empty_name_is() -> None:
    assert dino_names.generate("", seed=1)
    assert dino_names.generate(" \n", seed=1) == dino_names.generate("", seed=1)
    with pytest.raises(InputError, match="name: expected 1 to 1000 characters, received 0"):
        dino_names.load().score("")


# The configuration: every number of it

VALUES: list[Any] = [0, -1, 0.5, -0.5, 1e-300, 1e300, 10**30, HUGE, np.nan, np.inf, -np.inf]
VALUES += [None, True, "8", "", [], {}, b"", 1j, Decimal("NaN"), object(), np.zeros(2), len]
FIELDS = [item.name for section in SECTIONS.values() for item in fields(section)]


@pytest.mark.parametrize("name", FIELDS)
def test_a_choice_of_the_configuration_is_taken_or_refused(name: str) -> None:
    refused = 0
    for value in VALUES:
        try:
            choose(None, **{name: value})
        except OptionError as error:
            refused += 1
            assert str(error).isprintable()
            assert len(str(error)) < 500
    assert refused >= len(VALUES) // 2


@pytest.mark.parametrize("name", FIELDS)
def test_a_choice_on_the_command_line_is_taken_or_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hint = next(
        get_type_hints(section)[name]
        for section in SECTIONS.values()
        if name in {item.name for item in fields(section)}
    )
    if hint is bool:
        return  # a flag without a value
    flag = "--" + name.replace("_", "-")
    whole = int in (hint, *get_args(hint))
    for value in ("-1", "nan", "inf", "1e999", "x", "", "9" * 5_000, *(["0.5"] if whole else [])):
        # There is no such file, so that what is taken does not train.
        line = complaint(["train", "nowhere.txt", flag, value], capsys)
        assert name.replace("_", "-") in line.replace("_", "-") or "nowhere.txt" in line


# Paths

LONG = "x" * 300
PATHS: list[tuple[list[str], str]] = [
    (["generate", "--model", ""], "received a folder without run.json"),
    (["generate", "--model", "a\0b"], "received embedded null byte"),
    (["generate", "--model", LONG], "File name too long"),
    (["generate", "--model", "\x1b[2J"], "'\\x1b[2J': expected a model file"),
    (["generate", "--model", "\udcff"], "'\\udcff': expected a model file"),
    (["generate", "--model", "/dev/zero"], "a pipe, a socket or a device"),
    (["generate", "--model", "/"], "/: expected a model file or a run folder"),
    (["inspect", "names.txt"], "received a text. To learn from a list of names"),
    (["inspect", "names.txt/more"], "expected a model file"),
    (["score", "Rex", "--model", "names.txt"], "received a text"),
    (["evaluate", "names.txt"], "received a text"),
    (["evaluate", "nowhere"], "none of this name"),
    (["export", "names.txt", "-o", "x.safetensors"], "expected a run folder with run.json"),
    (["export", "nowhere", "-o", "x.safetensors"], "nowhere: expected a run folder with run.json"),
    (["export", "a\0b", "-o", "x.safetensors"], "null byte"),
    (["export", LONG, "-o", "x.safetensors"], "File name too long"),
    (
        ["export", ".", "-o", "x.safetensors", "--epoch", "-1"],
        "expected the number of an epoch or last",
    ),
    (
        ["export", ".", "-o", "x.safetensors", "--epoch", "\u0661"],
        "expected the number of an epoch or last",
    ),
    (["train", "nowhere.txt"], "none of this name"),
    (["train", "a\0b"], "null byte"),
    (["train", "/dev/zero"], "received a device"),
    (["train", "."], "received a folder"),
    (["train", "names.txt", "--resume", "--out", "nowhere"], "expected a run to resume"),
    (["train", "names.txt", "--resume", "--out", LONG], "expected a"),
    (["train", "names.txt", "--rnn-units", "8192", "--num-layers", "16"], "at most 60000000"),
]


@pytest.fixture
def three_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own to work in, with a list in it."""
    monkeypatch.chdir(tmp_path)
    Path("names.txt").write_text("Abba\nRamo\nRex\n")


@pytest.mark.usefixtures("three_names")
@pytest.mark.tensorflow
@pytest.mark.parametrize(("arguments", "message"), PATHS)
def test_a_path_is_refused(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(arguments) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    last = errors.splitlines()[-1]
    assert last.startswith("dino-names: ")
    assert last.isprintable()
    assert message in last


@pytest.mark.usefixtures("three_names")
@pytest.mark.tensorflow
@pytest.mark.parametrize("out", ["names.txt", "/dev/null", "/proc/none", "a\0b", "names.txt/in"])
def test_a_run_folder_that_cannot_be_made_is_refused(
    out: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["train", "names.txt", "--out", out]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "expected a folder that can be written, received: " in last


# The real command line, in processes of its own

CALLS: list[tuple[tuple[str, ...], int]] = [
    (("generate", "\udcff\x1b"), 2),
    (("generate", "--temperature", "nan"), 2),
    (("score", "\n"), 2),
    (("inspect", "/dev/zero"), 2),
    (("nothing",), 2),
    ((), 2),
]


def test_no_traceback_reaches_a_user(tmp_path: Path) -> None:
    for arguments, status in CALLS:
        with command_line(*arguments, cwd=tmp_path) as process:
            out, errors = process.communicate(timeout=60)
        assert (process.returncode, out) == (status, "")
        assert "Traceback" not in errors
        assert errors


def test_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dino_names", "generate", "Ram"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    expected = (
        "dino-names: standard output: expected to use it, received: No space left on device.\n"
    )
    assert done.stderr == expected


def test_every_error_is_of_the_tree() -> None:
    assert issubclass(OptionError, InputError)
    assert issubclass(InputError, DinoNamesError)
    assert InputError.exit_status == 2
