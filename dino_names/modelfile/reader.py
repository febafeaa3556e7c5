"""The reader of model files: it believes no number before the architecture has confirmed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from dino_names.config import Architecture
from dino_names.corpus import Vocabulary
from dino_names.errors import InputError, ModelFileError
from dino_names.modelfile.container import Container
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.metadata import digest_of, extra_sections, parse_metadata
from dino_names.modelfile.tensors import TRAINING_NAMES, Expected, expected_tensors

if TYPE_CHECKING:
    from dino_names.storage import FilePath

Model = TypeVar("Model")
# What is kept under the name that `Bundle` has for it.
PLAIN = ("kind", "start_boundary", "longest_name", "options", "partner")


def read_bundle(path: FilePath) -> Bundle:
    """Read a file that anybody may have made.

    Raises:
        ModelFileError: it is missing, of another kind, damaged or not to be trusted.
    """
    try:
        return _read(path)
    except InputError as error:
        raise refusal(path, str(error)) from error
    except OSError as error:
        received = f"expected to read it, received {error.strerror!r}; copy it again."
        raise refusal(path, received) from error


def _expected(
    architecture: Architecture, values: dict[str, Any], sections: dict[str, Any]
) -> tuple[Expected, Expected]:
    """The tensors that a file must hold, and which of them are weights stored in fewer bits."""
    if sections:
        from dino_names.modelfile.extras import check_sections, expected_extras

        check_sections(sections)
        if "training_filter" in sections and values["training_names"] is not None:
            raise ModelFileError("metadata: expected training_filter or training_names alone.")
    expected = expected_tensors(
        architecture,
        training_names=values["training_names"],
        partner=values["partner"],
        categories=len(sections.get("categories", ())),
    )
    if not sections:
        return expected, {}
    weights, more = expected_extras(architecture, sections)
    others = {name: kind for name, kind in expected.items() if name not in weights}
    return {**others, **weights, **more}, weights


def _read(path: FilePath) -> Bundle:
    with Container(path) as container:
        values = parse_metadata(container.metadata)
        architecture = Architecture(**values["architecture"])
        sections = extra_sections(values)
        expected, weights = _expected(architecture, values, sections)
        tensors = container.read(expected)
    digest = values.pop("sha256")
    if digest != digest_of(values, tensors):
        raise ModelFileError(
            "expected the content that its SHA-256 names, received other: the file is "
            "damaged; copy or export it again."
        )
    extras = {}
    if sections:
        from dino_names.modelfile.extras import from_stored
        from dino_names.modelfile.precision import decode

        extras = from_stored(sections, tensors)
        stored = {name: tensors.pop(name) for name in weights}
        tensors.update(decode(stored))
    extras.setdefault("training_names", tensors.pop(TRAINING_NAMES, None))
    return Bundle(
        architecture=architecture,
        vocabulary=Vocabulary(values["vocabulary"]),
        tensors=tensors,
        **values["defaults"],
        **{name: values[name] for name in PLAIN},
        **extras,
    )


def read_as(path: FilePath, make: Callable[[Bundle], Model]) -> Model:
    """The model of a file.

    Arguments:
        path: of the file.
        make: the class of model, or what finds it out.

    Raises:
        ModelFileError: the file is missing, of another kind, or not to be trusted.
    """
    bundle = Bundle.read(path)
    try:
        return make(bundle)
    except InputError as error:
        raise refusal(path, str(error)) from error


def refusal(path: FilePath, reason: str) -> ModelFileError:
    """The error for a model file, its path first."""
    from dino_names.storage import show  # a file that is not refused does without

    return ModelFileError(f"{show(path)}: {reason}")
