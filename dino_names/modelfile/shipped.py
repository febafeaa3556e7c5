"""The base that ships with the package, and the names that it has read."""

from __future__ import annotations

import json
import os
from functools import lru_cache

from dino_names.modelfile.container import Container
from dino_names.modelfile.metadata import KEY
from dino_names.modelfile.name_filter import NameFilter

# By hand, since pathlib is slow to import and nearly every name is held against this.
SHIPPED_BASE = os.path.join(  # noqa: PTH118
    os.path.dirname(os.path.dirname(__file__)),  # noqa: PTH120
    *("models", "base.safetensors"),
)


@lru_cache(maxsize=1)
def corpus_filter() -> NameFilter:
    """The names that the base has read, case folded: of other names 1 in 100 is found too.

    Of a file that is ours only those pages are read which a name is held against.
    """
    with Container(SHIPPED_BASE) as file:
        section = json.loads(file.metadata[KEY])["corpus_filter"]
        words = file.mapped("corpus_filter", "uint64")
    return NameFilter(words, names=section["names"], hashes=section["hashes"])
