"""Several kinds of network on one text for the same time each, and what came of it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from dino_names.checks import check_range
from dino_names.config import Config, preset
from dino_names.corpus import Text
from dino_names.errors import CorpusError, DivergedError, OptionError
from dino_names.generation import TextModel
from dino_names.runs import Run
from dino_names.training.batches import Source
from dino_names.training.data import TextData, training_data
from dino_names.training.network import build_model, build_optimizer
from dino_names.training.tape import tape_loop
from dino_names.training.trainer import make_bundle
from dino_names.training.validation import Validator

# Small enough for each to get somewhere in a minute, and of like size.
COMMON: dict[str, Any] = {
    "batch_size": 32,
    "seq_length": 64,
    "dropout": 0.0,
    "learning_rate": 4e-3,
    "schedule": "constant",
    "warmup": 0.0,
    "average": None,
}
RECURRENT: dict[str, Any] = {"rnn_units": 256, "num_layers": 1}
GPT: dict[str, Any] = {"rnn_units": 96, "num_layers": 3, "learning_rate": 3e-3}
SAMPLE_LENGTH = 120
# The rate rises over this share of the time, and falls as half a cosine over all of it.
WARMUP = 0.05


@dataclass(frozen=True)
class Contender:
    """What one kind of network came to.

    Arguments:
        cell: which kind.
        parameters: how many numbers it consists of.
        batches: how many it was trained on in its time.
        characters_per_second: trained on.
        nats_per_char, bits_per_char: of the held-out text.
        sample: text that it makes.
    """

    cell: str
    parameters: int
    batches: int
    characters_per_second: float
    nats_per_char: float
    bits_per_char: float
    sample: str


def compare(
    file: str | Path | Text | None,
    cells: Sequence[str],
    *,
    budget: float = 60.0,
    seed: int = 0,
    **options: Any,
) -> Iterator[Contender]:
    """Train each kind of network for the same time on a text, and measure it.

    The last tenth of the text is held out. The time is that of training alone: compiling the
    first step and measuring are not counted.

    Arguments:
        file: the text, or a file that has it; None for the built-in lines.
        cells: which kinds, each as the option `cell` has it.
        budget: seconds for each.
        seed: of weights and of the samples.
        options: any field of the configuration, for all of them.

    Returns:
        What each came to, as soon as it is known, in the order of the cells.

    Raises:
        CorpusError, OptionError: the text, a cell or a number cannot be used.
    """
    check_range("budget", budget, above=0.0)
    if not cells:
        raise OptionError("cells: expected at least one kind of network, received none.")
    configs = [configure(cell, seed=seed, **options) for cell in cells]
    data = training_data(file, "text")
    if not isinstance(data, TextData) or not all(c.data.valid_fraction for c in configs):
        raise CorpusError("text: expected some of it held out, to measure on; received none.")
    return (_train(config, data, budget) for config in configs)


def configure(cell: str, **options: Any) -> Config:
    """The configuration of one kind of network."""
    sizes = GPT if cell == "gpt" else RECURRENT
    return preset("text", **{**COMMON, **sizes, "cell": cell, **options})


def _train(config: Config, data: TextData, budget: float) -> Contender:
    vocabulary = data.vocabulary()
    train, valid, _ = data.parts(config, vocabulary)
    model = build_model(
        len(vocabulary),
        batch_size=config.data.batch_size,
        stateful=True,
        config=config.model,
        seed=config.train.seed,
        precision=config.train.precision,
    )
    batches, seconds = train_for(model, train, config, budget)
    nats = math.nan
    if valid:
        nats = Validator(model, carried=True).figures(valid)["val_nats_per_char"]
    run = Run(Path(), config, vocabulary, data.fingerprint)
    bundle = make_bundle(run, model, data.facts(config), None)
    return Contender(
        cell=config.model.cell,
        parameters=bundle.architecture.parameters(),
        batches=batches,
        characters_per_second=batches * train.amount / train.batches / seconds,
        nats_per_char=nats,
        bits_per_char=nats / math.log(2),
        sample=TextModel(bundle).generate_text(length=SAMPLE_LENGTH, seed=config.train.seed),
    )


def train_for(
    model: keras.Sequential, train: Source, config: Config, budget: float
) -> tuple[int, float]:
    """Train for so many seconds with the GradientTape loop.

    Returns:
        How many batches, and the seconds they took; the first batch, which compiles the step,
        is in neither.

    Raises:
        DivergedError: the loss became NaN or infinite.
    """
    optimizer = build_optimizer(config.train, steps=1)
    optimizer.build(model.trainable_variables)
    clock = Budget(train, optimizer, config, budget)
    tape_loop(
        model,
        optimizer,
        lambda epoch: enumerate(train.dataset(epoch, epoch + 1)),
        epochs=sys.maxsize,
        told=keras.callbacks.CallbackList([clock], model=model),
        report=None,
    )
    return max(clock.done, 1), time.monotonic() - clock.since


class Budget(keras.callbacks.Callback):
    """Ends a training when its time is over, and sets the rate by how much of it is.

    Arguments:
        train: what is trained on.
        optimizer: whose rate.
        config: the highest rate.
        seconds: there are, from the end of the first batch.
    """

    def __init__(
        self,
        train: Source,
        optimizer: keras.optimizers.Optimizer,
        config: Config,
        seconds: float,
    ) -> None:
        super().__init__()
        self.train, self.optimizer, self.config, self.seconds = train, optimizer, config, seconds
        self.done, self.since = -1, 0.0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the loss and at the clock."""
        loss = (logs or {})["loss"]
        if not math.isfinite(loss):
            cell = self.config.model.cell
            raise DivergedError(f"training: the loss of the {cell} became {loss}.")
        self.done += 1
        if self.done == 0:
            self.since = time.monotonic()
        share = (time.monotonic() - self.since) / self.seconds
        self.model.stop_training = share >= 1
        self.optimizer.learning_rate.assign(self.config.train.learning_rate * rate(min(share, 1)))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Carry the state on."""
        self.train.end_epoch(self.model)


def rate(share: float) -> float:
    """The learning rate after a share of the time, as a share of the highest."""
    return min(1.0, (share + 1e-3) / WARMUP) * (1 + math.cos(math.pi * share)) / 2
