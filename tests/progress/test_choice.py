from __future__ import annotations

import sys

import pytest

import dino_names
from dino_names.errors import OptionError
from dino_names.progress.choice import choose_progress
from dino_names.progress.protocol import Silent
from dino_names.progress.terminal import Bar, Lines


@pytest.mark.parametrize(
    ("wanted", "terminal", "kind"),
    [
        (None, True, Silent),
        (False, True, Silent),
        ("auto", False, Lines),
        ("auto", True, Bar),
        (True, True, Bar),
        (True, False, Lines),
    ],
)
def test_where_something_is_told(
    wanted: object, terminal: bool, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    assert type(choose_progress(wanted)) is kind  # type: ignore[arg-type]


def test_what_does_it_itself_is_taken() -> None:
    own = Silent()
    assert choose_progress(own) is own


def test_another_word_is_refused_before_anything_is_done() -> None:
    with pytest.raises(OptionError, match="progress: expected auto, true or false, received 'yes'"):
        dino_names.train(["Ada", "Bea"], progress="yes")
