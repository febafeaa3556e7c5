"""The model of a file, of names or of running text, ready to use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dino_names.generation.name_model import NameModel
from dino_names.modelfile import Bundle, read_as

if TYPE_CHECKING:
    from dino_names.generation.text_model import TextModel


def open_model(bundle: Bundle) -> NameModel | TextModel:
    """The model of what a file holds, by its kind."""
    if bundle.kind == "text":
        from dino_names.generation.text_model import TextModel  # names must not wait for it

        return TextModel(bundle)
    return open_names(bundle)


def open_names(bundle: Bundle) -> NameModel:
    """The model of what a file of names holds: of one list or of several."""
    if bundle.categories:
        from dino_names.generation.category_model import CategoryModel  # few have categories

        return CategoryModel(bundle)
    return NameModel(bundle)


def read_model(path: str | os.PathLike[str]) -> NameModel | TextModel:
    """The model of a file.

    Raises:
        ModelFileError: the file is missing, of another kind, or not to be trusted.
    """
    return read_as(path, open_model)
