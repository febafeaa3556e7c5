"""The presets for lists of names: what most people should use, and the published tutorial."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dino_names.config.configuration import Config
from dino_names.config.sections import PLAIN, DataConfig, ModelConfig, SampleConfig, TrainConfig

# Found on splits of the two reference training lists, never on their test files: a list of a
# thousand names needs every kind of dropout there is and small batches, one of thirty thousand
# can feed half as many again. A short list learns for 60 epochs, a longer one for about
# 6,000 steps.
LONG_LIST = 5_000
LONG_LIST_OPTIONS = {
    "rnn_units": 384,
    "dropout": 0.4,
    "embedding_dropout": 0.1,
    "weight_dropout": 0.3,
    "batch_size": 128,
    "learning_rate": 3e-3,
    "average": 0.999,
}
MOST_EPOCHS, FEWEST_EPOCHS, LONG_LIST_STEPS = 60, 3, 6_000

# Tuning a base: found on short lists that it has not read. Lists that are put together from a few
# syllables gain from more epochs, others lose; longer lists have no time for so many.
TUNING_OPTIONS = {
    "batch_size": 16,
    "learning_rate": 2e-3,
    "weight_decay": 0.0,
    "embedding_dropout": 0.1,
    "weight_dropout": 0.3,
    "dropout": 0.3,
    "patience": None,
}
TUNING_EPOCHS = {200: 20, 500: 25}
LONG_TUNING_EPOCHS = 10
# A longer list learns as well from nothing: of first names, 3,000 were better with the base, 10,000
# without.
MOST_FOR_BASE = 3_000
# What is likely is better known of a short list than what is not.
FEW = 300

DEFAULT = Config(
    preset="default",
    data=DataConfig(batch_size=32, valid_fraction=0.05),
    model=ModelConfig(
        embedding_dim=64, rnn_units=256, embedding_dropout=0.2, weight_dropout=0.4, dropout=0.6
    ),
    train=TrainConfig(
        base="names",
        epochs=MOST_EPOCHS,
        learning_rate=5e-3,
        weight_decay=0.02,
        average=0.98,
        patience=20,
        keep_every=10,
    ),
)

# Newline-padded names without a boundary before them, repeats kept and padding counted in the loss,
# layers whose state goes on into the next batch, Adam, no name held out.
TUTORIAL = Config(
    preset="tutorial",
    data=DataConfig(
        start_boundary=False,
        mask_padding=False,
        batch_size=64,
        drop_remainder=True,
        length_buckets=False,
        valid_fraction=0.0,
        keep_repeats=True,
        stateful=True,
    ),
    model=ModelConfig(embedding_dim=256, rnn_units=1024, embedding_stddev=None, ngram_order=None),
    train=replace(PLAIN, epochs=20, optimizer="adam", learning_rate=1e-3, precision="float32"),
    sample=SampleConfig(temperature=0.2),
)

# The same network and optimizer without the padding: names of like length in a batch, each name
# once, the faster precision.
TUTORIAL_FAST = replace(
    TUTORIAL,
    preset="tutorial-fast",
    data=replace(
        TUTORIAL.data,
        mask_padding=True,
        drop_remainder=False,
        length_buckets=True,
        keep_repeats=False,
        stateful=False,
    ),
    train=replace(TUTORIAL.train, precision="auto"),
)

NAME_PRESETS = {config.preset: config for config in (DEFAULT, TUTORIAL, TUTORIAL_FAST)}


def for_list(config: Config, names: int, **options: Any) -> Config:
    """The default preset made to fit a list, by its length alone; others are what they are.

    Arguments:
        config: the preset with the user's options, and `base` and `tuner` settled.
        names: how many there are to learn from.
        options: those options again, which nothing here changes.
    """
    if config.preset != DEFAULT.preset:
        return config
    if config.train.base != "none":
        epochs = next((n for most, n in TUNING_EPOCHS.items() if names < most), LONG_TUNING_EPOCHS)
        temperature = 0.8 if names <= FEW else 1.0
        tuning = {**TUNING_OPTIONS, "epochs": epochs, "temperature": temperature}
        if config.train.tuner == "numpy":  # which learns from every name, see `tuning.mixing`
            tuning["valid_fraction"] = 0.0
        return config.with_options(**{**tuning, **options})
    fitting = dict(LONG_LIST_OPTIONS) if names >= LONG_LIST else {}
    config = config.with_options(**{**fitting, **options})
    batches = -(-names // config.data.batch_size)
    epochs = min(MOST_EPOCHS, max(FEWEST_EPOCHS, round(LONG_LIST_STEPS / batches)))
    return config.with_options(**{"epochs": epochs, **options})
