"""Names per second: one at a time and many, the engine against its matrix products alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.timing import table, take_turns
from dino_names.api import SHIPPED_MODEL
from dino_names.bundle import Bundle
from dino_names.engine import build
from dino_names.generator import BATCH, NameModel


def run(*, quick: bool) -> str:
    """Measure the shipped model, with its n-gram and without."""
    bundle = Bundle.read(SHIPPED_MODEL)
    whole = NameModel(bundle)
    alone = NameModel(bundle, predictor=build(bundle.architecture, bundle.tensors))
    rounds = 1 if quick else 7
    parts = []
    for count in (1, 8) if quick else (1, 64, 512, 4_096):
        contenders = {
            "network alone": lambda count=count: _names(alone, count),
            "network and n-gram": lambda count=count: _names(whole, count),
            "the network's products alone": _products(bundle, whole, count),
        }
        seconds = take_turns(contenders, rounds=rounds)
        parts.append(table(f"generating {count:,} at a time", seconds, work=count, unit="names"))
    return "\n".join(parts)


def _names(model: NameModel, count: int) -> list[str]:
    return model.generate_many(n=count, seed=1, unique=False, allow_training_names=True)


def _products(bundle: Bundle, model: NameModel, count: int) -> Callable[[], None]:
    """The same number of rows through the recurrent kernel and the output, and nothing else."""
    units, vocab_size = bundle.architecture.rnn_units, bundle.architecture.vocab_size
    steps = sum(len(name) + 1 for name in _names(model, count))
    rows = min(count, BATCH)
    state = np.ones((rows, units), np.float32)
    kernels = [np.ones((units, width), np.float32) for width in (3 * units, vocab_size)]
    outputs = [np.empty((rows, kernel.shape[1]), np.float32) for kernel in kernels]

    def turn() -> None:
        for _ in range(-(-steps // rows)):
            for kernel, output in zip(kernels, outputs, strict=True):
                np.matmul(state, kernel, out=output)

    return turn
