"""Names on disk, by shares of their hashes: so each share, which fits into memory, is sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from dino_names.arrays import UInt64s
from dino_names.modelfile import hash_each

SHARES = 256
# By the first bits of a hash: all of a share come before all of the next.
SHIFT = np.uint64(56)
# Names that are held before they are written.
HELD = 1 << 18


class Shares:
    """Names that were met, repeats among them, in files of a folder.

    Arguments:
        folder: new, and empty.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[str] = []

    def add(self, names: list[str]) -> None:
        """Keep some names.

        Raises:
            OSError: the disk refused them.
        """
        self._held += names
        if len(self._held) >= HELD:
            self._write()

    def each(self, told: Callable[[int], None]) -> Iterator[tuple[list[str], UInt64s]]:
        """The names share by share, each once, in the order of their hashes, and these.

        Arguments:
            told: of how many shares are read; each is removed then.
        """
        self._write()
        for share in range(SHARES):
            path = self._path(share)
            if path.exists():
                names = list(dict.fromkeys(path.read_bytes().decode().split("\n")[:-1]))
                path.unlink()
                hashes = hash_each(names)
                # Stable; two names have one hash so rarely that it decides nothing else.
                order = np.argsort(hashes, kind="stable")
                yield [names[place] for place in order.tolist()], hashes[order]
            told(share + 1)

    def _write(self) -> None:
        """Bring what is held to its files."""
        shares = (hash_each(self._held) >> SHIFT).astype(np.uint8)
        order = np.argsort(shares, kind="stable")
        edges = np.searchsorted(shares[order], np.arange(SHARES + 1)).tolist()
        names = [self._held[place] for place in order.tolist()]
        for share in np.unique(shares).tolist():
            mine = names[edges[share] : edges[share + 1]]
            # Opened anew each time: some systems allow a process no more than 256 open files.
            with self._path(share).open("ab") as file:
                file.write("\n".join([*mine, ""]).encode())
        self._held.clear()

    def _path(self, share: int) -> Path:
        return self._folder / f"{share:03}.txt"
