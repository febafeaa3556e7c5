"""Use each of the models whose paths are given; write what an audit hook saw as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import dino_names
from dino_names.errors import DinoNamesError

# What interpreters do all the time; none of it reaches outside the process.
INWARD = {"builtins.id", "object.__getattr__", "object.__setattr__", "sys._getframe"}


def use(path: str) -> str:
    """Load a model, and do with it all that using one is."""
    model = dino_names.load(path)
    options: dict[str, Any] = {"n": 3, "seed": 1, "allow_training_names": True}
    names = model.generate_many(**options)  # type: ignore[union-attr]
    return str(model.score(names[0]))


def read_only(path: str, _: str | None, flags: int) -> str:
    """A path that is opened, and a remark where it could be changed."""
    return path if flags & os.O_ACCMODE == os.O_RDONLY else f"{path}, to be written"


def attempt(path: str) -> tuple[str, str]:
    """Whether it was used or refused, and with which error."""
    try:
        use(path)
    except DinoNamesError as error:
        return "refused", type(error).__name__
    except Exception as error:
        return "escaped", type(error).__name__
    return "used", ""


def main(paths: list[str]) -> None:
    """Do everything twice, and listen the second time."""
    events: list[tuple[str, str]] = []
    listening = False

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        # Opening a descriptor that was just opened by its path tells nothing more.
        again = name == "open" and isinstance(arguments[0], int)
        if listening and name not in INWARD and not again:
            events.append((name, read_only(*arguments) if name == "open" else repr(arguments)))

    sys.addaudithook(hook)
    found = {}
    for path in paths:
        attempt(path)
    for path in paths:
        events.clear()
        listening = True
        outcome = attempt(path)
        listening = False
        found[path] = [*events, outcome]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
