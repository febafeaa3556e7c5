"""What a model of several lists, or of names with weights, is measured on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dino_names.corpus import Names, Reading, Rows, Source, describe_data, read_data
from dino_names.errors import CorpusError
from dino_names.evaluation.held_out_names import (
    HELD_OUT,
    NONE_HELD_OUT,
    NOTHING_TO_READ,
    EvaluationNames,
    check_known,
    check_training,
    split_as_trained,
)
from dino_names.modelfile import Bundle

SHOWN = 20


def choose_lists(
    bundle: Bundle, *, names: Source, train: Source, reading: Reading
) -> EvaluationNames:
    """Read lists with what they say of each name; see `choose_names`.

    Arguments:
        bundle: the model's.
        names: that it has not seen; or None.
        train: what it was trained on; or None.
        reading: how these are to be read.

    Raises:
        CorpusError: as `choose_names`; they do not say of which category each name is, or there
            is no such category.
    """
    trained = None if train is None else _read(bundle, train, reading)
    learned, held_out = tuple[str, ...](), tuple[str, ...]()
    if trained is not None:
        check_training(bundle, trained.names, describe_data(trained)[0])
        learned, held_out = split_as_trained(bundle, trained.names)
    given = trained
    if names is not None:
        given = _read(bundle, names, reading)
        held_out = given.names
    read = [each for each in (trained, None if given is trained else given) if each is not None]
    warnings = tuple(warning for each in read for warning in each.warnings)
    about: dict[str, Any] = {
        "learned": learned,
        "learned_rows": _rows(bundle, trained, learned),
        "warnings": warnings,
    }
    if given is None or not held_out:
        note = NOTHING_TO_READ if train is None else NONE_HELD_OUT
        return EvaluationNames(training=learned, notes=(note,), **about)
    rows = _rows(bundle, given, held_out)
    assert rows is not None
    source = describe_data(given)[0]
    tuned = bundle.options.get("tuner") == "numpy"
    return EvaluationNames(
        held_out=rows.names,
        rows=rows,
        training=learned,
        split=names is None,
        source=source if names is not None else f"names held out of {source}",
        notes=(HELD_OUT,) if names is None and not tuned else (),
        **about,
    )


def _read(bundle: Bundle, source: Source, reading: Reading) -> Names:
    found = read_data(source, "names", reading)
    assert isinstance(found, Names)
    check_known(found.names, bundle.vocabulary, describe_data(found)[0])
    told = bool(found.labels) or isinstance(source, Mapping)
    if bundle.categories and not told:
        raise CorpusError(
            f"{describe_data(found)[0]}: expected to be told which category each name is of, since "
            "the model knows several lists; name --category-column, or the files with --by-file."
        )
    return found


def _rows(bundle: Bundle, found: Names | None, names: Sequence[str]) -> Rows | None:
    """The rows of some names with the model's own numbers of the categories, list after list.

    Raises:
        CorpusError: the model does not know a category.
    """
    if found is None or not names:
        return None
    rows, known = found.chosen(names), [label for label, _ in bundle.categories]
    if not known:
        return Rows(rows.names, (), rows.weights)
    strange = [label for label in found.labels if label not in known]
    if strange:
        raise CorpusError(
            f"{describe_data(found)[0]}: expected the model's categories "
            f"({', '.join(known[:SHOWN])}), received {strange[0]!r}."
        )
    tags = tuple(known.index(found.labels[tag]) for tag in rows.tags)
    return Rows(rows.names, tags, rows.weights).by_list()
