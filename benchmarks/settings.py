"""What every benchmark is told."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to measure.

    Arguments:
        quick: tiny sizes, to see that everything runs.
        torch_python: the interpreter that has PyTorch; None leaves PyTorch out.
        largest: names in the longest list of the growth table.
    """

    quick: bool = False
    torch_python: str | None = None
    largest: int = LARGEST

    @property
    def rounds(self) -> int:
        """How often the contenders take turns."""
        return 1 if self.quick else 5
