"""What a training tells whoever waits: the protocol, its forms on a terminal, in notebooks, pipes.

In: batches and epochs as they end.
Out: a bar, a curve, lines, or nothing.
May use: config.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.progress.choice import Wanted, choose_progress
    from dino_names.progress.notebook import Display, Notebook, in_notebook
    from dino_names.progress.protocol import Progress, Silent
    from dino_names.progress.terminal import for_terminal

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "choice": ["Wanted", "choose_progress"],
        "notebook": ["Display", "Notebook", "in_notebook"],
        "protocol": ["Progress", "Silent"],
        "terminal": ["for_terminal"],
    },
)
