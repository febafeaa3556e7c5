"""A little of each campaign: that it runs, finds nothing wrong, and would say so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

CAMPAIGNS = ("kills", "saves", "damage", "fuzz", "hostile", "constraints")


@pytest.mark.tensorflow
def test_every_campaign_runs(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    command = [sys.executable, "-m", "tests.soak", "--quick", "--results", str(results)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    text = results.read_text(encoding="utf-8")
    for campaign in CAMPAIGNS:
        assert f"**{campaign}**" in text
    assert "lost 0, bit-identical 1" in text
    assert "with others 0" in text
    assert text.count("escapes 0") == 4
    assert "touched False" in text
    assert "impossible, broken 0" in text
    assert str(ROOT) not in text


def test_what_is_wrong_is_told_by_the_exit_status(tmp_path: Path) -> None:
    script = (
        "from tests.soak import damage, record, __main__ as m;"
        "damage.run = lambda *_: [record.Row('x', 1, 'escapes 1', good=False)];"
        f"m.main(['damage', '--results', {str(tmp_path / 'r.md')!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "| x | 1 | escapes 1 |" in (tmp_path / "r.md").read_text()
