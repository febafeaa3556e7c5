"""What pictures share: colours, marks, and axes to draw on.

Colours are those of Okabe and Ito, which the colour-blind can tell apart; lines differ in their
marker too.
"""

from __future__ import annotations

from typing import Any

from dino_names.errors import MissingExtraError, OptionError

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":")
# How white space is shown where a character is a label.
VISIBLE = {" ": "\N{OPEN BOX}", "\n": "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}", "\t": "→"}


def axes(ax: Any, width: float, height: float) -> Any:
    """The axes given, or new ones of that size in inches.

    Raises:
        MissingExtraError: Matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise MissingExtraError(
            "pictures: expected Matplotlib, but it is not installed; "
            "run: pip install 'dino-names[train]'"
        ) from None
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def visible(label: object) -> str:
    """A label, white space made visible."""
    return VISIBLE.get(str(label), str(label))


def expect(right: Any, expected: str, received: str) -> None:
    """Refuse to draw what there is not enough of.

    Raises:
        OptionError: says what was expected and received.
    """
    if not right:
        raise OptionError(f"picture: expected {expected}, received {received}.")
