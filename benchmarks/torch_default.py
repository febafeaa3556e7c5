"""The preset `default` in PyTorch, in a process of its own: an epoch whenever it is told to.

    python torch_default.py BATCHES.npz EMBEDDING_DIM RNN_UNITS VOCAB_SIZE

The same work as ours: dropout on the embedding, the recurrent kernel and the output, the loss of
what counts, AdamW with clipped gradients and a falling rate, an average of the weights. It says
`ready`, then reads how many threads to use a line, trains on every batch, and says `done`.
"""

from __future__ import annotations

import sys

import numpy as np
import torch
from torch.nn import functional

EMBEDDING, KERNEL, OUTPUT = 0.2, 0.4, 0.6  # dropout
RATE, DECAY, CLIP, AVERAGE, EPOCHS = 5e-3, 0.02, 1.0, 0.98, 60
Batches = list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]


class Network(torch.nn.Module):
    """Embedding, GRU and linear layer.

    Arguments:
        features, units, characters: sizes.
    """

    def __init__(self, features: int, units: int, characters: int) -> None:
        super().__init__()
        self.units = units
        self.embedding = torch.nn.Embedding(characters, features)
        self.gru = torch.nn.GRU(features, units, batch_first=True)
        self.output = torch.nn.Linear(units, characters)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(batch, time) to logits (batch, time, characters)."""
        inputs = functional.dropout(self.embedding(ids), EMBEDDING)
        gru = self.gru
        kernel = functional.dropout(gru.weight_hh_l0, KERNEL)
        weights = [gru.weight_ih_l0, kernel, gru.bias_ih_l0, gru.bias_hh_l0]
        start = torch.zeros(1, len(ids), self.units)
        # What the layer itself calls, with the kernel of this step.
        states = torch._VF.gru(inputs, start, weights, True, 1, 0.0, True, False, True)[0]
        return self.output(functional.dropout(states, OUTPUT))


def make_epoch(batches: Batches, *sizes: int):
    """What trains a new network on every batch once, with so many threads."""
    network = Network(*sizes)
    weights = list(network.parameters())
    averages = [weight.detach().clone() for weight in weights]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * len(batches))

    def epoch(threads: int) -> None:
        torch.set_num_threads(threads)
        for inputs, targets, counts in batches:
            optimizer.zero_grad()
            logits = network(inputs).flatten(0, 1)
            nats = functional.cross_entropy(logits, targets.flatten(), reduction="none")
            loss = (nats * counts.flatten()).sum() / counts.sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, CLIP)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                torch._foreach_lerp_(averages, weights, 1 - AVERAGE)
            loss.item()

    return epoch


def main(path: str, *sizes: str) -> None:
    """Answer until standard input ends."""
    with np.load(path) as file:
        count = sum(name.startswith("inputs") for name in file)
        batches = [
            (
                torch.tensor(file[f"inputs{number}"]),
                torch.tensor(file[f"targets{number}"]).long(),
                torch.tensor(file[f"weights{number}"]),
            )
            for number in range(count)
        ]
    epoch = make_epoch(batches, *map(int, sizes))
    print("ready", flush=True)
    for line in sys.stdin:
        epoch(int(line))
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
