"""A few names from counting alone, before any network has learned."""

from __future__ import annotations

import numpy as np

from dino_names.corpus import BOUNDARY_ID, Names, PreparedNames, Text, Vocabulary
from dino_names.engine import Sampler, Uniforms
from dino_names.generation.draws import Draws

SHOWN, TRIED = 5, 64
ORDER = 4
# Of a longer list a part: counting all of it would take longer than anybody looks forward to.
MOST = 20_000


def first_names(data: Names | Text | PreparedNames, *, seed: int = 0) -> list[str]:
    """Names that an n-gram of a list makes, within a fraction of a second; none of what is longer.

    Arguments:
        data: what a training is about to learn.
        seed: of the draws.

    Returns:
        Up to five, distinct and not in the list.
    """
    from dino_names.ngram import Ngram

    if not isinstance(data, Names):
        return []
    some = data.names[:MOST]
    vocabulary = Vocabulary.of(some)
    draws = Draws(
        predictor=Ngram.fit(some, vocabulary, order=ORDER),
        prompt=np.array([BOUNDARY_ID], np.int32),
        sampler=Sampler(),
        uniforms=Uniforms(seed),
        shortest=1,
        longest=max(map(len, some)),
    )
    letters = draws.draw(draws.warm_up(), 0, TRIED).letters
    ended = (vocabulary.decode(row[row > 0]) for row in letters if not row[-1])
    listed = frozenset(data.names)
    found = dict.fromkeys(name for name in ended if name == name.strip() and name not in listed)
    return list(found)[:SHOWN]
