"""Lists as people write them: with capitals or without, with accents or without."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A list in which fewer names than this differ from their lower-case form has no capitals.
FEW = 0.05
# How often a list comes in the other case, and how often one with accents comes without.
LOWER, CAPITALISED, PLAIN = 0.33, 0.2, 0.15


@dataclass(frozen=True)
class Variant:
    """A list in one way of writing.

    Arguments:
        key: of the list.
        names: as they are written here.
        share: how often the list comes so, all its variants together 1.
    """

    key: str
    names: tuple[str, ...]
    share: float


def variants(key: str, names: Sequence[str], *, latin: bool) -> Iterator[Variant]:
    """The ways in which a list is written.

    Arguments:
        key: of the list.
        names: as the source has them.
        latin: whether letters lose their accents here and there, as only Latin ones do.
    """
    lower = [name.lower() for name in names]
    if _differ(names, lower) > FEW:
        forms = [(list(names), 1 - LOWER), (lower, LOWER)]
    else:
        capitalised = [name[:1].upper() + name[1:] for name in names]
        forms = [(list(names), 1 - CAPITALISED), (capitalised, CAPITALISED)]
    accented = latin and _differ(names, [without_accents(name) for name in names]) > FEW
    for form, share in forms:
        yield Variant(key, tuple(form), share * (1 - PLAIN * accented))
        if accented:
            yield Variant(key, tuple(map(without_accents, form)), share * PLAIN)


def without_accents(name: str) -> str:
    """A name without what Unicode composes letters of: `Ångström` becomes `Angstrom`."""
    parts = unicodedata.normalize("NFD", name)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def _differ(first: Sequence[str], second: Sequence[str]) -> float:
    return sum(a != b for a, b in zip(first, second, strict=True)) / max(1, len(first))
