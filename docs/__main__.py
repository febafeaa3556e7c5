"""`python -m docs`: write the page of the commands and the picture of the README."""

from __future__ import annotations

from docs.commands import PAGE, page
from docs.picture import PICTURE, draw

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    draw().savefig(PICTURE, facecolor="white")
