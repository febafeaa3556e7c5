"""A folder of names in parts, and the three tasks that make them, in whatever process.

Part `p` of a folder is what came of the draws from `p * size` up to `(p + 1) * size`, each from its
own stream of numbers: so a part is the same whoever makes it. Of a name that comes twice the first
draw stays. Which those are is found by hash, a share of all hashes at a time:

1. `draw_part` writes the names of a part and, sorted, the hash of each;
2. `find_repeats` merges one share of the hashes of all parts, and writes which names are repeats;
3. `finish_part` writes the names of a part without those.

Each writes files that are whole or not there, and does nothing where its files are there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from dino_names.arrays import Array, Int64s
from dino_names.errors import ModelFileError, OptionError, RunError
from dino_names.generation import NameModel, read_model
from dino_names.modelfile import hash_each
from dino_names.storage import read_regular, replace_atomically, show, strict_json, write_atomically

PLAN, MODEL, WORK = "names.json", "model.safetensors", "work"
LARGEST_PLAN = 1 << 20
HASHES = 2**64


@dataclass(frozen=True)
class Plan:
    """What a folder is to hold.

    Arguments:
        n: names in all.
        size: draws of a part.
        suffix: of the files, `txt` or `parquet`.
        prompt, options: as for `NameModel.generate_many`; with a seed.
        version: of the package; all workers must have it.
        written: names there are, once all is done.
    """

    n: int
    size: int
    suffix: str
    prompt: str
    options: dict[str, Any]
    version: str
    written: int | None = None

    def write(self, folder: Path) -> None:
        """Put it into its folder."""
        write_atomically(folder / PLAN, json.dumps(asdict(self), indent=1).encode())

    @classmethod
    def read(cls, folder: Path) -> Plan:
        """That of a folder.

        Raises:
            RunError: there is none, or it is damaged.
        """
        try:
            found = strict_json(read_regular(folder / PLAN, limit=LARGEST_PLAN).decode())
            found["options"] = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in found["options"].items()
            }
            return cls(**found)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, ModelFileError) as error:
            raise RunError(
                f"{show(folder / PLAN)}: expected what a folder of names is to hold, received none "
                "that can be read from here; workers must see the folder under the same path."
            ) from error

    def path(self, folder: Path, part: int) -> Path:
        """Where a part goes."""
        return folder / f"names-{part:06}.{self.suffix}"


def draw_part(folder: Path, version: str, part: int) -> int:
    """Draw the names of a part.

    Arguments:
        folder: with its plan and model.
        version: that of the package where the folder was begun.
        part: its number.

    Returns:
        How many different names came of it.

    Raises:
        OptionError: this process has another version.
    """
    names, hashes = (_work(folder, f"{kind}-{part:06}") for kind in ("drawn", "hashes"))
    if not hashes.exists():
        plan, model = _opened(folder, version)
        first = part * plan.size
        drawn = model.numbered(first, plan.size, plan.prompt, **plan.options)
        texts = list(dict.fromkeys(text for _, text in drawn))
        write_atomically(names, "\n".join(texts).encode())
        found = hash_each(texts)
        order = np.argsort(found, kind="stable")
        save_numbers(hashes, np.stack([found[order], order.astype(np.uint64)]))
    return int(load_numbers(hashes).shape[1])


def find_repeats(folder: Path, parts: int, shares: int, share: int) -> Int64s:
    """Find which names with one share of the hashes came in an earlier part.

    Arguments:
        folder: with that many parts drawn.
        parts: how many.
        shares, share: into how many shares the hashes are cut, and which this is.

    Returns:
        How many repeats there are in each part, (parts,).
    """
    path = _work(folder, f"repeats-{parts}-{shares}-{share:04}")
    if not path.exists():
        edges = [HASHES * place // shares for place in (share, share + 1)]
        hashes, numbers, rows = [], [], []
        for part in range(parts):
            both = load_numbers(_work(folder, f"hashes-{part:06}"))
            mine = slice(*(_place(both[0], edge) for edge in edges))
            hashes.append(np.array(both[0, mine]))
            rows.append(both[1, mine].astype(np.uint32))
            numbers.append(np.full(len(rows[-1]), part, np.uint32))
        # Stable: of equal ones the first is that of the lowest part.
        joined = np.concatenate(hashes)
        order = np.argsort(joined, kind="stable")
        ordered = joined[order]
        again = np.sort(order[1:][ordered[1:] == ordered[:-1]])
        save_numbers(path, np.stack([np.concatenate(numbers)[again], np.concatenate(rows)[again]]))
    return np.bincount(load_numbers(path)[0].astype(np.int64), minlength=parts)


def finish_part(folder: Path, parts: int, shares: int, part: int, most: int) -> int:
    """Write the names of a part that are no repeats.

    Arguments:
        folder: with the repeats found.
        parts, shares: as for `find_repeats`.
        part: its number.
        most: how many names it may have.

    Returns:
        How many it has.
    """
    plan = Plan.read(folder)
    names = _work(folder, f"drawn-{part:06}").read_bytes().decode().split("\n")
    kept = np.ones(len(names), np.bool_)
    for share in range(shares):
        numbers, rows = load_numbers(_work(folder, f"repeats-{parts}-{shares}-{share:04}"))
        kept[rows[slice(*np.searchsorted(numbers, [part, part + 1]))]] = False
    texts = [names[row] for row in np.flatnonzero(kept)[:most]] if names != [""] else []
    path = plan.path(folder, part)
    if not path.exists():
        if plan.suffix == "parquet":
            replace_atomically(path, lambda place: _write_parquet(place, texts))
        else:
            write_atomically(path, "".join(f"{text}\n" for text in texts).encode())
    return len(texts)


def _place(hashes: Array, edge: int) -> int:
    """How many sorted hashes are below an edge, which may be one more than a hash can be."""
    return len(hashes) if edge == HASHES else int(np.searchsorted(hashes, np.uint64(edge)))


def _write_parquet(path: Path, names: list[str]) -> None:
    import pyarrow
    from pyarrow import parquet

    column = pyarrow.array(names, pyarrow.string())
    parquet.write_table(pyarrow.table({"name": column}), path)


@lru_cache(maxsize=1)
def _opened(folder: Path, version: str) -> tuple[Plan, NameModel]:
    """The plan and the model of a folder, kept by a worker from part to part."""
    from dino_names._version import __version__

    if version != __version__:
        raise OptionError(
            f"scheduler: expected workers with dino-names {version}, received one with "
            f"{__version__}; install the same everywhere."
        )
    model = read_model(folder / MODEL)
    assert isinstance(model, NameModel)
    return Plan.read(folder), model


def _work(folder: Path, name: str) -> Path:
    return folder / WORK / (name if name.startswith("drawn") else f"{name}.npy")


def save_numbers(path: Path, array: Array) -> None:
    """Write an array, whole or not at all."""

    def write(place: Path) -> None:
        with place.open("wb") as file:
            np.save(file, array, allow_pickle=False)

    replace_atomically(path, write)


def load_numbers(path: Path) -> Array:
    """Map a file that `save_numbers` wrote."""
    found: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    return found
