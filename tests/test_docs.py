"""The pages that are made are those of today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dino_names
from docs.commands import PAGE, page
from tests.helpers.paths import ROOT

REFERENCE = "dino_names dino_names.training dino_names.plotting dino_names.teaching".split()


def test_the_page_of_the_commands_is_what_help_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m docs"


@pytest.mark.tensorflow
def test_the_reference_has_every_public_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pdoc", "--output-directory", str(tmp_path), *REFERENCE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Warn" not in done.stderr
    text = (tmp_path / "dino_names.html").read_text(encoding="utf-8")
    shown = set(re.findall(r'<section id="([A-Za-z_]+)"', text))
    assert set(dino_names.__all__) - {"__version__", "lists"} <= shown
    for room in REFERENCE[1:]:
        assert (tmp_path / f"{room.replace('.', '/')}.html").exists()


def test_the_changelog_begins_with_this_version_and_gives_dates() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.M)
    releases = [heading for heading in headings if heading != "Unreleased"]
    assert releases[0].startswith(f"{dino_names.__version__}, ")
    assert all(re.fullmatch(r"\d+\.\d+\.\d+, \d{4}-\d\d-\d\d", release) for release in releases)
    assert headings in (releases, ["Unreleased", *releases])
    numbers = [tuple(map(int, release.split(",")[0].split("."))) for release in releases]
    assert numbers == sorted(numbers, reverse=True)


def test_the_picture_is_small_and_the_readme_shows_the_names_that_are_in_it() -> None:
    from docs.picture import NAMES, PICTURE, SEED

    assert 10_000 < PICTURE.stat().st_size < 200_000
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = dino_names.generate_many(n=NAMES, seed=SEED, max_length=16)
    shown = re.search(r"--seed 14 --max-length 16\n(.*?)```", readme, re.S)[1].split()
    # A last bit of another processor may change one of them.
    assert len(set(shown) & set(names)) >= NAMES - 2
