"""Lists longer than memory: made a folder by `dino-names prepare`, and trained on from there.

    python -m benchmarks long_lists --largest 100000000

Each list is prepared by a process of its own; then others train on them in turns, each for a part
of an epoch, with the settings for long lists, three times, of which the medians are given. Its
lines are walks through an n-gram of the shipped dinosaurs and elves, a tenth of the letters by
chance; about a third of them are repeats. Memory is the most that a process had at any time, what
it imported among it: of training, TensorFlow is most of it. Of a longer list fewer names are short,
since those are the first to repeat, so a batch is given for each character too, of which a name has
one more than its letters: its end.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.processes import measure_module
from benchmarks.settings import Settings
from benchmarks.timing import ratio, table

# Lines for each distinct name there is to be.
LINES = 1.5
ROUNDS = 3
SIZES = (1_000_000, 10_000_000, 100_000_000)
AT_ONCE = 200_000
ORDER, LONGEST, BY_CHANCE = 2, 24, 0.1
HEADINGS = (
    "lines",
    "names",
    "letters each",
    "preparing, s",
    "us per line",
    "MB at most",
    "bytes on disk per name",
    "training: to the first batch, s",
    "a batch, us per name",
    "us per character",
    "times the first",
    "held-out names and saving, s",
    "MB at most",
)


def run(settings: Settings) -> str:
    """Prepare each size; then train on them in turns."""
    sizes = (300, 600) if settings.quick else [n for n in SIZES if n <= settings.largest]
    quick = int(settings.quick)
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / str(size) for size in sizes]
        prepared = [
            measure_module("benchmarks.long_lists", place, size)
            for place, size in zip(places, sizes, strict=True)
        ]
        rounds = [
            [
                measure_module("benchmarks.growth", place, f"{place}-run{number}", quick)
                for place in places
            ]
            for number in range(1 if quick else ROUNDS)
        ]
    trained = [_middle(of_one) for of_one in zip(*rounds, strict=True)]
    first = _per_character(prepared[0], trained[0])
    return table(HEADINGS, [_row(*each, first) for each in zip(prepared, trained, strict=True)])


def _middle(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def _per_character(prepared: dict[str, float], trained: dict[str, float]) -> float:
    return trained["step"] / (prepared["letters"] + 1)


def _row(prepared: dict[str, float], trained: dict[str, float], first: float) -> list[str]:
    lines, names, step = prepared["lines"], prepared["names"], _per_character(prepared, trained)
    return [
        f"{lines:,}",
        f"{names:,}",
        f"{prepared['letters']:.1f}",
        f"{prepared['seconds']:,.1f}",
        f"{prepared['seconds'] / lines * 1e6:.1f}",
        f"{prepared['memory']:,.0f}",
        f"{prepared['bytes'] / names:.0f}",
        f"{trained['ready']:.1f}",
        f"{trained['step'] * 1e6:,.0f}",
        f"{step * 1e6:,.1f}",
        ratio(step, first),
        f"{trained['end'] * names:.1f}",
        f"{trained['memory']:,.0f}",
    ]


def invented(count: int, *, seed: int = 0) -> Iterator[list[str]]:
    """So many lines, many at a time, some of them repeats."""
    from dino_names import Ngram, Vocabulary, lists

    names = [*lists.dinosaurs(), *lists.elves()]
    vocabulary = Vocabulary.of(names)
    ngram = Ngram.fit(names, vocabulary, order=ORDER)
    shares, following = ngram.tables(len(ngram.trie))
    ends = np.cumsum((1 - BY_CHANCE) * shares + BY_CHANCE / shares.shape[1], axis=1)
    # Row r from r to r + 1, so that one search finds the letters of many names.
    ends = (ends / ends[:, -1:] + np.arange(len(ends))[:, None]).reshape(-1)
    start = int(ngram.contexts(np.zeros((1, 1), np.int32))[0, 0])
    codes = np.array([ord(character) for character in vocabulary.characters], "<u4")
    rng = np.random.default_rng(seed)
    for first in range(0, count, AT_ONCE):
        letters = np.zeros((min(AT_ONCE, count - first), LONGEST + 1), "<u4")
        rows, nodes = np.arange(len(letters)), np.full(len(letters), start)
        for place in range(LONGEST):
            drawn = np.searchsorted(ends, nodes + rng.random(len(nodes)) * (1 - 1e-9), "right")
            chars = drawn % len(codes)
            letters[rows, place] = codes[chars]
            going = chars != 0
            rows, nodes = rows[going], following.reshape(-1)[drawn[going]]
        letters[:, LONGEST] = codes[0]
        yield letters[letters != 0].tobytes().decode("utf-32-le").split()


def child(folder: Path, names: int) -> dict[str, float]:
    """Prepare a list of about so many names.

    Returns:
        `seconds`, those in which its lines are made left out; `lines`, `names`, `bytes`, and
        mean `letters` of a name.
    """
    from dino_names.preparing import prepare

    path = folder.with_suffix(".txt")
    with path.open("w", encoding="utf-8") as file:
        for part in invented(round(names * LINES)):
            file.write("\n".join([*part, ""]))
    started = time.perf_counter()
    found = prepare(path, folder)
    seconds = time.perf_counter() - started
    path.unlink()
    size = sum(file.stat().st_size for file in folder.iterdir())
    letters = sum(int(found.block(number)[1].sum()) for number in range(found.blocks)) / len(found)
    about = {"seconds": seconds, "bytes": size, "names": len(found), "letters": letters}
    return {**about, "lines": len(found) + found.repeats}


if __name__ == "__main__":
    print(json.dumps(child(Path(sys.argv[1]), int(sys.argv[2]))))
