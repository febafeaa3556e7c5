"""A model as a page for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dino_names.modelfile import Bundle
from dino_names.storage import FilePath

if TYPE_CHECKING:
    from dino_names.page import Page


class Paged:
    """What models of names and of running text have in common."""

    bundle: Bundle

    def to_page(self, path: FilePath, **options: Any) -> int:
        """Write a page of one file that works with the model in any browser; give its bytes.

        Arguments:
            path: of the page.
            options: `title`; `learn`: whether it can learn a list. See `page.Page`.

        Raises:
            OptionError, StorageError: a page does not know such a model; the disk refused it.
        """
        return self.show(**options).write(path)

    def show(self, **options: Any) -> Page:
        """That page, as the result of a notebook's cell."""
        from dino_names.page import Page  # few want one

        return Page(self.bundle, **options)
