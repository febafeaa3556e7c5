"""Names with constraints: the guide against drawing and throwing away.

First how long as many distinct new names take, the plan of the call made before, and how long the
first takes with it; where throwing away would last, what was found in some seconds is multiplied.
Then whether names have the shares that throwing away leaves, from as many names each way: lengths,
first letters, last two letters and one pair of neighbours a name, by chi-square with small cells
put together; the largest of the four in deviations, of which 3.5 is chance at 1 % for forty tests.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import dino_names
from benchmarks.settings import Settings
from benchmarks.timing import table
from dino_names.errors import NotEnoughNamesError
from dino_names.generation import BATCH, NameModel, NameOptions
from dino_names.generation.draws import Draws

NAMES, SHARED, PATIENCE = 1_000, 20_000, 20.0
TIMED: tuple[dict[str, Any], ...] = (
    {"ends": "iel"},
    {"contains": ["rex"]},
    {"ends": "odon"},
    {"max_length": 4},
    {"pattern": "?a?a?a"},
    {"without": ["us"], "min_length": 8},
)
COMPARED: tuple[dict[str, Any], ...] = (
    {"ends": "odon"},
    {"ends": "tops"},
    {"ends": "x"},
    {"contains": ["rap"]},
    {"contains": ["o", "x"]},
    {"max_length": 5},
    {"min_length": 19},
    {"pattern": "?a*[aeiou]?"},
    {"letters": "acehilnoprstu", "without": ["us"]},
    {"ends": "ia", "temperature": 0.8},
)
ALL = {"unique": False, "allow_training_names": True}


def run(settings: Settings) -> str:
    """Measure the shipped model."""
    count, shared, patience = (NAMES, SHARED, PATIENCE) if not settings.quick else (5, 50, 0.2)
    timed = [_time(dino_names.load(), asked, count, patience, settings.rounds) for asked in TIMED]
    headings = ["asked", "share of plain draws", "guided, s", "thrown away, s", "times", "first, s"]
    first = table([f"{count:,} names that are new", *headings[1:]], timed)
    compared = [_compare(asked, shared) for asked in COMPARED]
    title = [f"{shared:,} names each way", "share of plain draws", "drawn", "largest deviation"]
    return f"{first}\n{table(title, compared)}"


def _shown(asked: dict[str, Any]) -> str:
    return " ".join(
        f"{name}={','.join(value) if isinstance(value, list) else value}"
        for name, value in asked.items()
    )


def _time(
    model: NameModel, asked: dict[str, Any], count: int, patience: float, rounds: int
) -> list[str]:
    fresh = NameModel(model.bundle)
    fresh.generate(seed=0)
    started = time.perf_counter()
    fresh.generate(seed=0, **asked)
    first = time.perf_counter() - started
    guided, thrown, shares = [], [], []
    for seed in range(rounds):
        started = time.perf_counter()
        model.generate_many(n=count, seed=seed, **asked)
        guided.append(time.perf_counter() - started)
        seconds, share = _throw_away(model, asked, count, seed, patience)
        thrown.append(seconds)
        shares.append(share)
    mine, other = float(np.median(guided)), float(np.median(thrown))
    cells = [f"{np.mean(shares):.2g}", f"{mine:.2f}", f"{other:.3g}", f"{other / mine:.3g}"]
    return [_shown(asked), *cells, f"{first:.2f}"]


def _throw_away(
    model: NameModel, asked: dict[str, Any], count: int, seed: int, patience: float
) -> tuple[float, float]:
    """Seconds for as many names from plain draws, and the share of the draws that is as asked."""
    draws, kept, found = 0, 0, set[str]()
    started = time.perf_counter()
    for names, new in _plain(model, asked, seed):
        draws += BATCH
        kept += len(names)
        found |= {name for name, is_new in zip(names, new, strict=True) if is_new}
        spent = time.perf_counter() - started
        if len(found) >= count or spent > patience:
            break
    return spent * count / max(len(found), 1), kept / draws


def _plain(
    model: NameModel, asked: dict[str, Any], seed: int
) -> Iterable[tuple[list[str], list[bool]]]:
    """Batches of plain draws: those that are as asked, and which of them would be given out."""
    maker, options = model._maker, NameOptions(seed=seed, **asked)
    fed = maker.encode("")
    compiled = maker.planner.compile("", options)
    allowed = options.changed(allow_training_names=True)
    rules = maker.rules("", options, compiled), maker.rules("", allowed, compiled)
    sampling = {"temperature": asked.get("temperature"), "seed": seed}
    draws = maker.planner.plan("", fed, NameOptions(**sampling)).draws
    draws.longest = options.longest(model.bundle)
    assert type(draws) is Draws
    warm, first = draws.warm_up(), 0
    while True:
        letters = draws.draw(warm, first, BATCH).letters
        texts = rules[0].texts(letters)
        fit = np.array([not why for why in rules[1].judge(letters, texts)])
        names = [text for text, good in zip(texts, fit, strict=True) if good]
        new = rules[0].judge(letters[fit], names) if names else []
        yield names, [not why for why in new]
        first += BATCH


def _compare(asked: dict[str, Any], count: int) -> list[str]:
    model = dino_names.load()
    try:
        guided = model.generate_many(n=count, seed=1, **asked, **ALL)
    except NotEnoughNamesError as error:
        guided = error.names
    plain: list[str] = []
    drawn = 0
    for names, _ in _plain(model, asked, seed=2):
        plain += names
        drawn += BATCH
        if len(plain) >= len(guided):
            break
    share, plain = len(plain) / drawn, plain[: len(guided)]
    plan = model._maker.planner.plan("", model._maker.encode(""), NameOptions(**asked))
    rng = np.random.default_rng(0)
    worst = max(deviation(map(what, guided), map(what, plain)) for what in statistics(rng))
    return [_shown(asked), f"{share:.2g}", type(plan.draws).__name__, f"{worst:.1f}"]


def statistics(rng: np.random.Generator) -> tuple[Callable[[str], str], ...]:
    """What of a name is compared."""

    def pair(name: str) -> str:
        place = rng.integers(max(len(name) - 1, 1))
        return name[place : place + 2]

    return (lambda name: str(len(name))), (lambda name: name[0]), (lambda name: name[-2:]), pair


def deviation(first: Iterable[str], second: Iterable[str]) -> float:
    """How many deviations chi-square is above its mean, were both drawn alike.

    By Wilson and Hilferty's cube root (1931).
    """
    counts = Counter(first), Counter(second)
    cells = sorted(set(counts[0]) | set(counts[1]), key=lambda c: counts[0][c] + counts[1][c])
    rows: list[list[int]] = []
    pending = [0, 0]
    for cell in cells:
        pending = [pending[0] + counts[0][cell], pending[1] + counts[1][cell]]
        if sum(pending) >= 20:
            rows.append(pending)
            pending = [0, 0]
    if sum(pending):
        rows.append(pending)
    table_ = np.array(rows, float)
    freedom = len(rows) - 1
    if not freedom:
        return 0.0
    expected = table_.sum(1, keepdims=True) * table_.sum(0) / table_.sum()
    chi_square = float(((table_ - expected) ** 2 / expected).sum())
    spread = 2 / (9 * freedom)
    return float(((chi_square / freedom) ** (1 / 3) - (1 - spread)) / spread**0.5)
