"""A name for a key: the same one wherever the model file is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import UInt64s
from dino_names.checks import brief
from dino_names.errors import NotEnoughNamesError, OptionError

if TYPE_CHECKING:
    from dino_names.generation.name_maker import NameMaker
    from dino_names.generation.options import OneNameOptions

# Keys whose names are drawn at once; how many does not change them.
KEYS_AT_ONCE = 64
# Draws for a key until it gives up.
MOST_DRAWS = 2_000


def seed_of(key: str) -> int:
    """The seed that a key stands for: BLAKE2b (RFC 7693) of its UTF-8, 8 bytes long.

    Raises:
        OptionError: it is no text.
    """
    from hashlib import blake2b  # slow to import, and few have keys

    if not isinstance(key, str) or not key:
        raise OptionError(f"key: expected a text that is not empty, received {brief(key)}.")
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def names_for_keys(
    maker: NameMaker, keys: Sequence[str], prompt: str, options: OneNameOptions
) -> dict[str, str]:
    """A name for each key, no two alike; see `NameModel.generate_for_keys`."""
    repeated = {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    if repeated:
        raise OptionError(f"keys: expected each once, received {brief(min(repeated))} again.")
    seeds = np.array([seed_of(key) for key in keys], np.uint64)
    drawing = _Drawing(maker, prompt, options)
    found: dict[str, str] = {}
    taken: set[str] = set()
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, len(keys), KEYS_AT_ONCE):
            some = seeds[first : first + KEYS_AT_ONCE]
            first_names = drawing.first(some)
            for row, key in enumerate(keys[first : first + KEYS_AT_ONCE]):
                name, position = first_names[row]
                if name in taken:
                    others = drawing.after(some[row : row + 1], position)
                    name = next((other for other in others if other not in taken), "")
                    if not name:
                        raise _too_many(found, keys)
                taken.add(name)
                found[key] = name
    return found


class _Drawing:
    """Draws from the streams of keys, all at the same position at once."""

    def __init__(self, maker: NameMaker, prompt: str, options: OneNameOptions) -> None:
        prompt = maker.understand(prompt, options)
        self._draws, compiled = maker.planner.plan(prompt, maker.encode(prompt), options)
        self._rules = maker.rules(prompt, options, compiled)
        self._warm: Any = self._draws.warm_up()

    def _names(self, seeds: UInt64s, position: int) -> list[str]:
        """What each seed's stream gives there, empty where that will not do."""
        from dino_names.engine import KeyedUniforms

        self._draws.uniforms = KeyedUniforms(seeds, position)
        letters, _, accepted = self._draws.draw(self._warm, 0, len(seeds))
        texts = self._rules.texts(letters)
        reasons = self._rules.judge(letters, texts, accepted)
        return [text * (not why) for text, why in zip(texts, reasons, strict=True)]

    def first(self, seeds: UInt64s) -> list[tuple[str, int]]:
        """The first name of each that will do, and its position."""
        found = [("", 0)] * len(seeds)
        missing = np.arange(len(seeds))
        for position in range(MOST_DRAWS):
            for row, name in zip(missing, self._names(seeds[missing], position), strict=True):
                if name:
                    found[row] = name, position
            missing = np.array([row for row in missing if not found[row][0]], np.intp)
            if not missing.size:
                return found
        raise NotEnoughNamesError(
            f"expected a name for each key, found none that will do in {MOST_DRAWS:,} draws of "
            "one; ask for less of the names or raise the temperature.",
            names=[],
            asked=len(seeds),
        )

    def after(self, seed: UInt64s, position: int) -> Iterator[str]:
        """The names of one that will do behind a position."""
        for later in range(position + 1, position + MOST_DRAWS):
            (name,) = self._names(seed, later)
            if name:
                yield name


def _too_many(found: dict[str, str], keys: Sequence[str]) -> NotEnoughNamesError:
    return NotEnoughNamesError(
        f"expected {len(keys):,} names for as many keys, found {len(found):,} that are not alike; "
        "give fewer keys, ask for less of the names or raise the temperature.",
        names=list(found.values()),
        asked=len(keys),
    )
