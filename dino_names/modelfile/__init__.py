"""One `.safetensors`: what it holds, written canonically, read without trust.

In: tensors, vocabulary and facts; or a file that anybody may have made.
Out: `Bundle`, or a refusal.
May use: ngram, config, corpus and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.modelfile.contents import MAX_NAME, Bundle
    from dino_names.modelfile.name_filter import NameFilter
    from dino_names.modelfile.name_hashes import (
        KnownNames,
        are_remembered,
        contains,
        hash_each,
        remember_names,
    )
    from dino_names.modelfile.onnx_format import character_rows, to_onnx
    from dino_names.modelfile.reader import read_as
    from dino_names.modelfile.shipped import SHIPPED_BASE, corpus_filter
    from dino_names.modelfile.tensors import Tensors, join_networks

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "contents": ["Bundle", "MAX_NAME"],
        "name_filter": ["NameFilter"],
        "name_hashes": ["KnownNames", "are_remembered", "contains", "hash_each", "remember_names"],
        "onnx_format": ["character_rows", "to_onnx"],
        "reader": ["read_as"],
        "shipped": ["SHIPPED_BASE", "corpus_filter"],
        "tensors": ["Tensors", "join_networks"],
    },
)
