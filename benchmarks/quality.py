"""How good the default settings are: on a test file, and on splits of a list.

    python -m benchmarks.quality train.txt --test test.txt
    python -m benchmarks.quality names.txt --splits 5
    python -m benchmarks.quality short

The last takes the short lists of the folder that DINO_NAMES_REFERENCE names, with the base and
without. Each training sees only the names it is given, with nothing but the file named; the n-gram
is counted over the very same names. Nats per character, the end of each name counted as one.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

import dino_names
from dino_names.corpus import Vocabulary, read_names
from dino_names.engine import Mixture
from dino_names.evaluation import evaluate_names
from dino_names.generation import NameModel
from dino_names.ngram import Ngram

ORDER = 6
TEST_SHARE = 0.1


def measure(train: Sequence[str], test: Sequence[str], **options: object) -> dict[str, float]:
    """Train with the default settings and measure the held-out names.

    Arguments:
        train: names to learn from.
        test: names to measure on.
        options: changes to the default settings; none for published figures.

    Returns:
        Nats per character of the model, its network alone and the n-gram, the seconds that
        training took and the bytes of the model file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.txt"
        path.write_text("".join(f"{name}\n" for name in train), encoding="utf-8")
        started = time.monotonic()
        run = dino_names.train(path, out=Path(folder) / "run", **options)
        seconds = time.monotonic() - started
        size = (run.folder / "model.safetensors").stat().st_size
        model = run.model()
    mixture = model.predictor
    network = mixture.network if isinstance(mixture, Mixture) else mixture
    alone = NameModel(model.bundle, predictor=network)
    return {
        "model": nats_per_char(model, test),
        "network": nats_per_char(alone, test),
        "ngram": ngram_nats(train, test),
        "seconds": seconds,
        "bytes": size,
    }


def nats_per_char(model: NameModel, names: Sequence[str]) -> float:
    """Nats per character over all names."""
    nats, characters = evaluate_names(model, names)
    return float(nats.sum() / characters.sum())


def ngram_nats(train: Sequence[str], test: Sequence[str]) -> float:
    """Nats per character of a 6-gram counted over the names to learn from."""
    vocabulary = Vocabulary.of([*train, *test])
    ids = vocabulary.encode_names(test)
    lengths = np.array([len(name) + 1 for name in test])
    nats = -Ngram.fit(train, vocabulary, order=ORDER).log_probs(ids)
    return float(nats[np.arange(nats.shape[1]) < lengths[:, None]].sum() / lengths.sum())


def split(names: Sequence[str], seed: int) -> tuple[list[str], list[str]]:
    """Nine tenths and one tenth of a list without repeats."""
    order = np.random.default_rng(seed).permutation(len(names))
    held_out = round(len(names) * TEST_SHARE)
    return [names[i] for i in order[held_out:]], [names[i] for i in order[:held_out]]


def lines(path: str) -> list[str]:
    """The names of a test file as they stand, repeats and all."""
    text = Path(path).read_text(encoding="utf-8")
    return [line.strip() for line in text.split("\n") if line.strip()]


@click.command()
@click.argument("file")
@click.option("--test", help="Names to measure on; FILE is learned from whole.")
@click.option("--splits", type=int, default=5, help="Splits of FILE where there is no --test.")
@click.option("--sizes", type=int, multiple=True, help="Of the short lists. [30 100 300 1000]")
def main(file: str, test: str | None, splits: int, sizes: tuple[int, ...]) -> None:
    """Measure the default settings on FILE; where it is `short`, on the reference's short lists."""
    if file == "short":
        from benchmarks.short_lists import SIZES, table

        for row in table(Path(os.environ["DINO_NAMES_REFERENCE"]) / "short", sizes or SIZES):
            print(row, flush=True)
        return
    names = list(read_names(file).names)
    parts = [(names, lines(test))] if test else [split(names, seed) for seed in range(splits)]
    print("| split | model | network alone | 6-gram | gain | seconds | KB |")
    print("|---|---|---|---|---|---|---|")
    gains = []
    for number, (train, held_out) in enumerate(parts):
        found = measure(train, held_out)
        gains.append(found["ngram"] - found["model"])
        print(
            f"| {number} | {found['model']:.4f} | {found['network']:.4f} | {found['ngram']:.4f} "
            f"| {gains[-1]:.4f} | {found['seconds']:.0f} | {found['bytes'] / 1024:.0f} |",
            flush=True,
        )
    if len(gains) > 1:
        print(
            f"gain over the 6-gram: mean {statistics.mean(gains):.4f}, "
            f"deviation {statistics.stdev(gains):.4f}, least {min(gains):.4f}"
        )


if __name__ == "__main__":
    sys.exit(main())
