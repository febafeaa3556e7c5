"""What a training tells, as words."""

from __future__ import annotations

import math
from typing import Any


def describe(row: dict[str, Any]) -> str:
    """A row of the history as words."""
    words = [f"loss {row['loss']:.4f}"]
    if "val_nats_per_char" in row:
        words.append(_validation(row))
    for unit in ("names", "characters"):
        if f"{unit}_per_second" in row:
            words.append(f"{row[f'{unit}_per_second']:,.0f} {unit}/s")
    return ", ".join([*words, f"{row['seconds']:.1f} s"])


def describe_log(epoch: int, batch: int, loss: float) -> str:
    """A loss on the way as words."""
    place = f"epoch {epoch + 1}, batch {batch}"
    return f"{place}: loss {loss:.4f} nats, {to_bits(loss):.4f} bits per character"


def describe_sample(step: int, text: str) -> str:
    """A sample as words, on lines of its own."""
    return f"batch {step}, a sample:\n{text}\n"


def describe_round(epoch: int, batch: int, figures: dict[str, float]) -> str:
    """The end of a part of an epoch as words."""
    place = f"stopped in epoch {epoch + 1} after batch {batch}, to go on with --resume"
    return ", ".join([place, _validation(figures)]) if "val_nats_per_char" in figures else place


def _validation(figures: dict[str, Any]) -> str:
    nats = figures["val_nats_per_char"]
    words = f"validation {nats:.4f} nats per character ({to_bits(nats):.4f} bits)"
    mixed = figures.get("val_nats_with_ngram")
    return words if mixed is None else f"{words}, {mixed:.4f} with the n-gram"


def to_bits(nats: float) -> float:
    """Nats as bits."""
    return nats / math.log(2)
