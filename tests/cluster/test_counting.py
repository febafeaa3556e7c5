"""Windows that workers count: the same bytes as of one process, in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dino_names.cluster import counting, prepare_together
from dino_names.corpus import PreparedNames
from dino_names.errors import OptionError
from dino_names.ngram import Windows
from dino_names.preparing import counting as alone
from dino_names.preparing import prepare
from tests.helpers.paths import NAMES as DINOSAURS

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestWarning")


class Backwards:
    """Workers that end with the first call."""

    def run(
        self, task: Callable[..., Any], calls: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        for place in reversed(range(len(calls))):
            yield place, task(*calls[place])


def test_stretches_are_joined_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PreparedNames, "BLOCK", 64)
    monkeypatch.setattr(alone, "STRETCH", 2)
    # So few that some are left out on the way: which ones, their order decides.
    joined = Windows.joined
    monkeypatch.setattr(Windows, "joined", lambda one, other: joined(one, other, most=3_000))
    expected = prepare(DINOSAURS, tmp_path / "one")
    told = list[int]()
    count: Any = partial(counting._count, Backwards())
    found = prepare(
        DINOSAURS,
        tmp_path / "many",
        count=count,
        told=lambda doing, done, of: told.append(done) if doing == "counting" else None,
    )
    assert told == list(range(14))
    assert {p.name: p.read_bytes() for p in found.path.iterdir()} == {
        p.name: p.read_bytes() for p in expected.path.iterdir()
    }


def test_real_workers_count_the_same(tmp_path: Path) -> None:
    expected = prepare(DINOSAURS, tmp_path / "one")
    found = prepare_together(DINOSAURS, tmp_path / "many", workers=1)
    for path in expected.path.iterdir():
        assert path.read_bytes() == (found.path / path.name).read_bytes()
    with pytest.raises(OptionError, match="workers: expected a whole number"):
        prepare_together(DINOSAURS, tmp_path / "none", workers=0)
