"""Plain sentences: what the figures of an evaluation say, and no more than they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dino_names.evaluation.intervals import Rate, share_interval
from dino_names.evaluation.likeness import Distance
from dino_names.evaluation.near_copies import Originality

# Above this share of new names nobody calls it copying.
ENOUGH_NEW = 0.9
# Nats per character: what is lost or gained between epochs without meaning anything.
LOSS_NOISE = 0.01
GAIN_NOISE = 0.005
# As likely as names it was trained on are new ones that cost no more than this beyond them.
NO_GAP = 0.03
# By heart: names it was trained on cost less than this share of what new names cost.
BY_HEART = 0.5
# Measured on names of its own list, mostly, a model shows its memory.
TOO_MANY_LISTED = 0.5

# Of fewer names held out nothing can be said that chance would not say too.
FEW_NAMES = 10

VALIDATION = ("val_nats_per_char", "val_nats_with_ngram")


def on_ngram(difference: Rate | None, order: int | None, *, listed: float | None) -> str:
    """Better or worse than the n-gram.

    Arguments:
        difference: the model's rate minus the n-gram's, on the same names; None where there is
            no n-gram to compare with.
        order: of the n-gram.
        listed: the share of the names that are in the training list, if that is known.
    """
    if difference is None:
        return ""
    if listed is not None and listed > TOO_MANY_LISTED:
        return (
            f"{_percent(listed)} of these names are in its training list, so the figures say how "
            "well it remembers, and not how it compares with the n-gram on new names."
        )
    if difference.interval is None:
        return f"There are too few names to tell it from the {order}-gram."
    low, high = difference.interval
    if low <= 0 <= high:
        return (
            f"Within noise of the {order}-gram: the difference of "
            f"{difference.nats_per_char:+.3f} nats per character ({low:+.3f} to {high:+.3f}) "
            "may be chance."
        )
    word = "Better" if high < 0 else "Worse"
    near, far = sorted((abs(low), abs(high)))
    return (
        f"{word} than the {order}-gram, by {abs(difference.nats_per_char):.3f} nats per "
        f"character ({near:.3f} to {far:.3f})."
    )


def on_few(names: int) -> str:
    """That there is too little to measure it on."""
    return (
        f"With {names} name{'s' if names > 1 else ''} to measure it on nobody can tell how good it "
        "is, or whether it was trained long enough."
    )


def on_copying(generated: Originality, real: Originality | None) -> str:
    """Whether it gives its training list back.

    Arguments:
        generated: of generated names.
        real: of names held out, which may be near the list or even in it without being copies.
    """
    if generated.new is None:
        return ""
    if real is not None and real.new is not None and 1 - real.new > TOO_MANY_LISTED:
        real = None  # Names of the list itself say nothing of how near to it others are.
    share = f"{_percent(generated.new)} of its names are new"
    copies = 0.0 if real is None or real.new is None else 1 - real.new
    if generated.new < ENOUGH_NEW and _more(1 - generated.new, generated, copies, real):
        return f"It copies: only {share}."
    near = generated.within_1
    if near is None or real is None or real.within_1 is None:
        return f"It does not copy: {share}."
    beside = f"{_percent(near)} are one edit or less from a training name"
    theirs = f"real names: {_percent(real.within_1)}"
    if _more(near, generated, real.within_1, real):
        return f"It stays close to its list: {share}, but {beside} ({theirs})."
    return f"It does not copy: {share}, and {beside} ({theirs})."


def on_likeness(lengths: Distance | None, pairs: Distance | None) -> str:
    """Whether generated names are like real ones as a crowd.

    Arguments:
        lengths, pairs: the distances of both; None where there were too few names.
    """
    if lengths is None or pairs is None:
        return ""
    found = {"in length": lengths.like_real, "in character pairs": pairs.like_real}
    alike, apart = (
        " and ".join(what for what, like in found.items() if like is wanted)
        for wanted in (True, False)
    )
    if not apart:
        return f"Its names are like real ones {alike}."
    if not alike:
        return f"Its names differ from real ones {apart} by more than chance."
    return f"Its names are like real ones {alike}, but differ {apart} by more than chance."


def on_duration(
    history: Sequence[Mapping[str, Any]],
    *,
    on_training: float | None = None,
    on_new: float | None = None,
) -> str:
    """Trained too long, too short, or neither.

    Arguments:
        history: rows as in `history.jsonl`; none where there is no run folder.
        on_training: the network's nats per character on names it was trained on.
        on_new: the same on names it was not.
    """
    courses = [course(history, name) for name in ("loss", *VALIDATION)]
    gap = ""
    if on_training is not None and on_new is not None:
        figures = (
            f"the network finds names that it learned from at {on_training:.2f} nats per "
            f"character and new ones at {on_new:.2f}"
        )
        if on_training < BY_HEART * on_new:
            return f"Trained too long: {figures}, so it knows its list far better than new names."
        if on_training > on_new - NO_GAP:
            gap = figures
    if len(courses[1]) > 1:
        return _from_history(*courses, gap=gap)
    return f"Perhaps trained too short: {gap}, so there is more to learn." if gap else ""


def course(history: Sequence[Mapping[str, Any]], name: str) -> dict[int, float]:
    """A figure by epoch, for the epochs that have it.

    Arguments:
        history: rows as in `history.jsonl`, which anybody may have changed.
        name: of the figure.
    """
    return {
        row["epoch"]: float(row[name])
        for row in history
        if type(row.get("epoch")) is int and type(row.get(name)) in (int, float)
    }


def _from_history(
    loss: Mapping[int, float], alone: Mapping[int, float], mixed: Mapping[int, float], *, gap: str
) -> str:
    """By the course of validation, and by whether new names are found as likely as old ones."""
    kept = {epoch: min(alone[epoch], mixed.get(epoch, alone[epoch])) for epoch in alone}
    first, last = min(kept, key=kept.__getitem__), max(kept)
    lost, fitted = kept[last] - kept[first], loss.get(last, kept[last])
    if lost > LOSS_NOISE and fitted < min(loss.get(first, fitted), kept[last]):
        return (
            f"Trained too long: validation was best after epoch {first} of {last} and has become "
            f"worse by {lost:.3f} nats per character, while the training loss went on falling to "
            f"{fitted:.3f}; epoch {first} was kept."
        )
    window = max(1, len(kept) // 10)
    before = last - window
    # The network may still gain where the n-gram beside it hides that.
    gains = [figures.get(before, 0) - figures[last] for figures in (alone, kept)]
    gained = max(gains) if before in kept else 0.0
    if first == last and gained > GAIN_NOISE:
        epochs = "epoch" if window == 1 else f"{window} epochs"
        return (
            f"Trained too short: the last epoch, {last}, was the best, and validation still fell "
            f"by {gained:.3f} nats per character over the last {epochs}."
        )
    if first == last and gap:
        return f"Trained too short: the last epoch, {last}, was the best, and {gap}."
    return (
        f"Trained long enough: validation was best after epoch {first} of {last}, and has come to "
        "rest."
    )


def _more(share: float, generated: Originality, other: float, real: Originality | None) -> bool:
    """Whether a share is larger than another beyond noise: their intervals do not meet."""
    low, _ = share_interval(round(share * generated.names), generated.names)
    high = share_interval(round(other * real.names), real.names)[1] if real else other
    return low > high


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
