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
    from dino_names.corpus.file_reading import read_lines, whole_lines
    from dino_names.corpus.invisible import is_whole
    from dino_names.corpus.lists import STANDARD_INPUT, read_list
    from dino_names.corpus.names import MAX_NAMES_BYTES, Names, as_lines, read_names
    from dino_names.corpus.names_from_lines import (
        MAX_NAMES,
        MAX_NAMES_CHARACTERS,
        NameLines,
        check_distinct,
    )
    from dino_names.corpus.number_files import id_type, mixed
    from dino_names.corpus.prepared import (
        IDS,
        LENGTHS,
        MARKS,
        WINDOWS,
        PreparedNames,
        is_prepared,
    )
    from dino_names.corpus.reading import PLAIN, Reading
    from dino_names.corpus.rows import Rows
    from dino_names.corpus.splits import split_names, split_text
    from dino_names.corpus.streamed import how_to_read
    from dino_names.corpus.texts import Text, read_text
    from dino_names.corpus.training_data import (
        Source,
        describe_data,
        dropped,
        label_of,
        read_data,
        read_to_train,
        vocabulary_of,
    )
    from dino_names.corpus.vocabulary import BOUNDARY, BOUNDARY_ID, Ids, Vocabulary, pad

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "bounds": ["FORBIDDEN", "JOINERS", "MAX_CATEGORIES"],
        "builtin_text": ["SNIPPET"],
        "file_reading": ["read_lines", "whole_lines"],
        "invisible": ["is_whole"],
        "lists": ["STANDARD_INPUT", "read_list"],
        "names": ["MAX_NAMES_BYTES", "Names", "as_lines", "read_names"],
        "names_from_lines": [
            *("MAX_NAMES", "MAX_NAMES_CHARACTERS", "NameLines", "check_distinct"),
        ],
        "number_files": ["id_type", "mixed"],
        "prepared": [
            *("IDS", "LENGTHS", "MARKS", "WINDOWS"),
            *("PreparedNames", "is_prepared"),
        ],
        "reading": ["PLAIN", "Reading"],
        "rows": ["Rows"],
        "splits": ["split_names", "split_text"],
        "streamed": ["how_to_read"],
        "texts": ["Text", "read_text"],
        "training_data": [
            *("Source", "describe_data", "dropped", "label_of", "read_data", "read_to_train"),
            "vocabulary_of",
        ],
        "vocabulary": ["BOUNDARY", "BOUNDARY_ID", "Ids", "Vocabulary", "pad"],
    },
)
