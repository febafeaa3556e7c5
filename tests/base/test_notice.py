from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_names_every_source_that_asks_for_it() -> None:
    table = (ROOT / "base/corpus/sources.toml").read_text(encoding="utf-8")
    asked = [line for line in table.split("\n") if line.startswith("attribution = ")]
    wanted = {tomllib.loads(line)["attribution"] for line in asked} - {""}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert len(wanted) > 5 and wanted <= {line.removeprefix("- ") for line in notice.split("\n")}
    assert "    NOTICE\n" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
