"""How lists are to be read, and what their columns say of each name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from dino_names.corpus.bounds import MAX_CATEGORIES
from dino_names.corpus.invisible import spelled
from dino_names.corpus.names import Names, check_names
from dino_names.corpus.rows import gather
from dino_names.errors import CorpusError

Column = str | int | None
# A number that ends in a mark and not three digits after it; or begins with 0 and a mark.
DECIMALS = re.compile(r"(?:^[^.,]*|[.,]\d+)([.,])(?:\d{1,2}|\d{4,})$|^0([.,])")
NUMBER = re.compile(r"\d+\.?\d*(?:e[-+]?\d+)?|\.\d+", re.I)
MAX_WEIGHT = 1e15


class Reading(NamedTuple):
    """How to read lists.

    Arguments:
        column: where the names are in a table: its heading or number, counted from 1; `none` to
            take the lines as they stand; None to find out.
        category_column: likewise of what says which list each is of; None for none.
        weight_column: likewise of how much each counts; None for none.
        by_file: whether each file is a category.
        keep_repeats: whether a name that comes again counts again.
    """

    column: Column = None
    category_column: Column = None
    weight_column: Column = None
    by_file: bool = False
    keep_repeats: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns that were named are called."""
        named = (self.column, self.category_column, self.weight_column)
        return tuple(str(column) for column in named if column is not None)

    @property
    def in_rows(self) -> bool:
        """Whether more is to be read of a list than its names."""
        return self.keep_repeats or self.category_column is not None or bool(self.weighted)

    @property
    def weighted(self) -> bool:
        """Whether a column says how much each name counts."""
        return self.weight_column is not None


PLAIN = Reading()


def collect(
    cells: Sequence[str],
    reading: Reading,
    *,
    source: str,
    categories: Sequence[str] = (),
    weights: Sequence[str] = (),
    usual_mark: str = ".",
) -> Names:
    """The names of a column, with what other columns say of them.

    Arguments:
        cells: with the names; a blank one is skipped.
        reading: how.
        source: what messages call them.
        categories, weights: cells of the same rows, or none.
        usual_mark: of decimals in such a table.

    Raises:
        CorpusError: as `check_names`; a name without a category, a weight that is not one.
    """
    found = check_names(cells, source=source)
    if not reading.in_rows:
        return found
    names = [spelled(cell) for cell in cells]
    filled = [place for place, name in enumerate(names) if name]
    mark = decimal_mark(weights, usual=usual_mark)
    factors = [
        weight_of(weights[place], names[place], source, mark=mark) for place in filled if weights
    ]
    labels = [_label(categories[place], names[place], source) for place in filled if categories]
    counted = [i for i in range(len(filled)) if not factors or factors[i]]
    if not counted:
        raise CorpusError(f"{source}: expected weights above 0, received none.")
    return with_rows(
        found if len(counted) == len(filled) else replace(found, names=()),
        [names[filled[i]] for i in counted],
        [labels[i] for i in counted if labels],
        [factors[i] for i in counted if factors],
        keep_repeats=reading.keep_repeats,
        unweighted=len(filled) - len(counted),
        source=source,
    )


def with_rows(
    found: Names,
    names: Sequence[str],
    labels: Sequence[str],
    weights: Sequence[float],
    *,
    keep_repeats: bool,
    source: str,
    unweighted: int = 0,
) -> Names:
    """A list with its rows.

    Arguments:
        found: the list; without names where not all of them count.
        names, labels, weights: of each row; the latter two or none.
        keep_repeats: see `Reading`.
        source: what messages call them.
        unweighted: how many rows there were that count nothing.

    Raises:
        CorpusError: there are more categories than a model can hold.
    """
    rows, known = gather(names, labels, weights, keep_repeats=keep_repeats)
    if len(known) > MAX_CATEGORIES:
        raise CorpusError(
            f"{source}: expected at most {MAX_CATEGORIES:,} categories, received {len(known):,}; "
            "name another column."
        )
    told = list(found.warnings)
    if unweighted:
        told.append(f"{source}: {unweighted:,} rows of weight 0 were left out.")
    return replace(
        found,
        names=found.names or tuple(dict.fromkeys(names)),
        repeats=len(names) - len(rows),
        warnings=tuple(told),
        rows=rows,
        labels=known,
    )


def weight_of(cell: str, name: str, source: str, *, mark: str = ".") -> float:
    """The number in a cell.

    Arguments:
        cell: with thousands marked or not.
        name: whose weight it is.
        source: what messages call the list.
        mark: of decimals, see `decimal_mark`.

    Raises:
        CorpusError: there is none, or one below 0.
    """
    text = re.sub(r"[\s'\u2019_]", "", cell)
    text = text.replace("." if mark == "," else ",", "").replace(mark, ".")
    value = float(text) if NUMBER.fullmatch(text) else -1.0
    if not 0 <= value <= MAX_WEIGHT:
        raise CorpusError(
            f"{source}: expected a weight of 0 or above for {name!r}, received {cell[:40]!r}; mend "
            "the cell, or name another column."
        )
    return value


def decimal_mark(cells: Sequence[str], *, usual: str) -> str:
    """Whether the numbers of a column have a decimal point or a comma.

    What three digits follow may mark thousands, and says nothing.

    Arguments:
        cells: of the column.
        usual: what it is taken to be where no cell tells.
    """
    found = [match for cell in cells if (match := DECIMALS.search(cell.strip()))]
    marks = [match[1] or match[2] for match in found]
    return marks[0] if marks else usual


def _label(cell: str, name: str, source: str) -> str:
    label = spelled(cell)
    if not label:
        raise CorpusError(
            f"{source}: expected a category for {name!r}, received an empty cell; fill it in."
        )
    return label


def merge(parts: Iterable[tuple[Names, str]], reading: Reading) -> Names:
    """Several lists as one.

    Arguments:
        parts: lists, and what each is called.
        reading: whether these are their categories.

    Raises:
        CorpusError: two lists are called alike, or there is one only.
    """
    lists = list(parts)
    if reading.by_file and reading.category_column is not None:
        raise CorpusError("by_file and category_column: expected one of them, received both.")
    called = [label for _, label in lists]
    if reading.by_file and len(set(called)) < max(2, len(called)):
        raise CorpusError(
            f"by_file: expected two or more lists, each called otherwise, received "
            f"{', '.join(called)}; rename one, or leave it out."
        )
    found = check_names([name for part, _ in lists for name in part.names], source="the lists")
    warnings = tuple(warning for part, _ in lists for warning in part.warnings)
    repeats = found.repeats + sum(part.repeats for part, _ in lists)
    found = replace(found, repeats=repeats, warnings=warnings)
    if not reading.by_file and all(part.rows is None for part, _ in lists):
        return found
    names, labels, weights = list[str](), list[str](), list[float]()
    for part, label in lists:
        rows = part.chosen(part.names)
        names += rows.names
        weights += rows.weights or ([1.0] * len(rows) if reading.weighted else [])
        labels += [label] * len(rows) if reading.by_file else [part.labels[t] for t in rows.tags]
    made = with_rows(
        found, names, labels, weights, keep_repeats=reading.keep_repeats, source="the lists"
    )
    inside = sum(part.repeats for part, _ in lists)
    return replace(made, repeats=made.repeats + inside)
