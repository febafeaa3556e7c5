"""How many letters must be inserted, deleted or changed to make one name of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dino_names.arrays import Array
from dino_names.errors import MissingExtraError

# How many distances are held at once; a byte each.
PAIRS_AT_ONCE = 2**24
FURTHEST = 255


def edit_distances(names: Sequence[str], others: Sequence[str], *, what: str) -> Array:
    """V. I. Levenshtein's distance (1965) of each name to each other.

    Arguments:
        names, others: any number.
        what: they are for, for the message.

    Returns:
        uint8 of shape (names, others); what is further away than a byte says counts as that far.

    Raises:
        MissingExtraError: rapidfuzz is not installed.
    """
    try:
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist
    except ImportError:
        raise MissingExtraError(
            f"{what}: expected rapidfuzz, but it is not installed; "
            "run: pip install 'dino-names[distances]'."
        ) from None
    scorer = Levenshtein.distance
    return cdist(names, others, scorer=scorer, score_cutoff=FURTHEST - 1, dtype=np.uint8)
