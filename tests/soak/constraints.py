"""Names with whatever is asked of them, held against Python's own string functions."""

from __future__ import annotations

import random
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import dino_names
from dino_names.errors import NotEnoughNamesError, OptionError
from tests.soak.record import Row, Settings

NAMES, QUICK_NAMES, AT_ONCE = 1_000_000, 2_000, 20_000
PIECES = ("us", "o", "rex", "ia", "saur", "x", "ta", "on", "do", "nyx", "tops", "an", "e")


def run(chosen: Settings, place: Path) -> list[Row]:
    """Ask for names with random constraints until there are a million."""
    rng, model = random.Random(chosen.seed), dino_names.load()
    wanted = NAMES if chosen.stride == 1 else QUICK_NAMES
    tried = asked = refused = 0
    broken: list[str] = []
    while tried < wanted:
        constraints = draw(rng)
        asked += 1
        try:
            names = model.generate_many(
                constraints.pop("prompt"),
                n=min(AT_ONCE, wanted // 20),
                seed=chosen.seed,
                unique=False,
                allow_training_names=True,
                **constraints,
            )
        except OptionError:
            refused += 1
            continue
        except NotEnoughNamesError as error:
            names = error.names
        tried += len(names)
        broken += [f"{name} {constraints}" for name in names if not fits(name, constraints)]
    found = f"{asked} sets of constraints, {refused} impossible, broken {len(broken)} "
    return [Row("names drawn", tried, (found + " ".join(broken[:3])).strip(), good=not broken)]


def draw(rng: random.Random) -> dict[str, Any]:
    """One to three things to ask of names, and a prompt at times."""

    def piece() -> str:
        text = rng.choice(PIECES)
        return text.upper() if rng.random() < 0.2 else text

    def pattern() -> str:
        parts = ["*", "?", "[aeiou]", "[!s]", piece()]
        return "".join(rng.choices(parts, weights=[4, 2, 1, 1, 1], k=rng.randint(2, 4))) + "*"

    kinds = {
        "ends": piece,
        "contains": lambda: [piece() for _ in range(rng.randint(1, 2))],
        "without": lambda: [piece() for _ in range(rng.randint(1, 3))],
        "pattern": pattern,
        "not_letters": lambda: "".join(rng.sample("qwxzjkv", 3)),
        "min_length": lambda: rng.randint(2, 12),
        "max_length": lambda: rng.randint(3, 16),
        "temperature": lambda: rng.choice([0.6, 1.3]),
    }
    some = rng.sample(sorted(kinds), rng.randint(1, 3))
    found: dict[str, Any] = {name: kinds[name]() for name in some}
    if found.get("min_length", 0) > found.get("max_length", 99):
        del found["min_length"]
    return {**found, "prompt": rng.choice(["", "", "", "A", "Me"])}


def fits(name: str, asked: dict[str, Any]) -> bool:
    """Whether a name is as asked."""
    text = name.lower()
    return bool(
        text.endswith(asked.get("ends", "").lower())
        and all(piece.lower() in text for piece in asked.get("contains", ()))
        and not any(piece.lower() in text for piece in asked.get("without", ()))
        and fnmatchcase(text, asked.get("pattern", "*").lower())
        and not set(text) & set(asked.get("not_letters", ""))
        and asked.get("min_length", 0) <= len(name) <= asked.get("max_length", 99)
    )
