"""What every benchmark is told."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 1_000_000
ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to measure.

    Arguments:
        quick: tiny sizes, to see that everything runs.
        torch_python: the interpreter that has PyTorch; None leaves PyTorch out.
        rounds: how often the contenders take turns.
        largest: names in the longest list of the growth table.
    """

    quick: bool = False
    torch_python: str | None = None
    rounds: int = ROUNDS
    largest: int = LARGEST
