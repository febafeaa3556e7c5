"""What every command does alike: its help, its examples, and what is wrong in one line."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from dino_names.commands.help import page_of
from dino_names.commands.main import COMMANDS, group
from dino_names.commands.topics import TOPICS
from tests.helpers.command_line import call, installed, refused
from tests.helpers.paths import ROOT

NAMES = list(COMMANDS)
# What makes a command read a file, given one.
READS = {
    "generate": ["--model"],
    "train": [],
    "evaluate": [],
    "score": ["Rex", "--model"],
    "compare": [],
    "inspect": [],
    "clean": [],
    "export": ["-o", "x.safetensors"],
}
NUMBERS = (click.types.IntParamType, click.types.FloatParamType)


def command_of(name: str) -> Any:
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_each_option_is_in_the_help_once_and_a_number_with_its_range(name: str) -> None:
    text = page_of(name)
    for param in command_of(name).params:
        if not isinstance(param, click.Option):
            continue
        flag = max(param.opts, key=len)
        assert len(re.findall(rf"^  (?:-\w, )?{flag}\b(?!-)", text, re.M)) == 1, flag
        if isinstance(param.type, NUMBERS):
            assert re.search(r"\[(.*; )?(from|above|to|below) [^]]*\]$", param.help or ""), flag


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("columns", [80, 120])
def test_help_fits_the_terminal(name: str, columns: int) -> None:
    lines = page_of(name, columns).splitlines()
    # An example is one line that can be copied.
    assert max(len(line) for line in lines if not line.startswith("  $ ")) <= columns


@pytest.mark.parametrize("name", [*NAMES, *TOPICS])
def test_each_topic_has_a_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = call(capsys, "help", name)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) > 5
    assert name in call(capsys, "help")[1]


def test_an_unknown_topic_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    message = refused(capsys, "help", "nothing")
    assert all(name in message for name in (*NAMES, *TOPICS))


def test_the_tab_key_completes_commands_and_options() -> None:
    def complete(*words: str) -> str:
        line = " ".join(["dino-names", *words])
        done = subprocess.run(
            [sys.executable, "-m", "dino_names"],
            env={
                "_DINO_NAMES_COMPLETE": "bash_complete",
                "COMP_WORDS": line,
                "COMP_CWORD": str(len(words)),
                "PYTHONPATH": str(ROOT),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    assert "plain,generate" in complete("gen")
    assert "plain,--ends" in complete("generate", "--en")


@pytest.mark.parametrize("name", [name for name in NAMES if name in READS])
class TestWhatIsWrong:
    """Tried on each command: one line, status 2, and no TensorFlow for it."""

    def test_wrong_case(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert f"dino-names {name}" in refused(capsys, name.upper())
        assert f"dino-names {name}" in refused(capsys, name[:-1])

    def test_a_folder_in_place_of_a_file(
        self, name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        folder = tmp_path / "a folder"
        folder.mkdir()
        message = refused(capsys, name, *READS[name], str(folder))
        assert "a folder" in message

    def test_a_file_that_is_not_there(
        self, name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        message = refused(capsys, name, *READS[name], str(tmp_path / "not there.txt"))
        assert "not there.txt" in message

    def test_forgotten_quotes(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        words = [*READS[name], "my", "own", "names.txt"]
        message = refused(capsys, name, *words)
        assert "quotes" in message or "there is none" in message or "received" in message

    def test_an_unknown_option(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        known = [opt for p in command_of(name).params for opt in p.opts if opt.startswith("--")]
        likely = known[0]
        message = refused(capsys, name, likely[:-1] + "xx")
        assert "unknown one" in message
        assert likely in refused(capsys, name, f"{likely}x") or len(likely) < 6

    def test_an_empty_argument(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert refused(capsys, name, *READS[name], "")


REFUSALS = """
generate --ends us --without us
generate --key a --seed 1
generate --likeliest --top-k 2
generate --model missing
train missing.txt
train data/cheeses.txt --epochs -1
train data/cheeses.txt --preset default --out old --resume
train data/cheeses.txt --kind text --layout names
train data/cheeses.txt --without-file missing.txt
evaluate missing
score --file missing.txt
compare missing.txt
inspect missing
export missing -o x.onnx
help missing
"""


def test_what_needs_no_tensorflow_is_refused_without(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    code = (
        "import sys\n"
        "from dino_names.commands.main import run\n"
        f"for line in {REFUSALS.strip().splitlines()!r}:\n"
        "    status = run(line.split())\n"
        "    heavy = {'tensorflow', 'keras'} & set(sys.modules)\n"
        "    assert status == 2 and not heavy, (line, status, heavy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    refusals = [line for line in done.stderr.splitlines() if line.startswith("dino-names: ")]
    assert len(refusals) == len(REFUSALS.strip().splitlines())


def test_a_path_with_a_blank_is_a_path(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "data" / "cheeses.txt", "my own cheeses.txt")
    assert call(capsys, "train", "my own cheeses.txt", "--epochs", 1)[0] == 0
    run = "training_checkpoints/my own cheeses-default"
    assert call(capsys, "inspect", run)[0] == 0
    assert call(capsys, "export", run, "-o", "my own.safetensors")[0] == 0
    assert call(capsys, "generate", "--model", "my own.safetensors")[0] == 0


def test_a_no_break_space_in_a_message_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert r"a\xa0b" in refused(capsys, "help", "a\N{NO-BREAK SPACE}b")


@pytest.mark.tensorflow
def test_the_examples_of_every_help_work(site: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    order = ["train", *(name for name in NAMES if name != "train")]
    for example in [line for name in order for line in command_of(name).examples]:
        said = installed(tmp_path, site, "-m", "dino_names", *shlex.split(example)[1:])
        assert said.strip(), example
