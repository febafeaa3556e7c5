"""Learns a list of names, character by character, and invents new ones.

Example:
    >>> import dino_names
    >>> name = dino_names.generate("Ram", seed=1)
    >>> name.startswith("Ram")
    True

Nothing is imported before it is used: `generate` never loads TensorFlow, `train` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dino_names._version import __version__

if TYPE_CHECKING:
    from dino_names.api import generate, generate_many, load, train
    from dino_names.errors import DinoNamesError
    from dino_names.generation.name_model import NameModel
    from dino_names.runs.run import Run

__all__ = [
    "DinoNamesError",
    "NameModel",
    "Run",
    "__version__",
    "generate",
    "generate_many",
    "load",
    "train",
]

_HOMES = {
    "generate": "api",
    "generate_many": "api",
    "load": "api",
    "train": "api",
    "DinoNamesError": "errors",
    "NameModel": "generation.name_model",
    "Run": "runs.run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
