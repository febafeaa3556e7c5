"""Values under names, checked when they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar, dataclass_transform

Self = TypeVar("Self", bound="Record")
NOTHING: Mapping[str, Any] = MappingProxyType({})


def plain(value: Any) -> Any:
    """NumPy's numbers as Python's; anything else as it is."""
    of_numpy = type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0
    return value.item() if of_numpy else value


@dataclass_transform(kw_only_default=True)
class Record:
    """What a dataclass of keywords is, without the code that making one generates and compiles.

    That takes as long as making a name, for each class, before the first name can be made. A
    subclass lists its fields with their types and defaults, as for a dataclass.

    Raises:
        TypeError: a field is unknown, or missing and without a default.
    """

    def __init__(self, **values: Any) -> None:
        known = self.fields()
        for name in values:
            if name not in known:
                raise TypeError(f"expected some of {', '.join(known)}, received {name!r}.")
        for name in known:
            if name not in values and not hasattr(self, name):
                raise TypeError(f"expected {name}, received {', '.join(values) or 'nothing'}.")
            setattr(self, name, plain(values[name]) if name in values else getattr(self, name))
        self.check()

    def check(self) -> None:
        """Refuse values that do not fit; for subclasses."""

    @classmethod
    def fields(cls) -> dict[str, str]:
        """The type of every field by its name, those of a class before those of its base."""
        found: dict[str, str] = {}
        for kind in cls.__mro__:
            for name, hint in getattr(kind, "__annotations__", NOTHING).items():
                if not hint.startswith("ClassVar"):
                    found.setdefault(name, hint)
        return found

    def changed(self: Self, **values: Any) -> Self:
        """A copy with other values of some fields, checked again."""
        return type(self)(**{**vars(self), **values})

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).items()))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({values})"
