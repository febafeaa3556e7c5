from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from dino_names.errors import OptionError
from dino_names.record import Record


class Shape(Record):
    sides: int = 4
    colour: str | None = None
    drawn: ClassVar[int] = 0

    def check(self) -> None:
        if self.sides < 3:
            raise OptionError(f"sides: received {self.sides}.")


class Named(Shape):
    name: str


@dataclass(kw_only=True)
class Oracle:
    sides: int = 4
    colour: str | None = None


def test_it_holds_what_a_dataclass_holds() -> None:
    for values in ({}, {"sides": 3}, {"colour": "red", "sides": 7}):
        made: Any = Shape(**values)
        assert vars(made) == vars(Oracle(**values))
        assert repr(made) == repr(Oracle(**values)).replace("Oracle", "Shape")
    assert Named(name="a").fields() == {"name": "str", "sides": "int", "colour": "str | None"}


def test_equal_values_are_equal_and_other_kinds_are_not() -> None:
    assert Shape(sides=5) == Shape(sides=5) != Shape()
    assert hash(Shape(sides=5)) == hash(Shape(sides=5))
    assert Shape() != Oracle()


def test_a_copy_is_checked_again() -> None:
    assert Named(name="a").changed(sides=6) == Named(name="a", sides=6)
    with pytest.raises(OptionError):
        Named(name="a").changed(sides=2)


@pytest.mark.parametrize("values", [{"sides": 3, "size": 1}, {"sides": 3}])
def test_a_field_unknown_or_missing_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="expected (some of name, sides, colour|name), received"):
        Named(**values)
