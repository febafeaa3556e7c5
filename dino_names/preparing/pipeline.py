"""From files of any length to a folder: read once, repeats dropped, encoded, counted."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from dino_names.checks import check_range
from dino_names.corpus import (
    IDS,
    LENGTHS,
    MARKS,
    MAX_NAMES,
    WINDOWS,
    PreparedNames,
    Vocabulary,
    id_type,
    is_prepared,
)
from dino_names.errors import CorpusError, OptionError, StorageError
from dino_names.ngram import longest_order
from dino_names.preparing.counting import Counter, Told, count_here
from dino_names.preparing.reading import BLOCK_BYTES, Names, Reader
from dino_names.preparing.shares import SHARES, Shares
from dino_names.storage import check_space, is_there, reason, remove_leftovers, show

# Blocks between two reports of how far reading is.
REPORTED = 16
# Bytes on disk for each byte of the list: its names by shares, then as ids with lengths and marks.
NEEDED = 3
HIGHEST_ORDER = 16
# Each file has a dozen at most, and all of them are to be read again with the folder.
MOST_WARNINGS = 100


def prepare(
    source: Names,
    folder: str | Path,
    *,
    column: str | int | None = None,
    ngram_order: int | None = 6,
    overwrite: bool = False,
    told: Told | None = None,
    count: Counter = count_here,
) -> PreparedNames:
    """Make a folder to train on of a list of names of any length, in bounded memory.

    Arguments:
        source: a file with one name a line or a table, in UTF-8, `-` for standard input; names,
            one after another, among which a `Path` stands for those in its file.
        folder: new; it is there when all is done, or not at all.
        column: where the names are in a table: its heading or number, counted from 1; None to find
            out, "none" to take lines as they stand.
        ngram_order: the highest that an n-gram beside a network may then have; None for none. A
            list of very many characters may come to a lower one.
        overwrite: take the place of a folder that an earlier call made.
        told: of what is done: what it is, how many of how many parts.
        count: what counts for the n-gram.

    Returns:
        The list, to give to `train`.

    Raises:
        CorpusError: as `read_names`, but for the bounds of bytes and names.
        OptionError: the folder is there.
        StorageError: the disk refused something; nothing is left.
    """
    if ngram_order is not None:
        check_range("ngram_order", ngram_order, low=1, high=HIGHEST_ORDER, whole=True)
    folder, told = Path(folder), told or _silent
    if is_there(folder) and not (overwrite and is_prepared(folder)):
        raise OptionError(
            f"{show(folder)}: expected a new folder, received one that is there; name another, or "
            "add --overwrite where dino-names prepare made it."
        )
    reader = Reader(source, column)
    with _building(folder, reader.bytes) as place:
        names = _encode(place, reader, _gathered(place, reader, told), told)
        if ngram_order is not None:
            order = longest_order(ngram_order, len(names.characters))
            windows = count(names, order, told)
            np.save(place / WINDOWS, np.stack([windows.keys, windows.counts.astype(np.uint64)]))
            names = replace(names, ngram_order=order)
        replace(names, fingerprint=names.hashed()).write()
    return PreparedNames.read(folder)


@contextlib.contextmanager
def _building(folder: Path, size: int) -> Iterator[Path]:
    """A folder that takes its place when the block ends well, and otherwise is removed."""
    place = folder.with_name(f".partial-{os.getpid()}-{folder.name}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder.parent, folder.name, folders=True)
        check_space(folder.parent, NEEDED * size)
        place.mkdir()
        yield place
        old = folder.with_name(f".partial-{os.getpid()}-old-{folder.name}")
        if is_there(folder):
            folder.rename(old)
        place.rename(folder)
        shutil.rmtree(old, ignore_errors=True)  # there may be none
    except OSError as error:
        raise StorageError(
            f"{show(folder)}: expected to write it, received {reason(error)!r}; nothing of it was "
            "left: free some space or choose another place."
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _gathered(place: Path, reader: Reader, told: Told) -> Shares:
    """All names of what is read, by shares."""
    shares = Shares(place)
    parts = reader.bytes // (REPORTED * BLOCK_BYTES) + 1
    told("reading", 0, parts)
    reported = 0
    for met, names in enumerate(reader.names(), 1):
        shares.add(names)
        if met % REPORTED == 0 and reported < parts - 1:
            reported += 1
            told("reading", reported, parts)
    for done in range(reported + 1, parts + 1):
        told("reading", done, parts)
    return shares


def _encode(place: Path, reader: Reader, shares: Shares, told: Told) -> PreparedNames:
    """Write each name once, share by share.

    Raises:
        CorpusError: there was no name.
    """
    vocabulary = Vocabulary.of(["".join(reader.characters)])
    kind = id_type(len(vocabulary))
    table = np.zeros(max(map(ord, vocabulary.characters)) + 1, kind)
    table[[ord(character) for character in vocabulary.characters]] = np.arange(len(vocabulary))
    count, longest = 0, 0
    with contextlib.ExitStack() as stack:
        files = {n: stack.enter_context((place / n).open("wb")) for n in (IDS, LENGTHS, MARKS)}
        told("sorting", 0, SHARES)
        for names, hashes in shares.each(lambda done: told("sorting", done, SHARES)):
            lengths = np.array([len(name) for name in names], "<u2")
            ids = table[np.frombuffer("".join(names).encode("utf-32-le"), "<u4")]
            for name, values in ((IDS, ids), (LENGTHS, lengths), (MARKS, hashes.astype("<u4"))):
                files[name].write(values.tobytes())
            count, longest = count + len(names), max(longest, int(lengths.max()))
        for file in files.values():
            file.flush()
            os.fsync(file.fileno())
    if not count:
        raise CorpusError("names: expected at least one name, received none.")
    if count > MAX_NAMES:
        reader.warnings.insert(
            0,
            f"of more than {MAX_NAMES:,} names a model file does not say which they are, so some "
            "that it invents are in the list.",
        )
    about = (vocabulary.characters, longest, "", tuple(reader.warnings[:MOST_WARNINGS]))
    found = PreparedNames(place, count, reader.filled - count, *about)
    found.write()
    return found


def _silent(doing: str, done: int, of: int) -> None:
    pass
