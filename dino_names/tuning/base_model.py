"""The base that ships, or a model in its place: what a list's model starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dino_names.config import Architecture, Config
from dino_names.corpus import Vocabulary
from dino_names.errors import OptionError
from dino_names.generation import NameModel
from dino_names.modelfile import SHIPPED_BASE, Bundle
from dino_names.runs import MODEL_FILE, Run
from dino_names.storage import is_there, show
from dino_names.tuning.adamw import Directions
from dino_names.tuning.network import Weights
from dino_names.tuning.start import columns_for, start_from

NAMES = "names"
SHOWN = 20


def read_base(base: str) -> Bundle:
    """The model that a name or a path stands for.

    Arguments:
        base: `names` for the base that ships, a model file, or the folder of a run.

    Raises:
        ModelFileError: it is missing, of another kind, or not to be trusted.
        OptionError: it has what no training of ours goes on with.
    """
    if base == NAMES:
        return Bundle.read(SHIPPED_BASE)
    path = Path(base)
    bundle = Bundle.read(path / MODEL_FILE if is_there(path) and path.is_dir() else path)
    if bundle.categories:
        raise OptionError(f"base: expected a model without categories, received {show(path)}.")
    return bundle


def weights_for(bundle: Bundle, vocabulary: Vocabulary) -> Weights:
    """A base's weights for the characters of a list, see `start_from`."""
    return start_from(first_network(bundle), bundle.vocabulary, vocabulary)


def directions_for(bundle: Bundle, vocabulary: Vocabulary, *, faster: float) -> Directions | None:
    """In which directions of a base a list may differ from others; None where it has none.

    Arguments:
        bundle: the base.
        vocabulary: of the list.
        faster: times the learning rate.
    """
    if bundle.directions is None:
        return None
    input_bias, output_bias = bundle.directions
    columns = columns_for(output_bias, bundle.vocabulary, vocabulary)
    return Directions(input_bias=input_bias, output_bias=columns, faster=faster)


def first_network(bundle: Bundle) -> Weights:
    """The weights of a model of one network, under the names of `Architecture.shapes`."""
    prefix = "network0."
    tensors = bundle.tensors.items()
    return {n.removeprefix(prefix): tensor for n, tensor in tensors if n.startswith(prefix)}


def bundle_of(run: Run, category: str | None) -> Bundle:
    """What the model file of a run holds, or of one of its lists or a blend.

    Raises:
        OptionError: a text has no lists; or none was named of several that each add their own to
            the biases, so that no one network is all of them.
    """
    model = run.model()
    if category is not None:
        if not isinstance(model, NameModel):
            raise OptionError(
                "category: expected a run of names, received one of text; leave it out."
            )
        return model.category(category).bundle
    bundle = model.bundle
    if bundle.categories and bundle.directions is not None:
        labels = ", ".join(label for label, _ in bundle.categories[:SHOWN])
        raise OptionError(
            f"category: expected one of {labels}, since each list adds its own to the biases, "
            "received none; name one."
        )
    return bundle


def is_for_numpy(bundle: Bundle) -> bool:
    """Whether NumPy can tune it: one GRU above an embedding, for names."""
    sizes = bundle.architecture
    plain = Architecture(
        vocab_size=sizes.vocab_size, embedding_dim=sizes.embedding_dim, rnn_units=sizes.rnn_units
    )
    return sizes == plain and bundle.kind == "names" and bundle.start_boundary


def origin_of(base: Bundle, config: Config) -> dict[str, Any]:
    """What a model was started from, for `inspect`."""
    return {"base": config.train.base, "sha256": base.digest, "epochs": config.train.epochs}
