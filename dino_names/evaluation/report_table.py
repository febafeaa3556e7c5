"""A report as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dino_names.evaluation.intervals import Rate
from dino_names.evaluation.likeness import Distance
from dino_names.evaluation.near_copies import Originality
from dino_names.evaluation.report import Category, Likelihood, Report, Sample

LABEL = 32
SHARES = {
    "new": "new",
    "repeats of one before": "repeats",
    "0 or 1 edit from a training name": "within_1",
    "among names the base has read": "read",
}


def lines(report: Report) -> Iterator[str]:
    """The figures, the notes and the verdict, with blank lines between."""
    if report.likelihood:
        yield from _likelihood(report.likelihood)
    yield from _categories(report.categories)
    if report.on_training is not None:
        yield f"{'network, names it learned from':<{LABEL}}{report.on_training:9.3f}"
    if report.likelihood or report.on_training is not None:
        yield ""
    if report.sample:
        yield from _sample(report.sample)
        yield ""
    for note in report.notes:
        yield f"note: {note}"
    if report.notes:
        yield ""
    yield report.verdict or "Nothing was measured that a sentence could be made of."


def _likelihood(found: Likelihood) -> Iterator[str]:
    yield f"{found.source}: {found.names:,} names, {found.characters:,} characters"
    yield ""
    yield f"{'':<{LABEL}}nats/char     95 % interval  bits/char  perplexity"
    rows = {
        "model": found.model,
        "network alone": found.network,
        f"{found.order}-gram alone": found.ngram,
    }
    for label, rate in rows.items():
        if rate:
            more = f"{rate.bits_per_char:11.3f}{rate.perplexity:12.2f}"
            yield f"{label:<{LABEL}}{rate.nats_per_char:9.3f}  {_interval(rate)}{more}"
    if found.weighted is not None:
        yield f"{'model, names by their weights':<{LABEL}}{found.weighted:9.3f}"
    if rate := found.difference:
        label = f"model minus {found.order}-gram"
        yield f"{label:<{LABEL}}{rate.nats_per_char:+9.3f}  {_interval(rate, '+')}"


def _categories(found: Sequence[Category]) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield f"{'category':<{LABEL}}nats/char      names  found to be of it"
    for each in found:
        share = "" if each.recognised is None else f"{100 * each.recognised:17.1f} %"
        yield f"{each.label[: LABEL - 2]:<{LABEL}}{each.nats_per_char:9.3f}{each.names:11,}{share}"


def _interval(rate: Rate, sign: str = "") -> str:
    if rate.interval is None:
        return f"{'too few names':>16}"
    low, high = rate.interval
    return f"{f'{low:{sign}.3f} to {high:{sign}.3f}':>16}"


def _sample(sample: Sample) -> Iterator[str]:
    made, real = sample.generated, sample.real
    at = f"temperature {sample.temperature:g}, seed {sample.seed}"
    yield f"{made.names:,} generated names, {at}"
    yield ""
    yield f"{'':<{LABEL}}generated  real, held out"
    for label, name in SHARES.items():
        yield from _share(label, getattr(made, name), getattr(real, name, None))
    yield from _distance("lengths (bits apart)", sample.lengths)
    yield from _distance("character pairs (bits apart)", sample.pairs)
    yield from _closest(made)


def _share(label: str, made: float | None, real: float | None) -> Iterator[str]:
    if made is not None:
        beside = "" if real is None else f"{100 * real:14.1f} %"
        yield f"{label:<{LABEL}}{100 * made:7.1f} %{beside}"


def _distance(label: str, found: Distance | None) -> Iterator[str]:
    if found:
        low, high = found.real_interval
        yield (
            f"{label:<{LABEL}}{found.generated:9.4f}{found.real:16.4f} ({low:.4f} to {high:.4f}), "
            f"of {found.names:,} names each"
        )


def _closest(made: Originality) -> Iterator[str]:
    if made.closest:
        shown = ", ".join(f"{e.name} ({e.nearest}, {e.distance})" for e in made.closest)
        yield f"closest new names: {shown}"
