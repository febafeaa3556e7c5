"""Names without end: parts of a folder, made by the workers of a Dask cluster.

In: a model of names, how many names, where they go, a scheduler's address or none.
Out: files of names, none of them twice in all of these.
May use: generation, modelfile and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.cluster.endless import Told, write_names

__getattr__, __dir__, __all__ = lazy_exports(__name__, {"endless": ["Told", "write_names"]})
