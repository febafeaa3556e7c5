"""The tutorial's model in PyTorch, in a process of its own: it trains whenever it is told to.

    python torch_worker.py BATCHES.npz EMBEDDING_DIM RNN_UNITS VOCAB_SIZE

It says `ready`, then reads a precision a line, trains on every batch in it, and says `done`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import torch

Batches = list[tuple[torch.Tensor, torch.Tensor]]


def make_turn(
    batches: Batches, embedding_dim: int, units: int, vocab_size: int, *, half: bool
) -> Callable[[], None]:
    """What trains a new model on every batch, with autocast to bfloat16 or without."""
    embedding = torch.nn.Embedding(vocab_size, embedding_dim)
    gru = torch.nn.GRU(embedding_dim, units, batch_first=True)
    output = torch.nn.Linear(units, vocab_size)
    parameters = [*embedding.parameters(), *gru.parameters(), *output.parameters()]
    optimizer = torch.optim.Adam(parameters)

    def turn() -> None:
        for inputs, targets in batches:
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                logits = output(gru(embedding(inputs))[0])
            loss = torch.nn.functional.cross_entropy(
                logits.float().flatten(0, 1), targets.flatten()
            )
            loss.backward()
            optimizer.step()
            loss.item()

    return turn


def main(path: str, *sizes: str) -> None:
    """Answer until standard input ends."""
    with np.load(path) as file:
        count = sum(name.startswith("inputs") for name in file)
        pairs = [(file[f"inputs{number}"], file[f"targets{number}"]) for number in range(count)]
        batches = [
            (torch.tensor(inputs), torch.tensor(targets).long()) for inputs, targets in pairs
        ]
    numbers = [int(size) for size in sizes]
    turns = {
        "float32": make_turn(batches, *numbers, half=False),
        "bfloat16": make_turn(batches, *numbers, half=True),
    }
    print("ready", flush=True)
    for line in sys.stdin:
        turns[line.strip()]()
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
