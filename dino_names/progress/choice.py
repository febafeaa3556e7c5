"""What `progress=` may be."""

from __future__ import annotations

from dino_names.checks import brief
from dino_names.errors import OptionError
from dino_names.progress.protocol import Progress, Silent

AUTO = "auto"
Wanted = Progress | bool | str | None


def choose_progress(wanted: Wanted) -> Progress:
    """What tells of a training.

    Arguments:
        wanted: True or `auto` for a bar on a terminal, a curve in a notebook and lines elsewhere;
            False or None for nothing; or what does it itself.

    Raises:
        OptionError: none of these.
    """
    if wanted is None or wanted is False:
        return Silent()
    if wanted is True or wanted == AUTO:
        from dino_names.progress.notebook import Notebook, in_notebook
        from dino_names.progress.terminal import for_terminal

        return Notebook() if in_notebook() else for_terminal()
    if isinstance(wanted, str | int):
        raise OptionError(f"progress: expected auto, true or false, received {brief(wanted)}.")
    return wanted
