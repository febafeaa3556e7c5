"""Networks of one size to set against each other: RNN, GRU, LSTM, and a small GPT."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import keras

from dino_names.checks import check_choice, check_range
from dino_names.config import Cell, ModelConfig, TrainConfig
from dino_names.training.batches import NameBatches
from dino_names.training.loss import NatsPerCharacter, token_loss
from dino_names.training.network import build_model, build_optimizer

KINDS: tuple[Cell, ...] = ("rnn", "gru", "lstm", "gpt")
EMBEDDING_DIM = 32
BLOCKS = 2


def build_rival(
    kind: Cell, vocab_size: int, *, budget: int, longest: int = 64, seed: int = 0
) -> keras.Model:
    """The largest network of a kind that has at most so many weights.

    Arguments:
        kind: `rnn`, `gru`, `lstm` or `gpt`, which has two blocks.
        vocab_size: characters.
        budget: weights.
        longest: characters that a GPT can read at most.
        seed: of the weights.

    Raises:
        OptionError: no such kind, or a budget that is too small for any of them.
    """
    check_choice("kind", kind, get_args(Cell))
    check_range("budget", budget, low=20_000, whole=True)
    units = 1
    while _sizes(kind, units + 1, longest).architecture(vocab_size).parameters() <= budget:
        units += 1
    return build_model(vocab_size, config=_sizes(kind, units, longest), seed=seed)


def _sizes(kind: Cell, units: int, longest: int) -> ModelConfig:
    sizes = ModelConfig(cell=kind, embedding_dim=EMBEDDING_DIM, rnn_units=units)
    return replace(sizes, num_layers=BLOCKS, context=longest) if kind == "gpt" else sizes


def train_rival(
    model: keras.Model, train: NameBatches, held_out: NameBatches, *, options: TrainConfig
) -> list[float]:
    """Train a network and measure it after each epoch.

    Arguments:
        model: built.
        train, held_out: names.
        options: epochs, optimizer, learning rate and its schedule.

    Returns:
        Nats per character of the held-out names, the boundary counted, after each epoch.
    """
    optimizer = build_optimizer(options, steps=options.epochs * train.batches)
    model.compile(optimizer, token_loss(), metrics=[NatsPerCharacter()], jit_compile=False)
    history = model.fit(
        train.dataset(0, options.epochs),
        epochs=options.epochs,
        steps_per_epoch=train.batches,
        validation_data=held_out.dataset(0, 1),
        validation_steps=held_out.batches,
        shuffle=False,  # the pipeline has done it
        verbose=0,
    )
    return [float(nats) for nats in history.history["val_nats_per_char"]]
