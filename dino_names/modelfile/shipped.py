"""The base that ships with the package, and the names that it has read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.name_filter import NameFilter

SHIPPED_BASE = Path(__file__).parents[1] / "models" / "base.safetensors"


@lru_cache(maxsize=1)
def corpus_filter() -> NameFilter:
    """The names that the base has read, case folded: of other names 1 in 100 is found too."""
    found = Bundle.read(SHIPPED_BASE).corpus_filter
    assert found is not None, "the base that ships has one"
    return found
