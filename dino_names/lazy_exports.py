"""What a room hands to others, imported when it is asked for: who generates must not wait."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def lazy_exports(
    room: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Hand on names of a package's modules without importing any of them.

    Arguments:
        room: the package, its own `__name__`.
        homes: the names by the module that has them; `.other` for one beside the package, `` for
            modules themselves.

    Returns:
        Its `__getattr__` (PEP 562), `__dir__` and `__all__`.
    """
    home_of = {name: module for module, names in homes.items() for name in names}

    def load(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        from importlib import import_module

        home = home_of[name]
        value = import_module(f".{home or name}", room)
        value = getattr(value, name) if home else value
        vars(sys.modules[room])[name] = value
        return value

    return load, lambda: sorted(home_of), sorted(home_of)
