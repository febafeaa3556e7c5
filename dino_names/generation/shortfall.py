"""Why there are fewer names than were asked for, and what helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dino_names.engine import Sampler

# What was drawn and had to go: how it is called, and what makes fewer of it.
UNFIT = {
    "repeat": ("repeats", "ask for fewer or raise the temperature"),
    "listed": ("in the training list", "allow training names or raise the temperature"),
    "read": (
        "among the names that the base has read",
        "take novel list or training names, or raise the temperature",
    ),
    "long": ("longer than max_length", "raise max_length"),
    "short": ("shorter than min_length", "lower min_length"),
    "asked": ("not as asked", ""),
    "weight": ("beyond the model's own shares", ""),
    "close": (
        "too near to another",
        "ask for fewer or less distinct ones, or raise the temperature",
    ),
    "near": ("too near to a name of the list", "lower apart or raise the temperature"),
    "case": (
        "with a small letter or a capital where the list has none",
        "lower the temperature or take exact_case",
    ),
    "blank": ("with a blank or half a character at an end, or not in NFC", "lower the temperature"),
}
# Above this, how many could be spelled tells nothing.
FEW = 1_000_000
SHOWN = 5


def explain(
    *,
    names: Sequence[str],
    asked: int,
    drawn: int,
    unfit: Mapping[str, int],
    left: float,
    sampler: Sampler,
    spelled: float | None,
) -> str:
    """One line: how many were found, of how many, why it ended, and what to do.

    Arguments:
        names: that were found.
        asked: how many were wanted.
        drawn: how many draws were made.
        unfit: how many of these had to go, by the keys of `UNFIT`.
        left: the probability of all that was not drawn.
        sampler: what chose the characters.
        spelled: how many names can be as they were asked to be; None if nothing was asked.
    """
    shown = ", ".join(names[:SHOWN]) + ("..." if len(names) > SHOWN else "")
    found = f"expected {asked:,} names, found {len(names):,}{f' ({shown})' if shown else ''}"
    if spelled is not None and spelled <= FEW:
        found += f", and no more than {spelled:,.0f} can be spelled so"
    gone = ", ".join(f"{count:,} {UNFIT[why][0]}" for why, count in unfit.items() if count)
    ended = f"of {drawn:,} drawn {gone or 'none'} had to go"
    if left < 0.01:
        ended += f", and what was never drawn has a probability of {max(left, 0):.1g}"
    else:
        ended += ", which is as many as are drawn for so few that will do"
    return f"{found}: {ended}; {_advice(unfit, sampler, spelled is not None)}."


def _advice(unfit: Mapping[str, int], sampler: Sampler, constrained: bool) -> str:
    if sampler.temperature == 0:
        return "raise the temperature above 0, which gives one name only, or ask for the likeliest"
    if unfit.get("close"):
        return UNFIT["close"][1]
    most = max(unfit, key=lambda why: unfit[why], default="asked")
    if most == "weight" and (sampler.top_k is not None or sampler.top_p is not None):
        return "raise top_k and top_p or leave them out"
    if most in ("weight", "asked") or (most == "repeat" and constrained):
        allow = "allow training names " if unfit.get("listed") or unfit.get("read") else ""
        return f"ask for fewer, for less at once, {allow}or raise the temperature"
    return UNFIT[most][1]
