"""A page of one file that invents names in a browser: the program, its looks, and what makes it.

In: a bundle.
Out: HTML that holds model and program.
May use: modelfile, storage, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.page.document import Page, learning_base

__getattr__, __dir__, __all__ = lazy_exports(__name__, {"document": ["Page", "learning_base"]})
