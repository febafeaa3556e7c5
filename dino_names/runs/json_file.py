"""A JSON object of a run folder, read as strictly as a model file's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dino_names.errors import InputError, RunError
from dino_names.storage import read_regular, reason, show, strict_json

# A manifest names thousands of checkpoints; run.json has a few characters and numbers.
MAX_JSON_BYTES = 16 * 2**20


def read_json(path: Path, *, limit: int = MAX_JSON_BYTES) -> dict[str, Any]:
    """A JSON object of a run folder, read as strictly as a model file's.

    Arguments:
        path: the file.
        limit: the most bytes it may have.

    Raises:
        RunError: missing, no regular file, unreadable, too large or not a JSON object.
    """
    try:
        values = strict_json(read_regular(path, limit=limit).decode())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RunError(
            f"{show(path.parent)}: expected a run folder with {path.name}, and it has none; "
            "name a folder that dino-names train made."
        ) from error
    except (OSError, ValueError, InputError) as error:
        raise RunError(
            f"{show(path)}: expected readable JSON, received {reason(error)}; "
            "restore the file or train again."
        ) from error
    if not isinstance(values, dict):
        raise RunError(f"{show(path)}: expected a JSON object; restore the file or train again.")
    return values
