"""What stays out whole, since its other names would be near copies of held-out ones."""

from __future__ import annotations

import re

# ISO 3166-1: countries whose places are kept for checking.
COUNTRIES = frozenset(["FI", "JP", "TR"])
WALES = ("GB", "WLS")
# ISO 3166-2: countries whose subdivisions are kept for checking.
SUBDIVIDED = frozenset(["FI", "JP", "TR", "GB"])
# ISO 639: whatever is in these languages, and Welsh places come in Welsh.
LANGUAGES = frozenset(["fi", "fin", "ja", "jpn", "tr", "tur", "hu", "hun", "cy", "cym"])
LOCALE = re.compile(r"[-_]")


def is_left_out(locale: str) -> bool:
    """Whether a locale's language or country stays out: `fi`, `ja_JP`, `sv-FI`."""
    language, *others = LOCALE.split(locale)
    return language.lower() in LANGUAGES or not COUNTRIES.isdisjoint(map(str.upper, others))
