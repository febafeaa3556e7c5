"""A list of names that is too long for memory, as a folder holds it: encoded, without repeats.

`list.json` says what is in it. The names stand in the order of a hash of theirs, so any stretch is
a sample of all. `ids.bin` has the ids of their characters, one name after another; `lengths.bin`
the characters of each, 2 bytes; `marks.bin` the lower half of each one's hash, 4 bytes, by which
names are held out; `windows.npy` what an n-gram needs, see `ngram.Windows`. All numbers have their
lowest byte first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np

from dino_names.arrays import Array, Int64s, UInt64s
from dino_names.checks import check_range
from dino_names.corpus.characters import MAX_LINE
from dino_names.corpus.file_reading import LIST_FILE, holds_list
from dino_names.corpus.number_files import found_damaged, id_type, mixed, read_numbers
from dino_names.corpus.vocabulary import BOUNDARY_ID, Vocabulary
from dino_names.errors import InputError
from dino_names.storage import (
    FilePath,
    hash_file,
    hash_text,
    open_regular,
    read_regular,
    strict_json,
    write_atomically,
)

IDS, LENGTHS, MARKS, WINDOWS = "ids.bin", "lengths.bin", "marks.bin", "windows.npy"
MAX_LIST_BYTES = 1 << 20
MOST_NAMES = 1 << 40
# A figure from so many names is exact enough, and more would take longer than what they measure.
MOST_HELD_OUT = 100_000
AT_ONCE = 1 << 20


@dataclass(frozen=True)
class PreparedNames:
    """A list of distinct names in a folder, read a block at a time.

    Arguments:
        path: the folder.
        names: how many.
        repeats: how many lines held a name that had been there before.
        characters: of all names, the boundary first.
        longest: characters of the longest.
        fingerprint: SHA-256 of the characters and of the files.
        warnings: what looked wrong in the list and may be right.
        ngram_order: of the windows; 0 without.
    """

    BLOCK: ClassVar[int] = 1 << 16  # names that are read at once

    path: Path
    names: int
    repeats: int
    characters: str
    longest: int
    fingerprint: str
    warnings: tuple[str, ...] = ()
    ngram_order: int = 0

    @classmethod
    def read(cls, folder: FilePath) -> PreparedNames:
        """What a folder holds.

        Raises:
            CorpusError: it is none that `dino-names prepare` made, or is damaged.
        """
        path = Path(folder)
        try:
            values = strict_json(read_regular(path / LIST_FILE, limit=MAX_LIST_BYTES).decode())
            values["warnings"] = tuple(map(str, values["warnings"]))
            found = cls(path, **values)
            check_range("names", found.names, low=1, high=MOST_NAMES, whole=True)
            check_range("repeats", found.repeats, low=0, whole=True)
            check_range("longest", found.longest, low=1, high=MAX_LINE, whole=True)
            check_range("ngram_order", found.ngram_order, low=0, high=64, whole=True)
            _ = found.vocabulary, bytes.fromhex(found.fingerprint), found._starts
        except (OSError, InputError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise found_damaged(path) from error
        return found

    def hashed(self) -> str:
        """The fingerprint, from the files as they are now.

        Raises:
            OSError: one cannot be read.
        """
        files = [IDS, LENGTHS, MARKS, *([WINDOWS] if self.ngram_order else [])]
        digests = [hash_file(self.path / name) for name in files]
        return hash_text("\n".join([self.characters, *digests]))

    def verify(self) -> None:
        """Read all of the files, to be sure that they are as they were made.

        Raises:
            CorpusError: they are not.
        """
        try:
            whole = self.hashed() == self.fingerprint
        except OSError as error:
            raise found_damaged(self.path) from error
        if not whole:
            raise found_damaged(self.path)

    def write(self) -> None:
        """Write what the folder says of itself."""
        values = asdict(self)
        del values["path"]
        write_atomically(self.path / LIST_FILE, (json.dumps(values, indent=1) + "\n").encode())

    def __len__(self) -> int:
        return self.names

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Their characters."""
        return Vocabulary(self.characters)

    @property
    def smallest(self) -> int:
        """How many names the smallest of its lists has: it is one list."""
        return self.names

    @property
    def blocks(self) -> int:
        """Blocks of `BLOCK` names there are; the last may have fewer."""
        return -(-self.names // self.BLOCK)

    def block(self, number: int) -> tuple[Array, Int64s]:
        """The names of a block.

        Returns:
            The ids of all their characters, of the smallest type that holds them, (characters,);
            and the characters of each, (names,).

        Raises:
            CorpusError: the folder is damaged.
        """
        try:
            lengths = self._lengths(number * self.BLOCK, self.BLOCK)
            kind = id_type(len(self.characters))
            ids = read_numbers(self.path / IDS, kind, int(self._starts[number]), int(lengths.sum()))
        except OSError as error:
            raise found_damaged(self.path) from error
        if lengths.min() < 1 or ids.min() <= BOUNDARY_ID or ids.max() >= len(self.characters):
            raise found_damaged(self.path)
        return ids, lengths

    def texts(self, number: int) -> list[str]:
        """The names of a block as texts."""
        ids, lengths = self.block(number)
        codes = np.array([ord(c) for c in self.characters], "<u4")
        text, ends = codes[ids].tobytes().decode("utf-32-le"), np.cumsum(lengths).tolist()
        return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def windows(self) -> UInt64s:
        """The keys and the counts of the windows, (2, windows).

        Raises:
            CorpusError: the folder is damaged.
        """
        try:
            with open_regular(self.path / WINDOWS) as file:
                found: UInt64s = np.load(file, allow_pickle=False)
            if found.dtype != np.uint64 or found.ndim != 2 or len(found) != 2:
                raise ValueError
            if not found.size or (np.diff(found[0]) < 1).any() or found[1].min() < 1:
                raise ValueError
        except (OSError, ValueError, EOFError) as error:
            raise found_damaged(self.path) from error
        return found

    def __iter__(self) -> Iterator[str]:
        for number in range(self.blocks):
            yield from self.texts(number)

    def at(self, rows: Int64s) -> list[str]:
        """The names at some places, which ascend."""
        found = list[str]()
        for number in np.unique(rows // self.BLOCK):
            texts = self.texts(int(number))
            found += [texts[row] for row in rows[rows // self.BLOCK == number] % self.BLOCK]
        return found

    def held_out(self, *, fraction: float, seed: int) -> Int64s:
        """The places of a share of the names, ascending: by name and seed, whatever the others are.

        Arguments:
            fraction: the share, rounded to whole names; at least one name stays on each side where
                there are two and the fraction is not 0, and `MOST_HELD_OUT` are held out at most.
            seed: from 0.
        """
        check_range("valid_fraction", fraction, low=0.0, below=1.0)
        count = round(fraction * self.names)
        count = min(max(count, 1), self.names - 1, MOST_HELD_OUT) if fraction else 0
        rows, drawn = np.zeros(0, np.int64), np.zeros(0, np.uint64)
        for start in range(0, self.names if count else 0, AT_ONCE):
            marks = read_numbers(self.path / MARKS, "<u4", start, min(AT_ONCE, self.names - start))
            drawn = np.concatenate([drawn, mixed(marks, seed)])
            rows = np.concatenate([rows, np.arange(start, start + len(marks))])
            if len(rows) > count:
                lowest = np.argpartition(drawn, count - 1)[:count]
                rows, drawn = rows[lowest], drawn[lowest]
        return np.sort(rows)

    def _lengths(self, first: int, count: int) -> Int64s:
        count = min(count, self.names - first)
        return read_numbers(self.path / LENGTHS, "<u2", first, count).astype(np.int64)

    @cached_property
    def _starts(self) -> Int64s:
        """Where the ids of each block begin, and the end, (blocks + 1,)."""
        sums = [np.zeros(1, np.int64)]
        for first in range(0, self.names, AT_ONCE):
            lengths = self._lengths(first, AT_ONCE)
            sums.append(np.add.reduceat(lengths, np.arange(0, len(lengths), self.BLOCK)))
        return np.cumsum(np.concatenate(sums))


def is_prepared(source: object) -> bool:
    """Whether something is a prepared list, or the path of one as far as one can see."""
    if isinstance(source, PreparedNames):
        return True
    return isinstance(source, str | os.PathLike) and holds_list(source)
