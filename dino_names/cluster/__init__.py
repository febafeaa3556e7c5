"""What the workers of a Dask cluster do: names without end, and counts of long lists.

In: a model or a list of names, folders, a scheduler's address or none.
Out: files of names, none of them twice in all of these; a prepared list.
May use: preparing, generation, modelfile and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.cluster.counting import prepare_together
    from dino_names.cluster.endless import write_names

__getattr__, __dir__, __all__ = lazy_exports(
    __name__, {"counting": ["prepare_together"], "endless": ["write_names"]}
)
