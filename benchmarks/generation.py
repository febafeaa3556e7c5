"""Names per second: the tutorial's loop, a compiled Keras step, the engine, the products alone.

A turn is that many names at once, 64 one after another where that is one; of the tutorial's
loop it is one name.
"""

from __future__ import annotations

import dino_names.training  # noqa: F401 - imports TensorFlow quietly
from benchmarks.material import trained, untrained_text
from benchmarks.rivals import compiled_step, products, tutorial_loop
from benchmarks.settings import Settings
from benchmarks.timing import Turn, ratio, speed, table, take_turns
from dino_names.api import SHIPPED_MODEL
from dino_names.generation import BATCH, NameModel

TUTORIAL, COMPILED = "the tutorial's loop", "a compiled Keras step"
ENGINE, PRODUCTS = "the engine", "its matrix products alone"
SHIPPED = "the shipped model, a network and an n-gram"
COUNTS, UNITS = (1, 64, 512, 4_096), (128, 256, 1_024)
LEAST = 64  # names in a turn at least, so that one is long enough to time
TEXT_UNITS, TEXT_LAYERS, TEXT_LENGTH = 512, 2, 500


def run(settings: Settings) -> str:
    """Measure networks of several sizes and the shipped model, in batches, then text."""
    counts = (1, 8) if settings.quick else COUNTS
    parts = []
    for units in (8,) if settings.quick else UNITS:
        model = trained(units, epochs=1) if settings.quick else trained(units)
        parts.append(_names(units, model, counts, settings.rounds))
    return "\n".join([*parts, _shipped(counts, settings.rounds), _text(settings)])


def _work(count: int) -> int:
    return max(count, LEAST)


def _headings(counts: tuple[int, ...]) -> list[str]:
    return [f"{count:,} at a time" for count in counts]


def _names(units: int, model: NameModel, counts: tuple[int, ...], rounds: int) -> str:
    """The table of one network."""
    made = model.generate_many(n=2_000, seed=0, unique=False, allow_training_names=True)
    characters = sum(len(name) + 1 for name in made) / len(made)
    columns = []
    for count in counts:
        rows = min(count, BATCH)
        contenders: dict[str, Turn] = {} if count > 1 else {TUTORIAL: tutorial_loop(model)}
        contenders[COMPILED] = compiled_step(model.bundle, count)
        contenders[ENGINE] = _engine(model, count)
        steps = round(characters * _work(count) / rows)
        contenders[PRODUCTS] = products(model.bundle.architecture, batch=rows, steps=steps)
        seconds = take_turns(contenders, rounds=rounds)
        # The work of all is made the same: that of the engine.
        work = {TUTORIAL: 1, COMPILED: count}
        columns.append(
            {name: s * _work(count) / work.get(name, _work(count)) for name, s in seconds.items()}
        )
    title = f"names/s, {units:,} units, {characters:.1f} characters a name"
    return table([title, *_headings(counts)], _rows(columns, [_work(n) for n in counts]))


def _rows(columns: list[dict[str, float]], work: list[int]) -> list[list[str]]:
    """Speeds, then what they are to each other; the seconds are of as much work in each column."""
    rows = []
    for name in (TUTORIAL, COMPILED, ENGINE, PRODUCTS):
        speeds = [
            speed(names, column[name]) if name in column else "-"
            for names, column in zip(work, columns, strict=True)
        ]
        if set(speeds) != {"-"}:
            rows.append([name, *speeds])
    for what, above, below in (
        ("the engine, times the tutorial's loop", TUTORIAL, ENGINE),
        ("the engine, times the compiled step", COMPILED, ENGINE),
        ("time of the engine, times that of its products", ENGINE, PRODUCTS),
    ):
        ratios = [ratio(c.get(above), c.get(below)) for c in columns]
        if any(r != "-" for r in ratios):
            rows.append([what, *ratios])
    return rows


def _engine(model: NameModel, count: int) -> Turn:
    def turn() -> None:
        for seed in range(_work(count) // count):
            model.generate_many(n=count, seed=seed, unique=False, allow_training_names=True)

    return turn


def _shipped(counts: tuple[int, ...], rounds: int) -> str:
    """The speed of what `dino-names generate` uses, and the milliseconds of a name."""
    model = NameModel.read(SHIPPED_MODEL)
    taken = [
        take_turns({SHIPPED: _engine(model, count)}, rounds=rounds)[SHIPPED] / _work(count)
        for count in counts
    ]
    rows = [
        ["names/s", *(speed(1, seconds) for seconds in taken)],
        ["ms a name", *(f"{seconds * 1e3:.3f}" for seconds in taken)],
        ["times one at a time", *(ratio(taken[0], seconds) for seconds in taken)],
    ]
    return table([SHIPPED, *_headings(counts)], rows)


def _text(settings: Settings) -> str:
    """One stream of running text."""
    units, length = (8, 20) if settings.quick else (TEXT_UNITS, TEXT_LENGTH)
    model = untrained_text(units, TEXT_LAYERS)
    contenders: dict[str, Turn] = {
        COMPILED: compiled_step(model.bundle, 1, length),
        ENGINE: lambda: model.generate_text(length=length, seed=0),
        PRODUCTS: products(model.bundle.architecture, batch=1, steps=length),
    }
    seconds = take_turns(contenders, rounds=settings.rounds)
    title = f"characters/s, a text from {TEXT_LAYERS} GRUs of {units}"
    return table([title, "one stream"], _rows([seconds], [length]))
