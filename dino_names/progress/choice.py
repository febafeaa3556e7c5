"""What `progress=` may be."""

from __future__ import annotations

import sys

from dino_names.checks import brief
from dino_names.errors import OptionError
from dino_names.progress.protocol import Progress, Silent

AUTO = "auto"
Wanted = Progress | bool | str | None


def choose_progress(wanted: Wanted) -> Progress:
    """What tells of a training.

    Arguments:
        wanted: True for a bar on a terminal and lines elsewhere; False or None for nothing; `auto`
            for a bar on a terminal and nothing elsewhere; or what does it itself.

    Raises:
        OptionError: none of these.
    """
    if wanted is None or wanted is False or (wanted == AUTO and not sys.stderr.isatty()):
        return Silent()
    if wanted is True or wanted == AUTO:
        from dino_names.progress.terminal import for_terminal

        return for_terminal()
    if isinstance(wanted, str | int):
        raise OptionError(f"progress: expected auto, true or false, received {brief(wanted)}.")
    return wanted
