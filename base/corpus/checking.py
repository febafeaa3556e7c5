"""The last look at a corpus on disk; it trusts nothing that was done to make it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path

from base.corpus.errors import CorpusError, HeldOutError
from base.corpus.held_out import Fold
from base.corpus.writing import INDEX

# All that may stand in a name beside letters and the marks on them.
SIGNS = "'-·・־&. "
BETWEEN = re.compile(f"[{re.escape(SIGNS)}]+")


def check(folder: Path, held_out_file: Path, fold: Fold) -> int:
    """Read every file again and refuse a corpus that is not as it should be.

    Returns:
        How many names were read.

    Raises:
        HeldOutError: a name, or a word of one, is held out.
        CorpusError: a line is no name; a file is missing, is not indexed or has other bytes than
            the index says.
    """
    hashes = set(held_out_file.read_text(encoding="ascii").split())
    index = json.loads((folder / INDEX).read_bytes())
    expected = {f"{each['key']}.txt": each["sha256"] for each in index["lists"]}
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.txt")}
    if found != expected.keys():
        odd = min(found ^ expected.keys())
        raise CorpusError(f"{folder}: expected the files of {INDEX}, and {odd} is in one alone.")
    harmless: set[str] = set()
    names = 0
    for name, sha256 in sorted(expected.items()):
        data = (folder / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise CorpusError(f"{folder / name}: expected the bytes that {INDEX} tells of.")
        for line in data.decode().splitlines():
            names += 1
            _refuse(line, name, hashes, harmless, fold)
    return names


def _refuse(line: str, where: str, hashes: set[str], harmless: set[str], fold: Fold) -> None:
    """Look a line and everything that may be a word of it up; what is in none is harmless."""
    odd = [char for char in line if char not in SIGNS and unicodedata.category(char)[0] not in "LM"]
    if odd or not 2 <= len(line) <= 40 or line != unicodedata.normalize("NFC", line):
        raise CorpusError(f"{where}: expected 2 to 40 letters and signs, received {line!r}.")
    parts = {line, *BETWEEN.split(line), *line.split(), *fold(line).split()}
    for part in sorted(parts - harmless):
        if hashlib.sha256(fold(part).strip().encode()).hexdigest()[:16] in hashes:
            raise HeldOutError(
                f"{where}: expected no held-out name, and {part!r} of {line!r} is one: what let it "
                "through must be mended."
            )
        harmless.add(part)
