"""`python -m docs`: the page of the commands, the README's picture, a page of names in `site/`."""

from __future__ import annotations

from pathlib import Path

import dino_names
from docs.commands import PAGE, page
from docs.picture import PICTURE, draw

# What any static host can serve.
SITE = Path("site")

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    draw().savefig(PICTURE, facecolor="white")
    SITE.mkdir(exist_ok=True)
    dino_names.load().to_page(SITE / "names.html", title="Invented dinosaurs", learn=True)
