"""Many lists in one model, against a model for each and against one that is told of none.

    python -m benchmarks.categories FOLDER --lists "first names" --sizes 30,300,3000
    python -m benchmarks.categories FOLDER --table uneven
    python -m benchmarks.categories FOLDER --table blends

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
from benchmarks.quality import lines, nats_per_char
from dino_names.corpus import Vocabulary
from dino_names.engine import Predictor, log_softmax
from dino_names.engine.predictor import States
from dino_names.generation import CategoryModel, NameModel

LISTS = {"first names": first_names, "places": places}
HEAD = (
    "| lists | names of each | one told of none | one for each | one told of each | right "
    "category, Bayes | Keras classifier | seconds | of one for each |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)
TABLES = ("sizes", "uneven", "blends")
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


def keras_classifier(train: dict[str, list[str]]) -> Callable[[Sequence[str]], np.ndarray]:
    """A network of the same size that says which list a name is of.

    Keras trains it until it no longer gets better on a tenth that is held out.
    """
    import dino_names.training  # TensorFlow, quietly

    assert dino_names.training
    import keras

    keras.utils.set_random_seed(0)
    vocabulary = Vocabulary.of(name for names in train.values() for name in names)

    def encoded(names: Sequence[str]) -> np.ndarray:
        # The boundary before a name is padding to it.
        return vocabulary.encode_names(names)[:, 1:]

    model = keras.Sequential(
        [
            keras.layers.Embedding(len(vocabulary), 64, mask_zero=True),
            keras.layers.Dropout(0.2),
            keras.layers.GRU(256),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(len(train)),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    ids = encoded([name for names in train.values() for name in names])
    wanted = np.repeat(np.arange(len(train)), [len(names) for names in train.values()])
    order = np.random.default_rng(0).permutation(len(ids))
    stop = keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)
    about = {"validation_split": 0.1, "epochs": 200, "batch_size": 32, "verbose": 0}
    model.fit(ids[order], wanted[order], callbacks=[stop], **about)
    known = set(vocabulary.characters)

    def classify(names: Sequence[str]) -> np.ndarray:
        """The number of the list of each name, whose unknown letters do not count."""
        told = [
            "".join(c for c in name if c in known) or vocabulary.characters[1] for name in names
        ]
        return model.predict(encoded(told), verbose=0).argmax(axis=1)

    return classify


def classifier_accuracy(train: dict[str, list[str]], test: dict[str, list[str]]) -> float:
    """How often that is right, the mean over the lists."""
    classify = keras_classifier(train)
    return statistics.mean(
        float(np.mean(classify(names) == tag)) for tag, names in enumerate(test.values())
    )


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


class LogLinear:
    """Predictors that step as one: the weighted sum of their logits."""

    def __init__(self, parts: Sequence[Predictor], weights: Sequence[float]) -> None:
        self.parts, self.weights = parts, weights
        self.vocab_size = parts[0].vocab_size

    def initial_state(self, batch: int) -> States:
        """The states of all of them."""
        return States([part.initial_state(batch) for part in self.parts])

    def step(self, ids: np.ndarray, state: States) -> np.ndarray:
        """What follows, (batch, vocab_size)."""
        found = [
            log_softmax(part.step(ids, own)) * weight
            for part, own, weight in zip(self.parts, state.states, self.weights, strict=True)
        ]
        return np.sum(found, axis=0, dtype=np.float32)


def blends(data: Path) -> Iterator[str]:
    """Elves and dwarves in five shares, blended in two ways, as two classifiers see them."""
    lists = {name: lines(str(data / f"{name}.txt")) for name in ("elves", "dwarves")}
    told, judge = (trained(lists, seed=seed)[0] for seed in (0, 1))
    assert isinstance(told, CategoryModel) and isinstance(judge, CategoryModel)
    sees = keras_classifier(lists)
    yield (
        "| share of elves | numbers mixed: elves by Bayes | by Keras | such as | logits mixed: "
        "elves by Bayes | by Keras | such as |\n|---:|---:|---:|---|---:|---:|---|"
    )
    for weight in BLENDS:
        linear = told.category(f"elves={weight},dwarves={1 - weight}")
        parts = [told.category(name).predictor for name in lists]
        other = LogLinear(parts, [weight, 1 - weight])
        cells = []
        for model in (linear, NameModel(linear.bundle, predictor=other)):
            names = model.generate_many(n=500, seed=0, unique=False, max_length=20)
            bayes = [score.categories or {} for score in judge.score_many(names)]
            cells += [
                f"{np.mean([chances['elves'] > 0.5 for chances in bayes]):.2f}",
                f"{np.mean(sees(names) == 0):.2f}",
                ", ".join(names[:6]),
            ]
        yield f"| {weight:g} | {' | '.join(cells)} |"


def uneven(folder: Path, seed: int) -> Iterator[str]:
    """Twenty names beside many, drawn by their number, by its root, and alike."""
    from dino_names.corpus import rows as drawing

    first, second = first_names(folder), places(folder)
    pairs = [
        ("men", first["men"], "women", first["women"], 2_000),
        ("PL", second["PL"], "DE", second["DE"], 5_000),
        ("men", first["men"], "women", first["women"], 17_000),
    ]
    yield (
        "| 20 of | beside | balance | the 20's list, told of each | alone | told of none | the "
        "other, told of each | told of none | seconds |\n"
        "|---|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    usual = drawing.BALANCE
    for few, names, many, others, size in pairs:
        small, large = (
            split({few: names}, 20, seed=seed),
            split({many: others}, size, seed=seed),
        )
        alone = nats_per_char(trained(small.train[few])[0], small.test[few])
        every, _ = trained(sorted({*small.train[few], *large.train[many]}))
        none = [nats_per_char(every, test) for test in (small.test[few], large.test[many])]
        for balance in (0.0, 0.5, 1.0):
            drawing.BALANCE = balance
            told, seconds = trained({**small.train, **large.train})
            found = nats_per_char(told.category(few), small.test[few])
            beside = nats_per_char(told.category(many), large.test[many])
            yield (
                f"| {few} | {size:,} {many} | {balance:g} | {found:.3f} | {alone:.3f} | "
                f"{none[0]:.3f} | {beside:.3f} | {none[1]:.3f} | {seconds:.0f} |"
            )
        drawing.BALANCE = usual


def rows(folder: Path, names: Sequence[str], sizes: Sequence[int], seed: int) -> Iterator[str]:
    """The table of sizes, row by row."""
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
@click.option("--table", type=click.Choice(TABLES), default="sizes", help="Which.")
def main(folder: Path, lists: str, sizes: str, seed: int, table: str) -> None:
    """Measure, with the packages in FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    download(folder)
    found = {
        "sizes": lambda: rows(folder, lists.split(","), [*map(int, sizes.split(","))], seed),
        "uneven": lambda: uneven(folder, seed),
        "blends": lambda: blends(Path(__file__).parents[1] / "data"),
    }
    for line in found[table]():
        print(line, flush=True)


if __name__ == "__main__":
    main()
