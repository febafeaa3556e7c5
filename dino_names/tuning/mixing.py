"""How much a tuned network and the n-gram of its list are to be trusted, by the list's size alone.

A short list has too few names to hold out for finding two numbers; these were found over many
lists, without any of those that they are used for.
"""

from __future__ import annotations

import numpy as np

from dino_names.engine import Weights

# How much faster than the weights the numbers of a list move.
FASTER = 20.0
SIZES = (30, 100, 300, 1_000)
NETWORK = (0.7, 0.65, 0.6, 0.55)
NGRAM = (0.3, 0.3, 0.4, 0.45)


def weights_by_size(names: int) -> Weights:
    """The weights for a list of so many names, between those of the sizes that were measured."""
    place = np.log(max(names, 1))
    network = float(np.interp(place, np.log(SIZES), NETWORK))
    return Weights(network=network, ngram=float(np.interp(place, np.log(SIZES), NGRAM)))
