"""The one error of the lab: a call or an input that cannot work."""

from __future__ import annotations


class LabError(ValueError):
    """One line: what was expected, what was received, what to do."""
