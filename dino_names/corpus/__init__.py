"""Lists and texts: read, checked, split; their characters and ids.

In: files from anywhere, or names from Python.
Out: `Names`, `Text`, `Vocabulary`, and warnings.
May use: storage and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.corpus.bounds import FORBIDDEN, JOINERS, MAX_CATEGORIES
    from dino_names.corpus.builtin_text import SNIPPET
    from dino_names.corpus.file_reading import read_lines
    from dino_names.corpus.invisible import is_whole
    from dino_names.corpus.lists import read_list
    from dino_names.corpus.names import MAX_NAMES_BYTES, Names, read_names
    from dino_names.corpus.reading import PLAIN, Reading
    from dino_names.corpus.rows import Rows
    from dino_names.corpus.splits import split_names, split_text
    from dino_names.corpus.texts import Text, read_text
    from dino_names.corpus.training_data import (
        Source,
        describe_data,
        dropped,
        label_of,
        read_data,
        vocabulary_of,
    )
    from dino_names.corpus.vocabulary import BOUNDARY, BOUNDARY_ID, Ids, Vocabulary

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "bounds": ["FORBIDDEN", "JOINERS", "MAX_CATEGORIES"],
        "builtin_text": ["SNIPPET"],
        "file_reading": ["read_lines"],
        "invisible": ["is_whole"],
        "lists": ["read_list"],
        "names": ["MAX_NAMES_BYTES", "Names", "read_names"],
        "reading": ["PLAIN", "Reading"],
        "rows": ["Rows"],
        "splits": ["split_names", "split_text"],
        "texts": ["Text", "read_text"],
        "training_data": [
            *("Source", "describe_data", "dropped", "label_of", "read_data", "vocabulary_of"),
        ],
        "vocabulary": ["BOUNDARY", "BOUNDARY_ID", "Ids", "Vocabulary"],
    },
)
