"""The first steps of the README and the examples of the help, in order, in an empty folder."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from dino_names.commands.main import COMMANDS, group
from tests.helpers.command_line import installed
from tests.helpers.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.partition(f"## {title}")[2].partition("\n## ")[0]


FIRST_STEPS, OBEYING = section("First steps"), section("Names that obey")
LARGE = section("More than one process holds")


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, re.S)


def commands(text: str) -> list[list[str]]:
    """The arguments of each call of the program."""
    lines = re.findall(r"^\s*\$ dino-names (.*)$", text, re.M)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def test_the_first_steps_can_be_followed_in_order(folder: Path, site: Path) -> None:
    steps = commands("".join(blocks(FIRST_STEPS, "console")))
    assert len(steps) > 5 and {step[0] for step in steps} <= set(COMMANDS)
    for step in steps:
        assert installed(folder, site, "-m", "dino_names", *step)
    (program,) = blocks(FIRST_STEPS, "python")
    installed(folder, site, "-c", program)


def test_names_obey_as_the_readme_says(folder: Path, site: Path) -> None:
    steps = commands("".join(blocks(OBEYING, "console")))
    assert len(steps) > 7
    for step in steps:
        assert installed(folder, site, "-m", "dino_names", *step)
    (program,) = blocks(OBEYING, "python")
    installed(folder, site, "-c", program)


def test_what_is_large_is_made_as_the_readme_says(folder: Path, site: Path) -> None:
    steps = commands("".join(blocks(LARGE, "console")))
    assert {step[0] for step in steps} == {"generate", "prepare", "train"}
    for step in steps:
        installed(folder, site, "-m", "dino_names", *step)
    assert len(list((folder / "names").glob("*.txt"))) > 1
    run = folder / "training_checkpoints" / "big-default"
    assert installed(folder, site, "-m", "dino_names", "generate", "--model", str(run))


def test_what_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    own = [link for link in links if not link.startswith("https://")]
    assert own and all((ROOT / link).exists() for link in own)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_command_has_two_examples_that_name_its_options(name: str) -> None:
    command = group.get_command(None, name)
    assert len(command.examples) == 2
    for example in command.examples:
        assert example.startswith(f"dino-names {name}")
        flags = set(re.findall(r"(?<= )--?[a-z-]+", example))
        assert flags <= {opt for param in command.params for opt in param.opts}
