"""The lists that come along are the files of `data/`, by name and by path."""

from __future__ import annotations

import pytest

import dino_names
from dino_names import lists, read_names
from dino_names.errors import OptionError
from tests.helpers.paths import ROOT


@pytest.mark.parametrize("name", lists.LISTS)
def test_each_is_its_file(name: str) -> None:
    path = lists.path_of(name)
    assert path.read_bytes() == (ROOT / "data" / f"{name}.txt").read_bytes()
    assert getattr(lists, name)() == list(read_names(path).names)
    assert dino_names.lists is lists


def test_another_is_refused() -> None:
    with pytest.raises(OptionError, match="list: expected one of cheeses, dinosaurs"):
        lists.path_of("../secrets")
