"""Lists of names put together from a few syllables, as games have them, out of real names.

The syllables are beginnings, middles and ends cut out of names of one to three lists, each with a
weight, so no list that somebody invented is used.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

FEWEST, MOST, TRIES = 40, 250, 400
SHORTEST, LONGEST = 4, 14
CUT_FROM = 40


def syllable_lists(
    lists: Mapping[str, Sequence[str]], count: int, *, seed: int = 0
) -> Iterator[tuple[str, list[str]]]:
    """Some lists, each with its key.

    Arguments:
        lists: of real names, by key.
        count: how many to try; one whose lists have too few names of a fitting length is left out.
        seed: of all choices.
    """
    rng = random.Random(seed)
    keys = sorted(key for key, names in lists.items() if len(names) >= 60)
    for number in range(count):
        chosen = rng.sample(keys, rng.choice((1, 1, 2, 3)))
        source = [name for key in chosen for name in rng.sample(lists[key], CUT_FROM)]
        source = [n for n in source if SHORTEST <= len(n) <= LONGEST and " " not in n]
        if len(source) >= FEWEST // 2:
            yield f"syllables/{number}", sorted(_put_together(source, rng))


def _put_together(source: Sequence[str], rng: random.Random) -> set[str]:
    first = {n[: rng.randint(1, 4)] for n in rng.choices(source, k=rng.choice((5, 8, 12, 20, 40)))}
    last = {n[-rng.randint(1, 4) :] for n in rng.choices(source, k=rng.choice((4, 8, 12, 20, 40)))}
    middle = set()
    for name in rng.choices(source, k=rng.choice((1, 3, 6, 12))):
        start = rng.randint(1, len(name) - 2)
        middle.add(name[start : start + rng.randint(1, 3)])
    parts = [sorted(part) for part in (first, middle, last)]
    weights = [[rng.random() ** 2 + 0.02 for _ in part] for part in parts]
    share, again = rng.choice((0, 0, 0.3, 0.7, 1, 1)), rng.choice((0, 0, 0.2))
    made: set[str] = set()
    for _ in range(TRIES):
        name = rng.choices(parts[0], weights[0])[0]
        for chance in (share, again):
            if rng.random() < chance:
                name += rng.choices(parts[1], weights[1])[0]
        name += rng.choices(parts[2], weights[2])[0]
        made.add(name if name[0].islower() else name[0] + name[1:].lower())
        if len(made) >= MOST:
            break
    return made
