"""Many lists in one model, against a model for each and against one that is told of none.

    python -m benchmarks.categories FOLDER [--lists women,men] [--sizes 30,300]

Nats per character of names that nobody has seen, the end of each counted, over all categories
alike. Beside them how often the model names the right category of a name by Bayes' rule, and a
network of the same size that Keras trains for nothing else. FOLDER keeps the packages.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import numpy as np

import dino_names
from benchmarks.category_lists import Split, download, first_names, places, split
from benchmarks.quality import nats_per_char
from dino_names.corpus import Vocabulary
from dino_names.generation import CategoryModel, NameModel

LISTS = {"first names": first_names, "places": places}
HEAD = (
    "| lists | names of each | one told of none | one for each | one told of each | right "
    "category, Bayes | Keras classifier | seconds | of one for each |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)
BLENDS = (0.0, 0.25, 0.5, 0.75, 1.0)


def trained(source: object, **options: object) -> tuple[NameModel, float]:
    """A model with the default settings, and the seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        run = dino_names.train(source, out=Path(folder) / "run", progress=False, **options)
        seconds = time.monotonic() - started
        model = run.model()
    assert isinstance(model, NameModel)
    return model, seconds


def mean_nats(model_of: Callable[[str], NameModel], test: dict[str, list[str]]) -> float:
    """The mean over the categories of nats per character."""
    return statistics.mean(nats_per_char(model_of(label), names) for label, names in test.items())


def accuracy(model: CategoryModel, test: dict[str, list[str]]) -> float:
    """The mean over the categories of how often a name of one is found to be of it.

    Of a name's categories the likeliest if all came alike often, as they do in the test.
    """
    shares = []
    for label, names in test.items():
        nats = [
            [score.nats for score in model.category(other).score_many(names)]
            for other in model.labels
        ]
        found = np.argmin(nats, axis=0)
        shares.append(float(np.mean(found == model.labels.index(label))))
    return statistics.mean(shares)


def classifier_accuracy(train: dict[str, list[str]], test: dict[str, list[str]]) -> float:
    """That of a network of the same size, trained by Keras until it no longer gets better."""
    import dino_names.training  # TensorFlow, quietly

    assert dino_names.training
    import keras

    keras.utils.set_random_seed(0)
    labels = list(train)
    vocabulary = Vocabulary.of(name for names in train.values() for name in names)

    def encoded(lists: dict[str, list[str]]) -> tuple[np.ndarray, np.ndarray]:
        names = [name for some in lists.values() for name in some]
        longest = max(map(len, names)) + 2
        ids = vocabulary.encode_names(names)
        padded = np.zeros((len(names), longest), np.int32)
        padded[:, : ids.shape[1]] = ids
        return padded, np.repeat(np.arange(len(labels)), [len(lists[label]) for label in labels])

    model = keras.Sequential(
        [
            keras.layers.Embedding(len(vocabulary), 64, mask_zero=True),
            keras.layers.Dropout(0.2),
            keras.layers.GRU(256),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(len(labels)),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    ids, wanted = encoded(train)
    ids = ids[:, 1:]  # the boundary before a name is padding to it
    order = np.random.default_rng(0).permutation(len(ids))
    stop = keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)
    model.fit(
        *(ids[order], wanted[order]),
        validation_split=0.1,
        epochs=200,
        batch_size=32,
        callbacks=[stop],
        verbose=0,
    )
    ids, wanted = encoded(test)
    right = model.predict(ids[:, 1:], verbose=0).argmax(axis=1) == wanted
    return statistics.mean(float(right[wanted == tag].mean()) for tag in range(len(labels)))


def row(name: str, size: int, parts: Split) -> str:
    """A row of the table."""
    told, seconds = trained(parts.train)
    assert isinstance(told, CategoryModel)
    every = sorted({name for names in parts.train.values() for name in names})
    alone, _ = trained(every)
    own = {label: trained(names) for label, names in parts.train.items()}
    right = accuracy(told, parts.test)
    figures = [
        mean_nats(lambda _: alone, parts.test),
        mean_nats(lambda label: own[label][0], parts.test),
        mean_nats(told.category, parts.test),
    ]
    times = [seconds, sum(taken for _, taken in own.values())]
    cells = [f"{figure:.3f}" for figure in figures]
    cells += [f"{100 * right:.1f} %"]
    cells += [f"{100 * classifier_accuracy(parts.train, parts.test):.1f} %"]
    cells += [f"{second:.0f}" for second in times]
    return f"| {name} | {size:,} | {' | '.join(cells)} |"


def blends(told: CategoryModel, judge: CategoryModel, first: str, second: str) -> list[float]:
    """The share of names that a judge finds to be of the first category, for each blend."""
    shares = []
    for weight in BLENDS:
        asked = f"{first}={weight},{second}={1 - weight}"
        names = told.generate_many(n=500, category=asked, seed=0, unique=False)
        nats = [[s.nats for s in judge.category(c).score_many(names)] for c in (first, second)]
        shares.append(float(np.mean(np.array(nats[0]) < nats[1])))
    return shares


def rows(folder: Path, names: Sequence[str], sizes: Sequence[int], seed: int) -> Iterator[str]:
    """The table, row by row."""
    yield HEAD
    for name in names:
        lists = LISTS[name](folder)
        for size in sizes:
            yield row(name, size, split(lists, size, seed=seed))


@click.command()
@click.argument("folder", type=Path)
@click.option("--lists", default=",".join(LISTS), help="Which, with commas between.")
@click.option("--sizes", default="30,300", help="Names of each category, with commas between.")
@click.option("--seed", default=0, help="Of what is learned from and what is measured on.")
def main(folder: Path, lists: str, sizes: str, seed: int) -> None:
    """Measure, with the packages in FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    download(folder)
    for line in rows(folder, lists.split(","), [int(size) for size in sizes.split(",")], seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
