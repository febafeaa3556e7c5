"""The corpus on disk: a text file a list, and `corpus.json` that says what each is."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from base.corpus.lists import NameList

INDEX = "corpus.json"


def write(lists: Iterable[NameList], folder: Path, sources: Mapping[str, Mapping[str, str]]) -> str:
    """Write lists and their index into a folder that is made anew; give the SHA-256 of all.

    Arguments:
        lists: those of all sources.
        folder: what was in it is gone.
        sources: for each source what the index is to say of it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    entries: list[dict[str, Any]] = []
    distinct: set[str] = set()
    for one in sorted(lists, key=lambda one: one.key):
        path = folder / f"{one.key}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = "".join(f"{name}\n" for name in one.names).encode()
        path.write_bytes(data)
        entries.append(entry(one, data))
        distinct.update(one.names)
    index = {
        "lists": entries,
        "names": sum(found["names"] for found in entries),
        "distinct_names": len(distinct),
        "sources": sources,
        "sha256": whole(entries),
    }
    text = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")
    return whole(entries)


def entry(one: NameList, data: bytes) -> dict[str, Any]:
    """What the index says of a list."""
    return {
        "key": one.key,
        "source": one.source,
        "kind": one.kind,
        "about": one.about,
        "script": one.script,
        "names": len(one.names),
        "characters": sum(map(len, one.names)),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def whole(entries: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of all lists: of a line for each with its key and the SHA-256 of its file."""
    lines = "".join(f"{found['key']} {found['sha256']}\n" for found in entries)
    return hashlib.sha256(lines.encode()).hexdigest()
