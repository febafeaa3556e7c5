"""The split into what is learned from and what is held out, of names and of texts."""

from __future__ import annotations

from collections.abc import Iterable

from dino_names.checks import check_range
from dino_names.errors import CorpusError


def split_names(
    names: Iterable[str], *, fraction: float, seed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split names into those to train on and those held out, by whole name.

    Names are ordered by a hash of seed and name and the first of them are held out, so that
    the split depends on the seed and the names alone, not on their order or on repeats.

    Arguments:
        names: at least one.
        fraction: the share held out, rounded to whole names; at least one name stays on each
            side where there are two and the fraction is not 0.
        seed: from 0.

    Returns:
        The names to train on and those held out, each sorted.

    Raises:
        CorpusError: no names.
        OptionError: a fraction or a seed out of range.
    """
    from hashlib import blake2b  # slow to import, and using a model never splits

    check_range("valid_fraction", fraction, low=0.0, below=1.0)
    check_range("seed", seed, low=0, high=2**64 - 1, whole=True)
    distinct = sorted(set(names))
    if not distinct:
        raise CorpusError("names: expected at least one name to split, received none.")
    count = round(fraction * len(distinct))
    if fraction:
        count = min(max(count, 1), len(distinct) - 1)

    def place(name: str) -> bytes:
        return blake2b(f"{seed}\n{name}".encode(), digest_size=16).digest()

    held_out = set(sorted(distinct, key=place)[:count])
    train = tuple(name for name in distinct if name not in held_out)
    return train, tuple(sorted(held_out))


def split_text(text: str, *, fraction: float) -> tuple[str, str]:
    """Split a text into what to train on and its last part, held out.

    Arguments:
        text: at least one character.
        fraction: the share held out; at least one character stays on each side where
            there are two and the fraction is not 0.

    Raises:
        CorpusError: no text.
        OptionError: a fraction out of range.
    """
    check_range("valid_fraction", fraction, low=0.0, below=1.0)
    if not text:
        raise CorpusError("text: expected at least one character to split, received none.")
    cut = int(len(text) * (1 - fraction))
    if fraction:
        cut = max(min(cut, len(text) - 1), 1)
    return text[:cut], text[cut:]
