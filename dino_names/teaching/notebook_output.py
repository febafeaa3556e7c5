"""What the notebooks import so that their cells stay short."""

from __future__ import annotations

import html
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    pass

T = TypeVar("T")

FAST = "DINO_NAMES_NOTEBOOK_FAST"
DPI = 100


def shorten(full: T, *, to: T) -> T:
    """A number of steps or epochs, or a smaller one where notebooks are only being tried.

    Arguments:
        full: what the notebook's text is about.
        to: what is given instead where DINO_NAMES_NOTEBOOK_FAST is set to 1.
    """
    return to if os.environ.get(FAST) == "1" else full


@dataclass(frozen=True)
class Table:
    """Rows under headings, shown as a table by a notebook.

    Arguments:
        headings: of the columns.
        rows: as many cells each; anything that can be written out.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]

    def _repr_html_(self) -> str:
        lines = [_row("th", self.headings), *(_row("td", row) for row in self.rows)]
        return "<table>" + "\n".join(lines) + "</table>"

    def __repr__(self) -> str:
        every: list[Sequence[object]] = [self.headings, *self.rows]
        rows = [[str(cell).replace("\n", "\\n") for cell in row] for row in every]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join(lines)


def _row(tag: str, cells: Iterable[object]) -> str:
    style = ' style="text-align: left"'
    inner = "".join(f"<{tag}{style}>{html.escape(str(cell))}</{tag}>" for cell in cells)
    return f"<tr>{inner}</tr>"


@dataclass(frozen=True)
class Picture:
    """A drawing with its description, which a notebook keeps beside it.

    Arguments:
        png: the picture.
        alt: what it shows, for those who cannot see it.
    """

    png: bytes
    alt: str

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """As Jupyter asks for it: the picture, its description as text and as `alt`."""
        return {"image/png": self.png, "text/plain": repr(self)}, {"image/png": {"alt": self.alt}}

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"


def show(ax: Any, *, alt: str) -> Picture:
    """The figure that some axes belong to, with a description; the figure is closed.

    Arguments:
        ax: Matplotlib axes.
        alt: what can be seen, in a sentence or two.
    """
    import matplotlib.pyplot as plt

    file = io.BytesIO()
    figure = ax.figure
    figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    plt.close(figure)
    return Picture(file.getvalue(), alt)


def parameter_table(model: Any) -> Table:
    """The layers of a Keras model, what each gives, and how many numbers training finds in it."""
    rows = [
        (layer.name, type(layer).__name__, layer.output.shape, f"{layer.count_params():,}")
        for layer in model.layers
    ]
    rows.append(("in all", "", "", f"{model.count_params():,}"))
    return Table(["layer", "kind", "output (batch, time, numbers)", "parameters"], rows)
