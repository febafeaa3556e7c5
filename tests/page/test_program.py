"""The program that ships is what the bundler makes of the sources, and they fit their types."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

SHIPPED = ROOT / "dino_names" / "page" / "program.js"


@pytest.mark.timeout(300)
def test_it_is_built_from_the_sources(tmp_path: Path) -> None:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    leave_out = shutil.ignore_patterns("node_modules")
    shutil.copytree(ROOT / "page", tmp_path / "page", ignore=leave_out)
    (tmp_path / "dino_names" / "page").mkdir(parents=True)
    shutil.copy(SHIPPED, tmp_path / "dino_names" / "page")

    def npm(*call: str) -> subprocess.CompletedProcess[str]:
        command = ["npm", *call]
        folder = tmp_path / "page"
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    installed = npm("install", "--no-audit", "--no-fund")
    if installed.returncode:
        pytest.skip(f"npm could not install the bundler: {installed.stderr.strip()[-200:]}")
    checked = npm("run", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    (tmp_path / "page" / "src" / "texts.ts").write_text("export const TEXTS = {};\n")
    assert npm("run", "build").returncode == 0
    assert (tmp_path / "dino_names" / "page" / "program.js").read_text() != SHIPPED.read_text()


def test_it_cannot_end_the_element_it_stands_in() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert "</script" not in text.lower() and "<!--" not in text and text.isascii()
