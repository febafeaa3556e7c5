"""tf.data: names, chunks, windows and streams as batches that follow from (seed, epoch) alone.

In: ids and the configuration of the data.
Out: batches of (inputs, targets, weights), each (batch, time).
May use: training.network, config, corpus, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.training.batches.block_batches import BlockBatches
    from dino_names.training.batches.chunks import Chunks
    from dino_names.training.batches.datasets import names_dataset, text_dataset
    from dino_names.training.batches.name_batches import NameBatches
    from dino_names.training.batches.source import Measured, Source
    from dino_names.training.batches.streams import Streams

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "block_batches": ["BlockBatches"],
        "chunks": ["Chunks"],
        "datasets": ["names_dataset", "text_dataset"],
        "name_batches": ["NameBatches"],
        "source": ["Measured", "Source"],
        "streams": ["Streams"],
    },
)
