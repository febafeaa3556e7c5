"""Which checkpoints a run folder holds, and which of them are as they were saved.

`manifest.json` keeps the SHA-256 of each and the digest of the run; a checkpoint that does not
match is passed over, and a sentence says why.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

from dino_names.errors import RunError, StorageError
from dino_names.runs.json_file import read_json
from dino_names.storage import hash_file, reason, show, write_atomically

MANIFEST_FILE = "manifest.json"
LAST = 2
CHECKPOINT = re.compile(r"ckpt_(0|[1-9]\d{0,8})\.weights\.h5")


def write_manifest(folder: Path, run: str, digests: dict[str, str]) -> None:
    """Write which checkpoint has which hash."""
    content = json.dumps({"run": run, "checkpoints": digests}, indent=1) + "\n"
    write_atomically(folder / MANIFEST_FILE, content.encode())


def read_manifest(folder: Path, *, run: str | None = None) -> dict[str, str]:
    """The hashes by file name; none where there is no manifest yet.

    Arguments:
        folder: the run folder.
        run: the digest that the manifest must have; None for any.

    Raises:
        RunError: damaged, or of another run.
    """
    path = folder / MANIFEST_FILE
    if not path.exists():
        return {}
    values = read_json(path)
    digests = values.get("checkpoints")
    if not isinstance(digests, dict):
        raise RunError(
            f"{show(path)}: expected the hashes of checkpoints; without them none can be trusted."
        )
    if run is not None and values.get("run") != run:
        raise RunError(
            f"{show(folder)}: expected checkpoints of the configuration, vocabulary and data in "
            "run.json, received those of others; put back the file that was changed."
        )
    return {str(name): str(digest) for name, digest in digests.items()}


def list_checkpoints(folder: str | Path) -> dict[int, Path]:
    """The checkpoint files of a run by epoch, in the order of their epochs as numbers.

    Nothing is followed: neither symbolic links nor what a file named `checkpoint` says.
    """
    return {epoch: path for epoch, path in _list(Path(folder)).items() if _is_regular(path)}


def remove_checkpoints(folder: Path, *, after: int) -> None:
    """Remove those of later epochs than one."""
    for epoch, path in list_checkpoints(folder).items():
        if epoch > after:
            path.unlink()


def thin_checkpoints(folder: Path, every: int | None, *, best: int | None) -> list[int]:
    """Remove checkpoints but the best, the last two and, with `every`, those of its multiples.

    Arguments:
        folder: the run folder.
        every: epochs between those that stay; None for no others.
        best: the epoch of the best figure, which stays; None where nothing was held out.

    Returns:
        The epochs of those that were removed.

    Raises:
        RunError, StorageError: the manifest is damaged; one could not be removed.
    """
    there = list_checkpoints(folder)
    # Two, since the last may yet be found damaged; what is damaged is nobody's to remove.
    manifest = read_manifest(folder)
    whole = (n for n in reversed(there) if not _fault(there[n], manifest.get(there[n].name)))
    last = list(itertools.islice(whole, LAST))
    oldest = last[-1] if len(last) == LAST else 0
    gone = [epoch for epoch in there if epoch < oldest and epoch != best]
    gone = [epoch for epoch in gone if not every or epoch % every]
    for epoch in gone:
        try:
            there[epoch].unlink()
        except OSError as error:
            raise StorageError(
                f"{show(there[epoch])}: expected to remove it, received: {reason(error)}."
            ) from error
    return gone


def _list(folder: Path) -> dict[int, Path]:
    found = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        if match := CHECKPOINT.fullmatch(path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))


def _is_regular(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def find_checkpoint(
    folder: str | Path, epoch: int | None = None, *, run: str | None = None
) -> tuple[int, Path, tuple[str, ...]]:
    """A chosen checkpoint, or the newest whose content matches the manifest.

    Arguments:
        folder: the run folder.
        epoch: which, or None for the newest.
        run: the digest that the manifest must have; None for any.

    Returns:
        Its epoch, its path, and a sentence for each newer one that was passed over.

    Raises:
        RunError: there is none, or the chosen one is missing or damaged, or they are of
            another run.
    """
    folder = Path(folder)
    found, manifest = _list(folder), read_manifest(folder, run=run)
    if epoch is not None and epoch not in found:
        known = ", ".join(map(str, found)) or "none"
        raise RunError(
            f"{show(folder)}: expected a checkpoint of epoch {epoch}, found those of {known}."
        )
    passed_over: list[str] = []
    for number in reversed(found) if epoch is None else [epoch]:
        path = found[number]
        fault = _fault(path, manifest.get(path.name))
        if fault is None:
            return number, path, tuple(passed_over)
        passed_over.append(f"{show(path)}: passed over, {fault}.")
    raise RunError(
        " ".join(passed_over)
        or f"{show(folder)}: expected checkpoints (ckpt_<epoch>.weights.h5), found none; train "
        "first."
    )


def _fault(path: Path, digest: str | None) -> str | None:
    """Why a checkpoint cannot be used, if it cannot."""
    if not _is_regular(path):
        return "it is a symbolic link or no regular file"
    if digest is None:
        return f"its content is not in {MANIFEST_FILE}"
    try:
        return None if hash_file(path) == digest else "its content is not what was saved"
    except OSError as error:
        return f"it cannot be read ({reason(error)})"
