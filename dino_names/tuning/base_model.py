"""The base that ships, or a model in its place: what a list's model starts from."""

from __future__ import annotations

from pathlib import Path

from dino_names.config import Architecture
from dino_names.corpus import Vocabulary
from dino_names.errors import OptionError
from dino_names.modelfile import Bundle
from dino_names.storage import show
from dino_names.tuning.adamw import Directions
from dino_names.tuning.network import Weights
from dino_names.tuning.start import columns_for, start_from

NAMES = "names"
SHIPPED_BASE = Path(__file__).parents[1] / "models" / "base.safetensors"


def read_base(base: str) -> Bundle:
    """The model that a name or a path stands for.

    Arguments:
        base: `names` for the base that ships, or a model file.

    Raises:
        ModelFileError: it is missing, of another kind, or not to be trusted.
    """
    return Bundle.read(SHIPPED_BASE if base == NAMES else base)


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


def check_tunable(bundle: Bundle, base: str) -> None:
    """Refuse what NumPy does not tune: anything but one GRU above an embedding, for names.

    Raises:
        OptionError: says what was expected.
    """
    sizes = bundle.architecture
    expected = Architecture(
        vocab_size=sizes.vocab_size, embedding_dim=sizes.embedding_dim, rnn_units=sizes.rnn_units
    )
    if sizes != expected or bundle.kind != "names" or not bundle.start_boundary:
        raise OptionError(
            f"tuner: expected a base of names with one GRU above an embedding, received "
            f"{show(base)}; add --tuner keras."
        )
