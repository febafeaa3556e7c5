"""Names that are kept for checking, known here by hashes alone.

A line of the file of hashes is the beginning of SHA-256 of a folded name. A name of the corpus
is held out if it, or a word of it, folds to one of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from unicodedata import category

from base.corpus.errors import HeldOutError

DIGITS = 16
LINE = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
Fold = Callable[[str], str]


class HeldOut:
    """The hashes, and a way to fold a name before it is hashed.

    Arguments:
        hashes: the first 16 hexadecimal digits of each.
        fold: what makes like spellings equal: plain letters, small ones.
    """

    def __init__(self, hashes: frozenset[str], fold: Fold) -> None:
        self.hashes = hashes
        self._fold = fold
        self._is_one = lru_cache(maxsize=1 << 20)(self._look_up)

    @classmethod
    def read(cls, path: Path, fold: Fold) -> HeldOut:
        """Read a file of hashes, one a line.

        Raises:
            HeldOutError: there is no such file, or a line of it is not a hash.
        """
        try:
            lines = path.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError) as error:
            raise HeldOutError(f"--held-out {path}: expected a file of hashes: {error}.") from error
        bad = next((line for line in lines if not LINE.fullmatch(line)), None)
        if bad is not None or not lines:
            expected = f"{DIGITS} hexadecimal digits a line"
            raise HeldOutError(f"--held-out {path}: expected {expected}, received {bad!r}.")
        return cls(frozenset(lines), fold)

    def __contains__(self, name: object) -> bool:
        """Whether a name or a word of it is held out."""
        return any(map(self._is_one, set(words(str(name)))))

    def _look_up(self, word: str) -> bool:
        return digest(self._fold(word).strip()) in self.hashes


def words(name: str) -> Iterator[str]:
    """A name, its words between spaces, and those between all that is neither letter nor mark."""
    yield name
    yield from name.split()
    yield from "".join(char if category(char)[0] in "LM" else " " for char in name).split()


def digest(folded: str) -> str:
    """The beginning of SHA-256 of a folded name."""
    return hashlib.sha256(folded.encode()).hexdigest()[:DIGITS]
