"""What a model is measured on: names it has not seen, and the list it learned from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from dino_names.corpus import PLAIN, Reading, Rows, Source, Vocabulary, read_list, split_names
from dino_names.errors import CorpusError, PromptError
from dino_names.modelfile import Bundle, are_remembered, contains
from dino_names.storage import FilePath, show

NOTHING: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
NOTHING_TO_READ = (
    "there are no names to measure the model on: add --names FILE with some that it has not seen, "
    "or --train FILE with the list it was trained on, of which it held some out."
)
NONE_HELD_OUT = (
    "none of these names were held out of its training: add --names FILE with some that it has "
    "not seen."
)
HELD_OUT = (
    "these names were held out of its training but chose its best epoch, and the weight of the "
    "n-gram where it has one, so they flatter a little; the n-gram is counted without them here."
)


@dataclass(frozen=True, kw_only=True)
class EvaluationNames:
    """Names to measure a model with, repeats kept as the files have them.

    Arguments:
        held_out: what the model is measured on; may be none.
        training: the list it was trained on, without `held_out` where that is a part of it;
            none where it is not known.
        learned: the names of it that the network learned from, each once.
        rows, learned_rows: the held-out names and those learned from with their categories, list
            after list, and their weights; None where the files say nothing of these.
        split: whether `held_out` is what training held out of that list.
        source: what `held_out` is, in words.
        notes: sentences that a reader of the figures should know.
        warnings: what looks wrong in the files and may be right.
    """

    held_out: tuple[str, ...] = ()
    training: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    rows: Rows | None = None
    learned_rows: Rows | None = None
    split: bool = False
    source: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def choose_names(
    bundle: Bundle,
    *,
    names: Source = None,
    train: Source = None,
    reading: Reading = PLAIN,
) -> EvaluationNames:
    """Read the files, and split the training list as training did where that is all there is.

    Arguments:
        bundle: the model's.
        names: a file of names it has not seen; or names, or several lists.
        train: the file it was trained on; or those names or lists.
        reading: how these are to be read.

    Raises:
        CorpusError: a file is no list of names, has characters that the model does not know, or
            `train` is not what the model was trained on.
    """
    files = all(
        source is None or isinstance(source, str | os.PathLike) for source in (names, train)
    )
    if bundle.categories or not files or reading.in_rows or reading.by_file:
        from dino_names.evaluation.held_out_lists import choose_lists

        return choose_lists(bundle, names=names, train=train, reading=reading)
    return _choose(bundle, names, train, reading)  # type: ignore[arg-type]


def _choose(
    bundle: Bundle, names: FilePath | None, train: FilePath | None, reading: Reading
) -> EvaluationNames:
    training, warnings = read_with_repeats(train, reading) if train is not None else NOTHING
    learned, held_out = training, tuple[str, ...]()
    if train is not None:
        check_training(bundle, training, show(train))
        learned, held_out = split_as_trained(bundle, training)
    if names is not None:
        given, more = read_with_repeats(names, reading)
        check_known(given, bundle.vocabulary, show(names))
        return EvaluationNames(
            held_out=given,
            training=training,
            learned=learned,
            source=show(names),
            warnings=(*warnings, *more),
        )
    if train is None or not held_out:
        note = NOTHING_TO_READ if train is None else NONE_HELD_OUT
        return EvaluationNames(training=training, learned=learned, notes=(note,), warnings=warnings)
    return EvaluationNames(
        held_out=held_out,
        training=learned,
        learned=learned,
        split=True,
        source=f"names held out of {show(train)}",
        # In NumPy a base is tuned for a number of epochs, whatever is held out.
        notes=() if bundle.options.get("tuner") == "numpy" else (HELD_OUT,),
        warnings=warnings,
    )


def read_with_repeats(
    path: FilePath, reading: Reading = PLAIN
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a file in its order, those that come again among them, and its warnings.

    A test list is measured as it stands; training drops repeats.

    Raises:
        CorpusError: as `read_list`.
    """
    names = read_list(path, reading)
    if not names.repeats:
        return names.names, names.warnings
    rows = read_list(path, reading._replace(keep_repeats=True)).rows
    assert rows is not None
    return rows.names, names.warnings


def split_as_trained(
    bundle: Bundle, training: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What training learned from and held out, by the options that the model file keeps."""
    fraction, seed = bundle.options.get("valid_fraction"), bundle.options.get("seed")
    if not isinstance(fraction, float) or not isinstance(seed, int):
        return tuple(dict.fromkeys(training)), ()
    return split_names(training, fraction=fraction, seed=seed)


def check_training(bundle: Bundle, training: Sequence[str], source: str) -> None:
    """Refuse another list than a model was trained on.

    Raises:
        CorpusError: says how many of its names are in that list.
    """
    check_known(training, bundle.vocabulary, source)
    known = bundle.training_names
    if known is None or are_remembered(known, training):
        return
    distinct = sorted(set(training))
    shared = int(contains(known, distinct).sum())
    raise CorpusError(
        f"{source}: expected the list that the model was trained on ({len(known):,} names), "
        f"received one of {len(distinct):,} names, {shared:,} of them in it; name that list with "
        "--train."
    )


def check_known(names: Sequence[str], vocabulary: Vocabulary, source: str) -> None:
    """Refuse names with characters that a model does not know.

    Raises:
        CorpusError: says which characters, and how many names have some.
    """
    known = set(vocabulary.characters)
    strange = [name for name in names if not known.issuperset(name)]
    if not strange:
        return
    try:
        vocabulary.encode(strange[0])
    except PromptError as error:
        raise CorpusError(
            f"{source}: {error} Of {len(names):,} names {len(strange):,} have such "
            "characters; leave them out."
        ) from error
